import Domain
import Foundation
import Glibc
import Scaling
import Testing

/// The Swift side of `Benchmarks/scaling.py`, which names the votes in `VERNIER_BENCHMARK_VOTES` and reads the result beside them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["VERNIER_BENCHMARK_VOTES"] != nil))
struct SpeedTests {
  @Test func benchmark() throws {
    let path = ProcessInfo.processInfo.environment["VERNIER_BENCHMARK_VOTES"] ?? ""
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    let rows = lines.map { line -> Judgement in
      let row = line.split(separator: ",").map(String.init)
      return Judgement(
        observer: ObserverID(row[0]), scene: SceneID(row[1]), attribute: Attribute(row[2]),
        photoA: PhotoID(row[3]), photoB: PhotoID(row[4]), choice: row[5] == "a" ? .a : .b)
    }
    let scene = try #require(SceneJudgements.grouping(rows).first)
    let clock = ContinuousClock()
    var best: [String: Double] = [:]
    func record(_ name: String, _ work: () throws -> Void) rethrows {
      let before = processorSeconds()
      let elapsed = try clock.measure(work)
      let processor = processorSeconds() - before
      best[name + ", processor"] = min(best[name + ", processor"] ?? .infinity, processor)
      let seconds =
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      best[name] = min(best[name] ?? .infinity, seconds)
    }
    var low: [Double] = []
    for _ in 0..<5 {
      var settings = ScalingSettings()
      var scaled: ScaledScene?
      try record("fit and 1000 bootstraps") { scaled = try scaleScene(scene, settings: settings) }
      guard let scaled else { continue }
      low = scaled.scale.photos.map(\.interval.low)
      try record("levels and clusters") { _ = try analyseScene(scaled) }
      try record("levels and clusters piq23") {
        _ = try analyseScene(scaled, mode: .piq23(bootstraps: 300))
      }
      settings.threads = 1
      try record("one thread") {
        let single = try scaleScene(scene, settings: settings)
        #expect(single.bootstrap == scaled.bootstrap)
      }
      settings.bootstraps = 0
      try record("fit alone") { _ = try scaleScene(scene, settings: settings) }
    }
    let jod = try scaleScene(scene).fit.jod
    let result: [String: Any] = ["seconds": best, "jod": jod, "low": low]
    let json = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys])
    try json.write(to: URL(filePath: path + ".json"))
  }
}

/// The seconds that all threads of this process have computed.
private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
