import Comparison
import Domain
import Foundation
import Scaling
import Statistics

// Fits votes and plans the next n − 1 pairs as `vernier next-pairs` does; called by sampling.py.
// Prints the best times of 7 runs in seconds, as JSON.
guard CommandLine.arguments.count == 2 else {
  print("usage: sampling-benchmark VOTES     (rows winner,loser: numbers of photos from 0)")
  exit(2)
}
let path = CommandLine.arguments[1]
let pairs = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
  line -> ComparisonMatrix.Pair in
  let photos = line.split(separator: ",").compactMap { Int($0) }
  guard photos.count == 2, photos[0] != photos[1], photos.allSatisfy({ $0 >= 0 }) else {
    throw InputError(path, "has the line «\(line)»", remedy: "write winner,loser in each")
  }
  let pair = PhotoPair(photos[0], photos[1])
  let firstWins = pair.first == photos[0]
  return .init(
    first: pair.first, second: pair.second, firstWins: firstWins ? 1 : 0,
    secondWins: firstWins ? 0 : 1)
}
let count = 1 + (pairs.map { max($0.first, $0.second) }.max() ?? 0)
let matrix = ComparisonMatrix(count: count, pairs: pairs)
/// The least wall time of each work, in seconds.
struct BestTimes {
  var seconds: [String: Double] = [:]

  mutating func record(_ name: String, _ work: () throws -> Void) rethrows {
    seconds[name] = min(
      seconds[name] ?? .infinity, try ContinuousClock().measure(work) / .seconds(1))
  }
}

var best = BestTimes()
var generator = SeededGenerator(seed: 1)
for _ in 0..<7 {
  var fitted: ScaleFit?
  try best.record("fit") { fitted = try fitScale(matrix) }
  guard let fit = fitted else { continue }
  for (name, criterion) in [
    ("information gain", PairCriterion.informationGain), ("error reduction", .errorReduction),
  ] {
    try best.record(name) {
      _ = try nextPairs(
        posterior: QualityPosterior(means: fit.jod, covariance: fit.covariance), count: count - 1,
        criterion: criterion, using: &generator)
    }
  }
}
let json = try JSONSerialization.data(withJSONObject: best.seconds, options: [.sortedKeys])
print(String(decoding: json, as: UTF8.self))
