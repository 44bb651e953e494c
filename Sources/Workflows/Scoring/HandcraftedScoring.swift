public import Domain
public import Files
import HandcraftedModels
import NeuralModels
import Pixels
public import Preparation
import Scoring

/// Scores photos with BRISQUE, NIQE or IL-NIQE: numbers without an interval, in the model's own unit.
///
/// Less is better, but for a BRISQUE that was fitted to scores: it has their unit and direction.
public struct HandcraftedScoring: PhotoScorer {
  /// The models' names on the command line.
  public static let names = HandcraftedModel.allCases.map(\.rawValue)

  private enum Model {
    case niqe(NIQEModel)
    case ilniqe(ILNIQEModel)
    case brisque(BRISQUEModel)
  }

  private let name: String
  private let model: Model
  private let files: [String]
  private let unit: String

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - parameters: the model's files; none for NIQE, whose parameters come with the set-up.
  ///   - installation: where the set-up put NIQE's parameters.
  /// - Throws: `InputError` when files are missing or are something else.
  public init(
    name: String, parameters: [String],
    installation: @autoclosure () throws -> Installation
  ) throws {
    self.name = name
    var files = parameters
    var unit = Self.unit(name)
    switch (name, parameters.count) {
    case ("niqe", 0):
      files = [try installation().model("niqe_pris_params.npz")]
      model = .niqe(try .load(files[0]))
    case ("niqe", 1): model = .niqe(try .load(parameters[0]))
    case ("ilniqe", 1): model = .ilniqe(try .load(parameters[0]))
    case ("brisque", 1):
      let fitted = try BRISQUEModel.load(parameters[0])
      model = .brisque(fitted)
      unit = fitted.unit ?? unit
    case ("brisque", 2):
      model = .brisque(try .importing(model: parameters[0], range: parameters[1]))
    default:
      throw InputError(
        "--parameters", "\(parameters.count) files do not make up a model of \(name)",
        remedy: "give templateModel.mat for ilniqe, allmodel and allrange (or one JSON file) for "
          + "brisque, nothing or one file for niqe")
    }
    self.files = files
    self.unit = unit
  }

  /// What the numbers of a published model are.
  private static func unit(_ name: String) -> String {
    switch name {
    case "niqe": "NIQE (less is better)"
    case "ilniqe": "IL-NIQE (less is better)"
    default: "BRISQUE (less is better)"
    }
  }

  /// The attribute: these models score photos as a whole.
  public var attribute: Attribute { .overall }

  /// The model's name and the digests of its files.
  public var settings: [String: SettingValue] {
    get throws {
      var settings: [String: SettingValue] = ["model": .text(name)]
      for file in files { settings[file] = .text(try FileDigest.sha256(file)) }
      return settings
    }
  }

  /// Refuses scenes and maps, which these models don't know.
  public func check(scene: String?, wantsPatches: Bool) throws {
    if scene != nil {
      throw InputError("--scene", "\(name) has no scenes", remedy: "leave it out")
    }
    if wantsPatches {
      throw InputError(
        "--map", "\(name) scores photos as a whole", remedy: "use a neural model")
    }
  }

  /// Scores one photo; the whole photo unless a box is given.
  public func assess(
    _ request: PhotoRequest, region: RegionChoice, wantsPatches: Bool
  ) throws -> PhotoAssessment {
    let image: RasterImage
    switch region {
    case .automatic, .full: image = try RasterImage.decode(request.photo)
    case .box(let box):
      image = try RasterImage.decodeArea(
        request.photo, area: PixelArea(x: box.x, y: box.y, width: box.width, height: box.height),
        width: box.width, height: box.height)
    case .face:
      throw InputError(
        "--region", "\(name) scores whole photos",
        remedy: "cut the faces with `vernier prepare` and score the regions")
    }
    let plane = try ColourPlane(
      widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)
    var remark: String?
    let score: Double
    switch model {
    case .niqe(let model): score = try model.score(GreyPlane(plane))
    case .ilniqe(let model): score = try model.score(plane)
    case .brisque(let model):
      let features = try BRISQUE.features(GreyPlane(plane))
      score = try model.score(features: features)
      let outside = model.outsideCount(features: features)
      if outside > 0 {
        remark =
          "\(outside) of \(features.count) features lie outside the training photos' range"
      }
    }
    return PhotoAssessment(
      record: ScoreRecord(
        photo: request.photo, model: name, attribute: .overall, score: score, unit: unit,
        remark: remark),
      region: image, patches: [], patchMeaning: "")
  }
}
