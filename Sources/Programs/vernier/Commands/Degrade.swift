import ArgumentParser
import Domain
import Files
import Foundation
import Pixels
import Preparation

/// Makes images of graded quality out of one.
struct Degrade: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make N images of graded quality: subsampling, slight sharpening, Gaussian noise.",
    discussion: """
      Paper 2, «Database extension». Level 0 is the photo itself, every further level is worse by \
      an equal synthetic step. With --bridge, blends between two images instead; a warning says \
      when they do not lie on each other. DIR/recipes.csv says how each image was made.
      """)

  @Argument(help: "The photo; omit it with --bridge.")
  var photo: String?
  @Option(help: "The number of images, at least 2.")
  var levels: Int
  @Option(
    help: """
      Seed of the noise and of the choice of degradations: the same seed gives the same images.
      """)
  var seed: UInt64 = 1
  @Option(
    parsing: .upToNextOption, help: "Blend between two images: --bridge FROM TO.")
  var bridge: [String] = []
  @Option(help: "The folder to write to.")
  var out: String
  @OptionGroup var reading: PhotoReadingOptions

  func run() throws {
    if bridge.isEmpty {
      guard let photo else {
        throw InputError("degrade", "no photo is given", remedy: "give one, or --bridge FROM TO")
      }
      try grade(photo)
    } else {
      guard bridge.count == 2, photo == nil else {
        throw InputError("--bridge", "it takes two images", remedy: "give --bridge FROM TO")
      }
      try blend(bridge[0], bridge[1])
    }
  }

  private func grade(_ photo: String) throws {
    let recipes = try DegradationLadder(levels: levels).recipes(seed: seed)
    let image = try RasterImage.decode(photo, options: reading.decoding())
    let degradation = Degradation()
    try AtomicFile.makeFolder(out)
    var line = ProgressLine("degrading", total: recipes.count)
    for recipe in recipes {
      let path = "\(out)/\(name(photo, recipe.level)).png"
      try degradation.apply(recipe, to: image).write(to: path, as: .png())
      line.update(recipe.level + 1)
    }
    let rows = recipes.map {
      RecipeRow(photo: PhotoID("\(name(photo, $0.level)).png"), recipe: $0)
    }
    try RecipesFile.write(rows, to: recipesPath)
    try record(rows.count, inputs: [photo])
  }

  private func blend(_ from: String, _ to: String) throws {
    let bridge = try DegradationBridge(levels: levels)
    let options = try reading.decoding()
    let (first, last) = (
      try RasterImage.decode(from, options: options), try RasterImage.decode(to, options: options)
    )
    warn(PictureAlignment(first, last), from, to)
    try AtomicFile.makeFolder(out)
    var line = ProgressLine("blending", total: levels)
    var rows: [[String]] = []
    for (level, part) in bridge.parts.enumerated() {
      let file = "\(name(from, level))_bridge.png"
      try bridge.blend(part: part, from: first, to: last).write(to: "\(out)/\(file)", as: .png())
      rows.append([file, "\(level)", "\(part)", from, to])
      line.update(level + 1)
    }
    var table = CSVWriter(columns: ["image", "level", "part_of_to", "from", "to"])
    for row in rows { table.append(row) }
    try table.write(to: recipesPath)
    try record(rows.count, inputs: [from, to])
  }

  /// Says when the two pictures would show ghosts.
  private func warn(_ alignment: PictureAlignment, _ from: String, _ to: String) {
    guard !alignment.isRegistered else { return }
    func percent(_ part: Double) -> String { "\(Int((100 * part).rounded())) %" }
    let place =
      alignment.isShifted && alignment.agrees
      ? "its content lies \(percent(alignment.across)) of the width to the right and "
        + "\(percent(alignment.down)) of the height below"
      : "their edges hardly agree"
    Messages.say(
      "Warning: \(to) is not registered with \(from): \(place); the blends show both (ghosts), so "
        + "align the two, or degrade one of them")
  }

  private var recipesPath: String { "\(out)/recipes.csv" }

  private func record(_ images: Int, inputs: [String]) throws {
    try Provenance(
      command: ["degrade"], seed: seed, settings: ["levels": .integer(levels)],
      inputs: Provenance.digests(of: inputs)
    ).write(beside: recipesPath)
    Messages.say("\(images) images and their recipes: \(recipesPath)")
  }

  /// `<photo>_<level, two digits>`.
  private func name(_ photo: String, _ level: Int) -> String {
    let stem = ((photo as NSString).lastPathComponent as NSString).deletingPathExtension
    return "\(stem)_\(level < 10 ? "0" : "")\(level)"
  }
}
