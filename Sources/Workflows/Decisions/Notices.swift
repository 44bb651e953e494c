import Domain
import Files

/// Who judged, where it was no person: what a reader must know before the numbers.
enum Notices {
  /// Of votes.
  static func ofVotes(_ path: String) throws(InputError) -> [String] {
    guard try Provenance.read(beside: path)?.settings["simulated"] == .flag(true) else {
      return []
    }
    return ["The votes are those of SIMULATED observers; no person judged."]
  }

  /// Of a model's scores.
  static func ofScores(_ paths: [String]) throws(InputError) -> [String] {
    var units: Set<ScoreUnit> = []
    for path in paths { units.formUnion(try ModelScoresFile.read(path).compactMap(\.unit)) }
    return ["A model scored these photos; no person judged them for this verdict."]
      + (units.contains { $0.origin == .simulated }
        ? ["The model learned from SIMULATED observers."] : [])
  }
}
