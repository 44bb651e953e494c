/// What part of a photo serves an attribute, and at which size it is shown (paper 1, section 3.2).
public struct RegionRule: Hashable, Sendable, Codable {
  /// The attribute that the rule serves.
  public let attribute: Attribute
  /// Whether the region is cut around the main face; the whole photo otherwise.
  public var isCutAroundFace: Bool
  /// The number of pixels of the region's image, reached as closely as whole sides allow.
  public var targetPixels: Int

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
