import ArgumentParser
import Domain
import Files
import Foundation

/// Studies on public-domain portraits: the default model of `vernier score`, and the papers'
/// claims.
struct PortraitStudy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "portrait-study",
    abstract: "Make the default model, or test the papers' claims, on public-domain portraits.",
    subcommands: [MakeDefaultModel.self, TestClaims.self, MakeLayoutSet.self])
}

struct PortraitOptions: ParsableArguments {
  @Option(help: "The list of photos: scene,source,file,person,sha256.")
  var list = "Models/portrait-details/photos.csv"
  @Option(help: "The folder that holds congress/original, of the public repository of photos.")
  var congress: String
  @Option(help: "The folder for the images' features; they are computed once.")
  var work: String
  @Option(help: "Adam's first learning rate.")
  var learningRate = 1e-4
  @Option(help: "The L2 penalty.")
  var weightDecay = 1e-2
  @Option(help: "The seed of everything.")
  var seed: UInt64 = 23

  func photos(_ installation: Installation) throws -> [SourcePhoto] {
    try SourcePhoto.read(
      list, folders: ["congress": congress, "setup": "\(installation.folder)/portraits"])
  }

  func study() throws -> DefaultModel {
    let installation = try Installation()
    return DefaultModel(
      photos: try photos(installation),
      pictures: Pictures(installation: installation, cache: work, perScene: 12, seed: seed),
      installation: installation, learningRate: learningRate, weightDecay: weightDecay, say: say)
  }

  func say(_ text: String) {
    FileHandle.standardError.write(Data("portrait-study: \(text)\n".utf8))
  }
}

struct MakeDefaultModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "default-model", abstract: "Train, measure and write the default model.")
  @OptionGroup var options: PortraitOptions
  @Option(help: "The model's folder.")
  var out: String

  func run() throws { try options.study().make(in: out) }
}

struct TestClaims: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "Unified against individual scales on unseen scenes.")
  @OptionGroup var options: PortraitOptions
  @Option(help: "The folder of the results.")
  var out: String
  @Option(help: "How many seeds.")
  var seeds = 10

  func run() throws { try Claims(study: options.study(), seeds: seeds).run(into: out) }
}

struct MakeLayoutSet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layout",
    abstract: "Write portraits with graded damage as a data set in PIQ23's layout.")
  @OptionGroup var options: PortraitOptions
  @Option(help: "The data set's folder.")
  var out: String
  @Option(help: "How many portraits, each a scene.")
  var scenes = 12
  @Option(help: "How many images of each portrait.")
  var images = 24

  func run() throws {
    let installation = try Installation()
    let photos = try options.photos(installation)
    guard (2...photos.count).contains(scenes), (7...1000).contains(images) else {
      throw InputError(
        "--scenes \(scenes) --images \(images)", "out of range",
        remedy: "give 2 to \(photos.count) scenes and 7 to 1000 images")
    }
    try LayoutSet(
      photos: Array(photos.prefix(scenes)), installation: installation, perScene: images,
      seed: options.seed, say: options.say
    ).write(to: out)
  }
}

PortraitStudy.main()
