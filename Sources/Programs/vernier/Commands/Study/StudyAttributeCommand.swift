import ArgumentParser
import Domain
import Files
import Foundation
import Studies

/// Adds or changes an attribute of a study.
struct StudyAttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute",
    abstract: "Add an attribute, or change its region rule and guidelines.",
    discussion: """
      Options that are not given keep their values. vernier study list STUDY --of attributes shows \
      all. Guidelines, name and question are versioned; observers see the newest, and every vote \
      records which. The owner's page Guidelines edits them with examples.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Argument(help: "The attribute's name.")
  var name: String
  @Option(help: "What its regions show: face or full.")
  var region: String?
  @Option(help: "The size of its regions in megapixels.")
  var megapixels: Double?
  @Option(help: "A text file with the guidelines for observers; **…** is strong.")
  var guidelines: String?
  @Option(help: "The attribute's name on observers' pages.")
  var title: String?
  @Option(help: "The question above each pair.")
  var question: String?
  @Option(help: "The language of the guidelines, title and question: en or fr.")
  var language = "en"

  func run() throws {
    try StudyAccess.change(study) { opened in
      let known = try opened.attributes().first { $0.attribute == Attribute(name) }
      var attribute =
        known
        ?? StudyAttribute(
          RegionRule(attribute: Attribute(name), isCutAroundFace: false, targetPixels: 2_500_000))
      switch region {
      case "face": attribute.rule.isCutAroundFace = true
      case "full": attribute.rule.isCutAroundFace = false
      case nil: break
      case let other?:
        throw InputError("--region", "«\(other)» is not a region", remedy: "give face or full")
      }
      if let megapixels {
        guard megapixels.isFinite, (0.01...100).contains(megapixels) else {
          throw InputError(
            "--megapixels", "\(megapixels) can't be used", remedy: "give 0.01 to 100")
        }
        attribute.rule.targetPixels = Int((megapixels * 1e6).rounded())
      }
      let written = try texts(opened)
      try opened.set(attribute)
      if let written {
        let version = try opened.keep(written)
        Messages.say("\(name): guidelines \(language)-\(version)")
      }
      Messages.say(
        "\(attribute.attribute): \(attribute.rule.isCutAroundFace ? "face" : "whole photo"), "
          + "\(attribute.rule.targetPixels) pixels")
    }
  }

  /// The guidelines with what was given; nil when nothing was.
  private func texts(_ opened: StudyStore) throws -> StudyGuidelines? {
    guard guidelines != nil || title != nil || question != nil else { return nil }
    var texts =
      try opened.guidelines(of: Attribute(name), language: language)
      ?? StudyGuidelines(attribute: Attribute(name), language: language, text: "")
    if let title { texts.name = title }
    if let question { texts.question = question }
    if let guidelines {
      let bytes = try InputFile.read(guidelines, maximumBytes: 1 << 20)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw InputError(guidelines, "is not UTF-8 text", remedy: "save it as UTF-8")
      }
      texts.text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return texts
  }
}
