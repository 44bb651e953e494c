import ArgumentParser
import Documents
import Domain
import Evaluation
import EvaluationWorkflow
import Files

/// Draws and checks splits.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Split photos into train, valid and test parts without leaks between them.",
    discussion: """
      --apart image: photos drawn in every scene. --apart scene, device or person: whole scenes, \
      cameras or persons; several together keep all of them apart. The test part is drawn first, \
      validation is taken from the remaining training part. With --from, a published split keeps \
      its test part and only validation is drawn. With --check, nothing is drawn. Every split is \
      checked, and a leak is an error.
      """)

  @Option(
    help: "The scores whose photos are split (Scores_*.csv); may be given for each attribute.")
  var scores: [String]
  @Option(
    name: .customLong("apart"), help: "What parts must not share.")
  var apart: [SplitUnit]
  @Option(name: .customLong("test"), help: "The share of the photos held out for testing.")
  var testShare = 0.3
  @Option(name: .customLong("valid"), help: "The share of the rest used to choose the checkpoint.")
  var validShare = 0.15
  @Option(help: "Seed of the draw.")
  var seed: UInt64 = 1
  @Option(help: "The camera of each photo: Image,Device (Image Metadata.csv).")
  var devices: String?
  @Option(help: "The person shown: IMAGE,PERSON or SCENE,PERSON.")
  var persons: String?
  @Option(help: "The folder of the photos, to find the same file under two names.")
  var images: String?
  @Option(help: "A published split (Scene Split.csv, Device Split.csv) that keeps its test part.")
  var from: String?
  @Option(help: "A split to check; nothing is written.")
  var check: String?
  @Option(help: "The CSV to write: SCENE,SPLIT,NB IMAGES or IMAGE,SPLIT.")
  var out: String?

  func run() throws {
    guard (check == nil) != (out == nil), check == nil || from == nil else {
      throw InputError(
        "split", "it draws a split or checks one", remedy: "give --out FILE, or --check FILE alone")
    }
    var settings = SplitSettings(apart: Set(apart))
    (settings.testShare, settings.validShare, settings.seed) = (testShare, validShare, seed)
    let origins = try PhotoOrigins.read(
      scores: scores, devices: devices, persons: persons, images: images)
    let given = try (check ?? from).map { path throws(InputError) in
      try PhotoOrigins.parts(of: origins, in: path)
    }
    let parts: [SplitPart]
    if let given, check != nil {
      parts = given
    } else {
      parts = try drawSplit(origins, settings: settings, fixed: given)
    }
    print(PhotoOrigins.table(origins, parts: parts, apart: settings.apart).terminalText())
    try refuseLeaks(origins, parts: parts, apart: settings.apart)
    guard let out else {
      Messages.say("No leak.")
      return
    }
    try PhotoOrigins.write(origins, parts: parts, apart: settings.apart, to: out)
    let inputs = scores + [devices, persons, from].compactMap(\.self)
    try Provenance(
      command: ["split"], seed: seed,
      settings: [
        "apart": .text(settings.apart.map(\.rawValue).sorted().joined(separator: ",")),
        "test": .number(testShare), "valid": .number(validShare),
      ], inputs: Provenance.digests(of: inputs)
    ).write(beside: out)
    Messages.say("Split: \(out)")
  }
}
