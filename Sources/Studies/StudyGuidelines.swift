public import Domain
internal import Files
public import Foundation
package import GRDB

/// What observers are asked about an attribute, in one language; a study keeps every version.
public struct StudyGuidelines: Hashable, Sendable, Codable {
  /// A part of a photo that shows what is meant.
  public struct Example: Hashable, Sendable, Codable {
    /// The scene of the photo.
    public var scene: String
    /// The photo.
    public var photo: String
    /// Whether it shows what is wanted.
    public var isGood: Bool
    /// What is to be seen; empty for nothing.
    public var caption: String
    /// The middle of the part, as a share of the region's width.
    public var x: Double
    /// The middle of the part, as a share of the region's height.
    public var y: Double

    /// Makes an example.
    public init(
      scene: String, photo: String, isGood: Bool, caption: String = "", x: Double = 0.5,
      y: Double = 0.5
    ) {
      (self.scene, self.photo, self.isGood) = (scene, photo, isGood)
      (self.caption, self.x, self.y) = (caption, x, y)
    }
  }

  /// The attribute.
  public var attribute: String
  /// The language, such as `en`.
  public var language: String
  /// The version, from 1; nil before it is kept.
  public var version: Int?
  /// The attribute's name for observers; empty for the program's, or the attribute's own.
  public var name: String
  /// The question above the pair; empty for the program's.
  public var question: String
  /// What to look at: blank lines part paragraphs, `**…**` is strong.
  public var text: String
  /// Parts of photos, in their order.
  public var examples: [Example]

  /// Makes guidelines.
  public init(
    attribute: Attribute, language: String, name: String = "", question: String = "",
    text: String, examples: [Example] = []
  ) {
    (self.attribute, self.language, version) = (attribute.text, language, nil)
    (self.name, self.question, self.text, self.examples) = (name, question, text, examples)
  }

  /// What a vote records: language and version, such as `en-3`.
  public var label: String { "\(language)-\(version ?? 0)" }

  /// The languages that observers' pages have.
  public static let languages = ["en", "fr"]
}

extension StudyStore {
  /// The newest guidelines of an attribute in a language; nil where the study has none of its own.
  public func guidelines(
    of attribute: Attribute, language: String
  ) throws -> StudyGuidelines? {
    try read { try Self.guidelines($0, attribute.text, language) }
  }

  /// Keeps a new version of an attribute's guidelines; the same text again is no new version.
  ///
  /// - Returns: the version.
  /// - Throws: `InputError` for a language without pages, a text that is too long, and a photo that
  ///   the study has no region of.
  @discardableResult
  public func keep(
    _ guidelines: StudyGuidelines, author: String = "program", at time: Date = Date()
  ) throws -> Int {
    try write { try Self.keep($0, guidelines, author: author, at: time) }
  }

  /// The newest guidelines of an attribute in a language.
  package static func guidelines(
    _ db: Database, _ attribute: String, _ language: String
  ) throws -> StudyGuidelines? {
    let row = try db.row(
      sql: """
        SELECT * FROM annotation_guidelines WHERE attribute = ? AND language = ?
        ORDER BY version DESC LIMIT 1
        """, arguments: [attribute, language])
    guard let row else { return nil }
    var found = StudyGuidelines(
      attribute: Attribute(row["attribute"]), language: row["language"], name: row["name"],
      question: row["question"], text: row["text"])
    found.version = row["version"]
    found.examples = try db.rows(
      sql: """
        SELECT e.*, i.scene, i.photo FROM annotation_example e
        JOIN annotation_image i ON i.id = e.image WHERE e.guidelines = ? ORDER BY e.position
        """, arguments: [row["id"] as Int64]
    ).map {
      StudyGuidelines.Example(
        scene: $0["scene"], photo: $0["photo"], isGood: $0["is_good"], caption: $0["caption"],
        x: $0["x"], y: $0["y"])
    }
    return found
  }

  /// Keeps a new version in the running transaction.
  package static func keep(
    _ db: Database, _ guidelines: StudyGuidelines, author: String, at time: Date
  ) throws -> Int {
    try check(guidelines)
    let known = try Self.guidelines(db, guidelines.attribute, guidelines.language)
    var same = guidelines
    same.version = known?.version
    if let known, known == same, let version = known.version { return version }
    let version = (known?.version ?? 0) + 1
    let at = time.milliseconds
    try db.execute(
      sql: """
        INSERT INTO annotation_guidelines
          (attribute, language, version, name, question, text, author, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        guidelines.attribute, guidelines.language, version, guidelines.name, guidelines.question,
        guidelines.text, author, at,
      ])
    let id = db.lastInsertedRowID
    for (place, example) in guidelines.examples.enumerated() {
      let image = try Int64.fetchOne(
        db,
        sql: """
          SELECT i.id FROM annotation_image i JOIN annotation_roi r ON r.image = i.id
          WHERE i.scene = ? AND i.photo = ? AND r.attribute = ? AND i.state = 'active'
          """, arguments: [example.scene, example.photo, guidelines.attribute])
      guard let image else {
        throw InputError(
          "\(example.scene)/\(example.photo)",
          "the study has no \(guidelines.attribute) region of this photo",
          remedy: "choose a photo of the study")
      }
      try db.execute(
        sql: "INSERT INTO annotation_example VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [id, place, image, example.isGood, example.caption, example.x, example.y])
    }
    // The study's own list of attributes shows the newest English text.
    if guidelines.language == "en" {
      try db.execute(
        sql: "UPDATE study_attribute SET guidelines = ? WHERE name = ?",
        arguments: [guidelines.text, guidelines.attribute])
    }
    try AuditTrail.append(
      db, at, actor: author, .guidelines,
      [
        "attribute": guidelines.attribute, "version": "\(guidelines.language)-\(version)",
        "text": FileDigest.sha256(Array(guidelines.text.utf8)),
      ])
    return version
  }

  private static func check(_ guidelines: StudyGuidelines) throws(InputError) {
    guard StudyGuidelines.languages.contains(guidelines.language) else {
      throw InputError(
        guidelines.language, "pages have no such language",
        remedy: "give \(StudyGuidelines.languages.joined(separator: " or "))")
    }
    let fields = [
      ("name", guidelines.name, 60), ("question", guidelines.question, 200),
      ("text", guidelines.text, 8000),
    ]
    for (field, text, most) in fields where text.count > most {
      throw InputError(
        "guidelines of \(guidelines.attribute)", "the \(field) has more than \(most) characters",
        remedy: "shorten it")
    }
    guard guidelines.examples.count <= 8 else {
      throw InputError(
        "guidelines of \(guidelines.attribute)", "there are more than 8 examples",
        remedy: "leave some out")
    }
    for example in guidelines.examples
    where example.caption.count > 200 || !(0...1).contains(example.x)
      || !(0...1).contains(example.y)
    {
      throw InputError(
        "\(example.scene)/\(example.photo)", "its caption or its place can't be used",
        remedy: "write at most 200 characters, and give shares from 0 to 1")
    }
  }
}
