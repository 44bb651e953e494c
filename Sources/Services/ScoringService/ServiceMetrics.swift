import Metrics
import NIOConcurrencyHelpers

/// The service's numbers in Prometheus' text format.
///
/// A back end of swift-metrics that knows counters, gauges and histograms with fixed buckets.
final class ServiceMetrics: MetricsFactory {
  /// The upper ends of a histogram's buckets, by the label's name.
  static let buckets: [String: [Double]] = [
    "vernier_request_seconds": [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    "vernier_score": [-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6],
    "vernier_novelty": [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10],
  ]

  private struct Key: Hashable, Comparable {
    let label: String
    let dimensions: String

    static func < (a: Self, b: Self) -> Bool { (a.label, a.dimensions) < (b.label, b.dimensions) }
  }

  private enum Value {
    case counter(Int64)
    case gauge(Double)
    case histogram(counts: [Int64], sum: Double)
  }

  private let values = NIOLockedValueBox<[Key: Value]>([:])

  /// One named number, whatever its kind.
  private final class Handler: CounterHandler, RecorderHandler, MeterHandler, TimerHandler {
    let key: Key
    let metrics: ServiceMetrics

    init(_ key: Key, _ metrics: ServiceMetrics) { (self.key, self.metrics) = (key, metrics) }

    func increment(by amount: Int64) { metrics.add(amount, to: key) }
    func reset() {}
    func record(_ value: Int64) { metrics.observe(Double(value), in: key) }
    func record(_ value: Double) { metrics.observe(value, in: key) }
    func set(_ value: Int64) { metrics.set(Double(value), of: key) }
    func set(_ value: Double) { metrics.set(value, of: key) }
    func increment(by amount: Double) { metrics.change(key, by: amount) }
    func decrement(by amount: Double) { metrics.change(key, by: -amount) }
    func recordNanoseconds(_ duration: Int64) { metrics.observe(Double(duration) / 1e9, in: key) }
  }

  private func handler(_ label: String, _ dimensions: [(String, String)]) -> Handler {
    let text = dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    return Handler(Key(label: label, dimensions: text), self)
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    handler(label, dimensions)
  }
  func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler { handler(label, dimensions) }
  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    handler(label, dimensions)
  }
  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    handler(label, dimensions)
  }
  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
  func destroyMeter(_ handler: any MeterHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}

  private func add(_ amount: Int64, to key: Key) {
    values.withLockedValue { values in
      var total: Int64 = 0
      if case .counter(let before)? = values[key] { total = before }
      values[key] = .counter(total + amount)
    }
  }

  private func set(_ value: Double, of key: Key) {
    values.withLockedValue { $0[key] = .gauge(value) }
  }

  private func change(_ key: Key, by amount: Double) {
    values.withLockedValue { values in
      var before = 0.0
      if case .gauge(let value)? = values[key] { before = value }
      values[key] = .gauge(before + amount)
    }
  }

  private func observe(_ value: Double, in key: Key) {
    let ends = Self.buckets[key.label] ?? []
    let place = ends.firstIndex { value <= $0 } ?? ends.count
    values.withLockedValue { values in
      var counts = [Int64](repeating: 0, count: ends.count + 1)
      var sum = 0.0
      if case .histogram(let known, let total)? = values[key] { (counts, sum) = (known, total) }
      counts[place] += 1
      values[key] = .histogram(counts: counts, sum: sum + value)
    }
  }

  /// All numbers, in Prometheus' text format 0.0.4.
  func text() -> String {
    let all = values.withLockedValue { $0 }.sorted { $0.key < $1.key }
    var lines: [String] = []
    var label = ""
    for (key, value) in all {
      let kind: String
      switch value {
      case .counter: kind = "counter"
      case .gauge: kind = "gauge"
      case .histogram: kind = "histogram"
      }
      if key.label != label { lines.append("# TYPE \(key.label) \(kind)") }
      label = key.label
      let dimensions = key.dimensions.isEmpty ? "" : "{\(key.dimensions)}"
      switch value {
      case .counter(let count): lines.append("\(key.label)\(dimensions) \(count)")
      case .gauge(let number): lines.append("\(key.label)\(dimensions) \(number)")
      case .histogram(let counts, let sum):
        var total: Int64 = 0
        let prefix = key.dimensions.isEmpty ? "" : key.dimensions + ","
        let ends = Self.buckets[key.label] ?? []
        for (place, count) in counts.enumerated() {
          total += count
          let end = place < ends.count ? "\(ends[place])" : "+Inf"
          lines.append("\(key.label)_bucket{\(prefix)le=\"\(end)\"} \(total)")
        }
        lines.append("\(key.label)_sum\(dimensions) \(sum)")
        lines.append("\(key.label)_count\(dimensions) \(total)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : $0.isNewline ? "\\n" : "\($0)" }.joined()
  }
}
