public import Domain
import HandcraftedModels
import NeuralModels
import Pixels
public import Preparation
public import Storage

/// Something that scores photos.
public protocol PhotoScorer {
  /// Scores one photo.
  ///
  /// - Parameters:
  ///   - photo: the photo's path.
  ///   - region: what to look at.
  /// - Returns: the score.
  /// - Throws: an error that names the photo.
  func score(_ photo: String, region: RegionChoice) throws -> QualityScore
}

extension PhotoScoring: PhotoScorer {}

/// Scores photos with BRISQUE, NIQE or IL-NIQE: numbers without an interval, in the model's own unit, less is better.
public struct HandcraftedScoring: PhotoScorer {
  /// The models' names on the command line.
  public static let names = ["niqe", "ilniqe", "brisque"]

  private enum Model {
    case niqe(NIQEModel)
    case ilniqe(ILNIQEModel)
    case brisque(BRISQUEModel)
  }

  private let name: String
  private let model: Model

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - parameters: the model's files; none for NIQE, whose parameters come with the set-up.
  ///   - installation: where the set-up put NIQE's parameters.
  /// - Throws: `InputError` when files are missing or are something else.
  public init(name: String, parameters: [String], installation: Installation) throws {
    self.name = name
    switch (name, parameters.count) {
    case ("niqe", 0): model = .niqe(try .load(installation.model("niqe_pris_params.npz")))
    case ("niqe", 1): model = .niqe(try .load(parameters[0]))
    case ("ilniqe", 1): model = .ilniqe(try .load(parameters[0]))
    case ("brisque", 1): model = .brisque(try .load(parameters[0]))
    case ("brisque", 2):
      model = .brisque(try .importing(model: parameters[0], range: parameters[1]))
    default:
      throw InputError(
        "--parameters", "\(parameters.count) files don't make a model of \(name)",
        remedy: "give templateModel.mat for ilniqe, allmodel and allrange (or one JSON file) for "
          + "brisque, nothing or one file for niqe")
    }
  }

  /// Scores one photo; the whole photo unless a box is given.
  public func score(_ photo: String, region: RegionChoice) throws -> QualityScore {
    let image: RasterImage
    switch region {
    case .automatic, .full: image = try RasterImage.decode(photo)
    case .box(let box):
      image = try RasterImage.decodeArea(
        photo, area: PixelArea(x: box.x, y: box.y, width: box.width, height: box.height),
        width: box.width, height: box.height)
    case .face:
      throw InputError(
        "--region", "\(name) looks at whole photos",
        remedy: "cut the faces with `vernier prepare` and score the regions")
    }
    let plane = try ColourPlane(
      widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)
    let score =
      switch model {
      case .niqe(let model): try model.score(GreyPlane(plane))
      case .ilniqe(let model): try model.score(plane)
      case .brisque(let model): try model.score(GreyPlane(plane))
      }
    return QualityScore(
      photo: photo, model: name, attribute: .overall, score: score, low: nil, high: nil)
  }
}
