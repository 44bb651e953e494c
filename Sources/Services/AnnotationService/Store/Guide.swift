import Domain
import Files
import Foundation
import GRDB
import Studies

/// What an observer is told about an attribute: the study's own texts, else the program's.
struct Guide: Codable, Sendable {
  /// A part of a picture.
  struct Example: Codable, Sendable {
    var src: String
    var isGood: Bool
    var caption: String
    var x: Double
    var y: Double
  }

  /// What a vote records, such as `en-3`; the program's own texts are named by their content.
  var version: String
  var name: String
  /// The question; empty for the page's own.
  var question: String
  var text: String
  var examples: [Example]
}

extension AnnotationStudy {
  /// The guidelines of an attribute in a language: the study's, in another language if it has no
  /// other, else the program's.
  static func guide(_ db: Database, _ attribute: String, _ language: String) throws -> Guide {
    try guide(db, attribute, language, own: own(db, attribute, language))
  }

  /// The guidelines that a page would show if these were the study's.
  static func guide(
    _ db: Database, _ attribute: String, _ language: String, own: StudyGuidelines?
  ) throws -> Guide {
    let texts = Texts.all[language] ?? Texts.chosen(nil, accepted: nil)
    let key = "guide.\(attribute)"
    let program = texts(texts.has(key) ? key : "guide.other")
    let text = own.flatMap { $0.text.isEmpty ? nil : $0.text } ?? program
    let examples = try (own?.examples ?? []).compactMap { example -> Guide.Example? in
      let source = try db.value(
        String.self,
        sql: """
          SELECT r.sha256 FROM annotation_roi r JOIN annotation_image i ON i.id = r.image
          WHERE i.scene = ? AND i.photo = ? AND r.attribute = ? AND i.state = 'active'
          """, arguments: [example.scene, example.photo, attribute])
      return source.map {
        Guide.Example(
          src: "/img/\($0)", isGood: example.isGood, caption: example.caption, x: example.x,
          y: example.y)
      }
    }
    return Guide(
      version: own?.label ?? programVersion(texts, attribute),
      name: name(of: attribute, own, texts), question: own?.question ?? "", text: text,
      examples: examples)
  }

  /// The attribute's name: the study's, else the program's, else the attribute's own.
  static func name(of attribute: String, _ own: StudyGuidelines?, _ texts: Texts) -> String {
    if let name = own?.name, !name.isEmpty { return name }
    let key = "attribute.\(attribute)"
    return texts.has(key) ? texts(key) : attribute
  }

  /// The study's own texts, in the wanted language before any other.
  static func own(
    _ db: Database, _ attribute: String, _ language: String
  ) throws -> StudyGuidelines? {
    for wish in [language] + StudyGuidelines.languages.filter({ $0 != language }) {
      if let found = try StudyStore.guidelines(db, attribute, wish) { return found }
    }
    return nil
  }

  /// The version of the guidelines that hold now.
  static func guidelinesVersion(
    _ db: Database, _ attribute: String, _ language: String
  ) throws -> String {
    for wish in [language] + StudyGuidelines.languages.filter({ $0 != language }) {
      let version = try db.value(
        Int.self,
        sql: """
          SELECT max(version) FROM annotation_guidelines WHERE attribute = ? AND language = ?
          """, arguments: [attribute, wish])
      if let version { return "\(wish)-\(version)" }
    }
    return programVersion(Texts.all[language] ?? Texts.chosen(nil, accepted: nil), attribute)
  }

  private static func programVersion(_ texts: Texts, _ attribute: String) -> String {
    let key = "guide.\(attribute)"
    let text = texts(texts.has(key) ? key : "guide.other")
    let digest = FileDigest.sha256(Array(text.utf8)).prefix(8)
    return "program-\(texts.language)-\(digest)"
  }

  /// Whether there are such guidelines of an attribute.
  static func isVersion(
    _ db: Database, _ version: String, of attribute: String
  ) throws -> Bool {
    if Texts.all.values.contains(where: { programVersion($0, attribute) == version }) {
      return true
    }
    let parts = version.split(separator: "-")
    guard parts.count == 2, let number = Int(parts[1]) else { return false }
    return try db.value(
      Bool.self,
      sql: """
        SELECT EXISTS (SELECT 1 FROM annotation_guidelines
          WHERE attribute = ? AND language = ? AND version = ?)
        """, arguments: [attribute, String(parts[0]), number]) ?? false
  }

  /// Keeps a new version of an attribute's guidelines.
  func keep(_ guidelines: StudyGuidelines, author: String) async throws -> Int {
    let time = clock()
    return try await commits.write { db in
      try StudyStore.keep(db, guidelines, author: author, at: time)
    }
  }
}
