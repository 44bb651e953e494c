public import Domain
internal import Foundation

/// Battles of Chatbot Arena, as its public data sets hold them: `model_a`, `model_b`, `winner`,
/// `judge`.
///
/// JSON (a list of objects, or one object a line), or CSV with `winner` or
/// `winner_model_a,winner_model_b,winner_tie`. `winner` is `model_a`, `model_b`, or one of several
/// ties; the scene and attribute are `scene` and `attribute`, which ``write(_:to:)`` adds and the
/// public files lack.
public enum ArenaFile {
  /// Reads battles as votes.
  ///
  /// - Throws: `InputError` for files of another shape, and for winners that aren't known.
  public static func read(
    _ path: String, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    let bytes = try InputFile.read(path, maximumBytes: 1 << 31)
    guard let first = bytes.first(where: { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) }),
      first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    else { return try table(CSVTable(bytes: bytes, file: path), settings: settings) }
    let battles =
      first == UInt8(ascii: "[")
      ? try decode([Battle].self, bytes[...], path) : try lines(bytes, path)
    var result = ImportedOpinions()
    var (same, unknown, bad) = (0, 0, 0)
    for (index, battle) in battles.enumerated() {
      guard let choice = choice(battle.winner) else {
        throw InputError(
          "\(path), battle \(index + 1)",
          "the winner \(CSVTable.quoted(battle.winner)) is not known",
          remedy: "write model_a, model_b or tie")
      }
      if battle.winner.lowercased().contains("bad") { bad += 1 }
      guard battle.modelA != battle.modelB else {
        same += 1
        continue
      }
      let judge = battle.judge?.text ?? battle.user?.text ?? battle.session?.text
      if judge == nil { unknown += 1 }
      result.votes.append(
        Judgement(
          observer: judge.map { ObserverID($0) } ?? ImportedOpinions.unknownObserver,
          scene: battle.scene.map { SceneID($0) } ?? settings.sceneOrAll,
          attribute: battle.attribute.map { Attribute($0) } ?? settings.attributeOrOverall,
          photoA: PhotoID(battle.modelA), photoB: PhotoID(battle.modelB), choice: choice))
    }
    result.note(same, "battle is", "battles are", "between a model and itself: left out.")
    result.note(bad, "answer is", "answers are", "«both bad»: taken as a tie.")
    result.note(unknown, "battle names", "battles name", "no judge: the observer is «unknown».")
    guard !result.votes.isEmpty else {
      throw InputError(path, "holds no battles", remedy: "give model_a, model_b and winner")
    }
    return result
  }

  /// Writes votes as a list of battles.
  public static func write(_ votes: [Judgement], to path: String) throws(InputError) {
    try AtomicFile.write(text(votes), to: path)
  }

  /// Votes as the text of a list of battles.
  public static func text(_ votes: [Judgement]) throws(InputError) -> String {
    let winners: [Choice: String] = [.a: "model_a", .b: "model_b", .tie: "tie"]
    let battles = votes.map { vote in
      Battle(
        modelA: vote.photoA.text, modelB: vote.photoB.text, winner: winners[vote.choice] ?? "tie",
        judge: Battle.Name(text: vote.observer.text), user: nil, session: nil,
        scene: vote.scene.text, attribute: vote.attribute.text)
    }
    return try CanonicalJSON.document(battles)
  }

  private struct Battle: Codable {
    /// A name, a number or a list of names.
    struct Name: Codable {
      let text: String

      init(text: String) { self.text = text }

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
          self.text = text
        } else if let number = try? value.decode(Int.self) {
          text = "\(number)"
        } else {
          text = try value.decode([String].self).joined(separator: " ")
        }
      }

      func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(text)
      }
    }

    let modelA: String
    let modelB: String
    let winner: String
    let judge: Name?
    let user: Name?
    let session: Name?
    let scene: String?
    let attribute: String?

    enum CodingKeys: String, CodingKey {
      case modelA = "model_a"
      case modelB = "model_b"
      case user = "user_id"
      case session = "evaluation_session_id"
      case winner, judge, scene, attribute
    }
  }

  private static func choice(_ winner: String) -> Choice? {
    switch winner.lowercased() {
    case "model_a": .a
    case "model_b": .b
    case "tie", "tie (bothbad)", "tie (both bad)", "both_bad", "bothbad": .tie
    default: nil
    }
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ bytes: ArraySlice<UInt8>, _ place: String
  ) throws(InputError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw InputError(
        place, "holds no battles that can be read",
        remedy: "give JSON objects with model_a, model_b and winner, in a list or one a line")
    }
  }

  private static func lines(_ bytes: [UInt8], _ path: String) throws(InputError) -> [Battle] {
    var battles: [Battle] = []
    for (index, line) in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() where line.contains(where: { $0 > 0x20 }) {
      battles.append(try decode(Battle.self, line, "\(path), line \(index + 1)"))
    }
    return battles
  }

  /// Reads the form of CSV files: one column for the winner, or one for each outcome.
  private static func table(
    _ table: CSVTable, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    var known = VoteColumns()
    known.columns = [.imageA: ["model_a"], .imageB: ["model_b"], .choice: ["winner"]]
    known.choices = [
      "model_a": .a, "model_b": .b, "tie": .tie, "tie (bothbad)": .tie, "both_bad": .tie,
    ]
    if let judge = ["judge", "user_id"].first(where: table.columns.contains) {
      known.columns[.observer] = [judge]
    }
    if !table.columns.contains("winner"), table.columns.contains("winner_model_a") {
      known.columns[.choice] = ["winner_model_a", "winner_model_b"]
      known.choices = ["1_0": .a, "0_1": .b, "0_0": .tie]
    }
    var all = settings
    all.columns = settings.columns.filled(from: known)
    return try MappedTable(table, settings: all).read()
  }
}
