import ArgumentParser
import Domain
import Files
import HandcraftedModels
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
  var sharpness = 0.75

  func run() throws {
    var fitting = NIQEModel.Fitting(sharpnessThreshold: sharpness)
    let options = try reading.decoding()
    let photos = try FitPhotos.each(pristine, sharpness) {
      try fitting.add(HandcraftedPhotos.grey($0, reading: options))
    }
    try fitting.model().save(out)
    try FitPhotos.record(photos, "niqe", sharpness, out)
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
  var sharpness = 0.78

  func run() throws {
    var fitting = ILNIQEModel.Fitting(sharpnessThreshold: sharpness)
    let options = try reading.decoding()
    let photos = try FitPhotos.each(pristine, sharpness) {
      try fitting.add(HandcraftedPhotos.colour($0, reading: options))
    }
    try fitting.model().save(out)
    try FitPhotos.record(photos, "ilniqe", sharpness, out)
  }
}

/// The pristine photos of a fit.
private enum FitPhotos {
  /// Visits the photos; one that can't be used stops the fit, so that no model is silently made of
  /// fewer.
  static func each(
    _ folder: String, _ sharpness: Double, _ add: (String) throws -> Void
  ) throws -> [String] {
    guard (0..<1).contains(sharpness) else {
      throw InputError("--sharpness", "\(sharpness) is out of range", remedy: "give 0 to below 1")
    }
    let photos = try PhotoList.expand([folder])
    var line = ProgressLine("fitting", total: photos.count)
    for (index, photo) in photos.enumerated() {
      do {
        try add(photo)
      } catch {
        line.finish()
        let text = "\(error)"
        throw InputError(
          photo, text.hasPrefix("\(photo): ") ? String(text.dropFirst(photo.count + 2)) : text,
          remedy: "take it out of \(folder) and run the command again")
      }
      line.update(index + 1)
    }
    return photos
  }

  static func record(_ photos: [String], _ name: String, _ sharpness: Double, _ out: String) throws
  {
    try FitRecord.write(
      model: out, command: ["fit", name], seed: nil, settings: ["sharpness": .number(sharpness)],
      photos: photos)
    Messages.say("\(name) fitted to \(photos.count) photos: \(out)")
  }
}
