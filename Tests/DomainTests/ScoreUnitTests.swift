import Domain
import Foundation
import Testing

@Suite struct ScoreUnits {
  private static let names = [
    "Indoor_1", "each scene", "simulated observers", "a, simulated observers", "«a»", "«", "",
    "NIQE (less is better)", "JOD", "JOD of S", "MOS", "piq23", "\u{301}x", "S, judged by people",
    "the cross-scene set",
  ]

  private static let scales: [ScoreUnit.Scale] =
    [.mos(dataSet: nil)]
    + [.eachScene, .crossScenes, .unstated].flatMap { [.jod($0), .piq23($0)] }
    + names.flatMap { name -> [ScoreUnit.Scale] in
      let own: [ScoreUnit.Scale] = [.own(name)]
      guard !name.isEmpty else { return own }
      return own + [
        .jod(.scene(SceneID(name))), .piq23(.scene(SceneID(name))), .mos(dataSet: name),
      ]
    }

  @Test(arguments: ScoreUnit.Direction.allCases, ScoreUnit.Origin.allCases)
  func textIsReadBack(direction: ScoreUnit.Direction, origin: ScoreUnit.Origin) throws {
    var seen: Set<String> = []
    for scale in Self.scales {
      let unit = ScoreUnit(scale, direction: direction, origin: origin)
      #expect(ScoreUnit(text: unit.text) == unit, "\(unit.text)")
      #expect(seen.insert(unit.text).inserted, "\(unit.text)")
      let json = try JSONEncoder().encode([unit])
      #expect(try JSONDecoder().decode([ScoreUnit].self, from: json) == [unit])
    }
  }

  /// What version 0.1.0 wrote into score files, model folders and provenance.
  @Test func textsOfTheFirstVersionAreRead() {
    let known: [(String, ScoreUnit)] = [
      ("JOD of Indoor_1", ScoreUnit(.jod(.scene("Indoor_1")))),
      ("JOD of each scene", ScoreUnit(.jod(.eachScene))),
      ("PIQ23 units (z-scored) of each scene", ScoreUnit(.piq23(.eachScene))),
      ("MOS", ScoreUnit(.mos(dataSet: nil))), ("JOD", ScoreUnit(.jod(.unstated))),
      ("JOD of simulated observers", ScoreUnit(.jod(.unstated), origin: .simulated)),
      ("NIQE (less is better)", ScoreUnit(.own("NIQE"), direction: .lowerIsBetter)),
      ("noise", ScoreUnit(.own("noise"))),
    ]
    for (text, unit) in known {
      #expect(ScoreUnit(text: text) == unit && unit.text == text, "\(text)")
    }
    #expect(ScoreUnit(text: "jod") == ScoreUnit(.jod(.unstated)))
    #expect(ScoreUnit(text: "piq23") == ScoreUnit(.piq23(.unstated)))
  }

  @Test func onlyEqualUnitsAgree() {
    let jod = ScoreUnit(.jod(.scene("A")))
    #expect(jod.agreement(with: jod) == .same)
    #expect(jod.agreement(with: ScoreUnit(.jod(.unstated))) == .same)
    #expect(jod.agreement(with: ScoreUnit(.jod(.eachScene))) == .ownOrigins)
    let others = [
      ScoreUnit(.jod(.scene("B"))), ScoreUnit(.piq23(.scene("A"))), ScoreUnit(.mos(dataSet: nil)),
      ScoreUnit(.own("JOD")), jod.with(origin: .simulated),
      ScoreUnit(.jod(.scene("A")), direction: .lowerIsBetter),
    ]
    for other in others {
      #expect(jod.agreement(with: other) == .different && other.agreement(with: jod) == .different)
    }
    #expect(
      ScoreUnit(.mos(dataSet: "a")).agreement(with: ScoreUnit(.mos(dataSet: "b"))) == .different)
  }
}
