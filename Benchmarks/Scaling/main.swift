import Domain
import Foundation
import Glibc
import Scaling

// Times a fit with 1,000 bootstraps, its parts, and levels and clusters; called by scaling.py,
// which also compares `jod`.
guard CommandLine.arguments.count == 2 else {
  print("usage: scaling-benchmark VOTES     (observer,scene,attribute,image_a,image_b,choice)")
  exit(2)
}
let lines = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
  .split(separator: "\n").dropFirst()
let judgements = lines.map { line -> Judgement in
  let row = line.split(separator: ",").map(String.init)
  return Judgement(
    observer: ObserverID(row[0]), scene: SceneID(row[1]), attribute: Attribute(row[2]),
    photoA: PhotoID(row[3]), photoB: PhotoID(row[4]), choice: row[5] == "a" ? .a : .b)
}
guard let scene = SceneJudgements.grouping(judgements).first else {
  print("scaling-benchmark: the file holds no votes")
  exit(2)
}

/// The least wall time and the least processor time of each work, in seconds.
struct BestTimes {
  var seconds: [String: Double] = [:]

  mutating func record(_ name: String, _ work: () throws -> Void) rethrows {
    let before = clock()
    let wall = try ContinuousClock().measure(work) / .seconds(1)
    let processor = Double(clock() - before) / Double(CLOCKS_PER_SEC)
    seconds[name] = min(seconds[name] ?? .infinity, wall)
    seconds[name + ", processor"] = min(seconds[name + ", processor"] ?? .infinity, processor)
  }
}

var best = BestTimes()
for _ in 0..<5 {
  var settings = ScalingSettings()
  var fitted: ScaledScene?
  try best.record("fit and 1000 bootstraps") { fitted = try scaleScene(scene, settings: settings) }
  guard let scaled = fitted else { continue }
  try best.record("levels and clusters") { _ = try analyseScene(scaled) }
  try best.record("levels and clusters piq23") {
    _ = try analyseScene(scaled, mode: .piq23(bootstraps: 300))
  }
  settings.threads = 1
  try best.record("one thread") { _ = try scaleScene(scene, settings: settings) }
  settings.bootstraps = 0
  try best.record("fit alone") { _ = try scaleScene(scene, settings: settings) }
}
let result: [String: Any] = ["seconds": best.seconds, "jod": try scaleScene(scene).fit.jod]
let json = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys])
print(String(decoding: json, as: UTF8.self))
