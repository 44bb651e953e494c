public import Domain

/// Which part of a photo to take.
public enum RegionChoice: Hashable, Sendable, Codable {
  /// What the attribute's rule says.
  case automatic
  /// Around the main face.
  case face
  /// The whole photo.
  case full
  /// A rectangle of the upright photo, in its own aspect.
  case box(PixelRectangle)

  /// Whether the choice needs to know the main face under a rule.
  public func needsFace(_ rule: RegionRule) -> Bool {
    switch self {
    case .automatic: rule.isCutAroundFace
    case .face: true
    case .full, .box: false
    }
  }

  /// Reads `face` or `full`.
  ///
  /// - Throws: `InputError` that names the choices.
  public init(parsing text: String) throws(InputError) {
    switch text.lowercased() {
    case "auto", "automatic": self = .automatic
    case "face": self = .face
    case "full": self = .full
    default:
      throw InputError(
        Setting("region"), "«\(text)» is not a region",
        remedy: "give face or full, or \(Setting("box")) x,y,w,h")
    }
  }

  /// Reads a box written as `x,y,w,h` in pixels of the upright photo.
  ///
  /// - Throws: `InputError` when the text isn't four whole numbers with a positive size.
  public static func box(parsing text: String) throws(InputError) -> Self {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.filter { $0 != " " })
    }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3], x >= 0, y >= 0, width > 0, height > 0
    else {
      throw InputError(
        Setting("box"), "«\(text)» is not a rectangle",
        remedy: "give four whole numbers x,y,w,h, such as 120,80,900,1200")
    }
    return .box(PixelRectangle(x: x, y: y, width: width, height: height))
  }
}
