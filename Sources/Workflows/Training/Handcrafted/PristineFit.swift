public import Domain
import Files
import HandcraftedModels
public import Pixels

/// Fits NIQE or IL-NIQE to undistorted photos.
public struct PristineFit: Sendable {
  /// The models that are fitted so.
  public enum Model: String, Sendable {
    /// NIQE, from photos in gray.
    case niqe
    /// IL-NIQE, from photos in color.
    case ilniqe

    /// The authors' sharpness threshold.
    public var sharpness: Double {
      switch self {
      case .niqe: 0.75
      case .ilniqe: 0.78
      }
    }
  }

  /// The model.
  public var model: Model
  /// Undistorted photos.
  public var photos: [String]
  /// Blocks are used whose sharpness exceeds this share of their photo's sharpest block's; 0 to
  /// below 1.
  public var sharpness: Double
  /// How photos are read.
  public var decoding = DecodingOptions()

  /// Plans a fit.
  public init(_ model: Model, photos: [String], sharpness: Double) {
    (self.model, self.photos, self.sharpness) = (model, photos, sharpness)
  }

  /// Fits the model and writes it with its provenance.
  ///
  /// - Parameters:
  ///   - path: the JSON file.
  ///   - observer: hears progress.
  /// - Throws: `InputError` for the first photo that can't be used, so that no model is silently
  ///   made of fewer, and for settings out of range.
  public func run(to path: String, observer: WorkflowObserver = .silent) throws {
    guard (0..<1).contains(sharpness) else {
      throw InputError(
        Setting("sharpness"), "\(sharpness) is out of range", remedy: "give 0 to below 1")
    }
    switch model {
    case .niqe:
      var fitting = NIQEModel.Fitting(sharpnessThreshold: sharpness)
      try each(observer) {
        try fitting.add(HandcraftedPhotos.grey($0, reading: decoding))
      }
      try fitting.model().save(path)
    case .ilniqe:
      var fitting = ILNIQEModel.Fitting(sharpnessThreshold: sharpness)
      try each(observer) {
        try fitting.add(HandcraftedPhotos.colour($0, reading: decoding))
      }
      try fitting.model().save(path)
    }
    try FitRecord.write(
      model: path, command: ["fit", model.rawValue], seed: nil,
      settings: ["sharpness": .number(sharpness)], photos: photos)
    observer.message("\(model.rawValue) fitted to \(photos.count) photos: \(path)")
  }

  private func each(
    _ observer: WorkflowObserver, _ add: (String) throws -> Void
  ) throws {
    for (index, photo) in photos.enumerated() {
      do {
        try add(photo)
      } catch {
        let text = "\(error)"
        throw InputError(
          photo, text.hasPrefix("\(photo): ") ? String(text.dropFirst(photo.count + 2)) : text,
          remedy: "take it out of the pristine photos and run the command again")
      }
      observer.progress("fitting", index + 1, of: photos.count)
    }
  }
}
