public import Domain

/// What part of a photo serves an attribute, and at which size it is shown (paper 1, section 3.2).
public struct RegionRule: Hashable, Sendable, Codable {
  /// The attribute that the rule serves.
  public let attribute: Attribute
  /// Whether the region is cut around the main face; the whole photo otherwise.
  public let isCutAroundFace: Bool
  /// The number of pixels of the region's image, reached as closely as whole sides allow.
  public let targetPixels: Int

  /// Makes a rule.
  public init(attribute: Attribute, isCutAroundFace: Bool, targetPixels: Int) {
    self.attribute = attribute
    self.isCutAroundFace = isCutAroundFace
    self.targetPixels = targetPixels
  }

  /// The rules of paper 1: faces at 4.5 megapixels, whole photos at 2.5 megapixels.
  public static let standard = [
    RegionRule(attribute: .details, isCutAroundFace: true, targetPixels: 4_500_000),
    RegionRule(attribute: .exposure, isCutAroundFace: true, targetPixels: 4_500_000),
    RegionRule(attribute: .overall, isCutAroundFace: false, targetPixels: 2_500_000),
    RegionRule(attribute: .colour, isCutAroundFace: false, targetPixels: 2_500_000),
  ]
}

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
        "--region", "«\(text)» is not a region", remedy: "give face or full, or --box x,y,w,h")
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
        "--box", "«\(text)» is not a rectangle",
        remedy: "give four whole numbers x,y,w,h, such as 120,80,900,1200")
    }
    return .box(PixelRectangle(x: x, y: y, width: width, height: height))
  }
}
