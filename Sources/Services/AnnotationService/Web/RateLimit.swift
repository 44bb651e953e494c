import Foundation
import NIOConcurrencyHelpers

/// Token buckets by key: a number of requests at once, and a rate per second.
final class RateLimit: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: Double
  }

  private let burst: Double
  private let perSecond: Double
  private let buckets = NIOLockedValueBox<[Data: Bucket]>([:])

  init(burst: Int, perSecond: Double) {
    self.burst = Double(burst)
    self.perSecond = perSecond
  }

  /// Whether one more request of a key is allowed at a time in seconds.
  func allows(_ key: Data, at time: Double) -> Bool {
    buckets.withLockedValue { buckets in
      if buckets.count > 10_000 {
        // A full bucket is the same as none.
        buckets = buckets.filter { $0.value.tokens + (time - $0.value.at) * perSecond < burst }
      }
      var bucket = buckets[key] ?? Bucket(tokens: burst, at: time)
      bucket.tokens = min(burst, bucket.tokens + max(0, time - bucket.at) * perSecond)
      bucket.at = time
      let isAllowed = bucket.tokens >= 1
      if isAllowed { bucket.tokens -= 1 }
      buckets[key] = bucket
      return isAllowed
    }
  }

  /// Takes back a request that was counted before its outcome was known.
  func giveBack(_ key: Data) {
    buckets.withLockedValue { buckets in
      guard let tokens = buckets[key]?.tokens else { return }
      buckets[key]?.tokens = min(burst, tokens + 1)
    }
  }
}
