import ArgumentParser
import TrainingWorkflow

/// Fits hand-crafted models.
struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a hand-crafted model: niqe, ilniqe, brisque.",
    discussion: "`vernier score --model NAME --parameters FILE` uses what these commands write.",
    subcommands: [FitNIQE.self, FitILNIQE.self, FitBRISQUE.self])
}

/// Fits NIQE.
struct FitNIQE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "niqe",
    abstract: "Fit NIQE's model of pristine photos.",
    discussion: """
      Only blocks whose sharpness exceeds --sharpness times that of their photo's sharpest block \
      are used. The authors used 125 photos; more than 36 blocks are needed, some thousands are \
      recommended.
      """)

  @Option(help: "A folder of undistorted photos, each at least 192 × 192 pixels.")
  var pristine: String
  @Option(help: "The JSON file to write.")
  var out: String
  @OptionGroup var reading: PhotoReadingOptions
  @Option(help: "The sharpness threshold, 0…1.")
  var sharpness = PristineFit.Model.niqe.sharpness

  func run() throws {
    var fit = try PristineFit(.niqe, photos: PhotoList.expand([pristine]), sharpness: sharpness)
    fit.decoding = try reading.decoding()
    let screen = Screen()
    try fit.run(to: out, observer: screen.observer)
    screen.end()
  }
}

/// Fits IL-NIQE.
struct FitILNIQE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ilniqe",
    abstract: "Fit IL-NIQE's model of pristine photos.",
    discussion: """
      Only blocks whose sharpness exceeds --sharpness times that of their photo's sharpest block \
      are used. The authors used 90 photos, which is also the recommended number.
      """)

  @Option(help: "A folder of undistorted photos, each at least 32 × 32 pixels.")
  var pristine: String
  @Option(help: "The JSON file to write.")
  var out: String
  @OptionGroup var reading: PhotoReadingOptions
  @Option(help: "The sharpness threshold, 0…1.")
  var sharpness = PristineFit.Model.ilniqe.sharpness

  func run() throws {
    var fit = try PristineFit(.ilniqe, photos: PhotoList.expand([pristine]), sharpness: sharpness)
    fit.decoding = try reading.decoding()
    let screen = Screen()
    try fit.run(to: out, observer: screen.observer)
    screen.end()
  }
}
