public import Domain
public import Pixels

/// How regions are cut and written.
public struct PreparationSettings: Hashable, Sendable {
  /// The rule of each attribute; the standard ones are those of paper 1.
  public var rules: [RegionRule]
  /// The space around the face box, as a part of the box's side, added on each side; 0.3 by
  /// default.
  ///
  /// The region is the smallest rectangle of the fixed aspect that holds the box and its margin.
  public var faceMargin: Double
  /// The width over the height of face regions, 3 : 4 by default, which gives 1837 × 2449 at 4.5
  /// megapixels.
  public var faceAspect: Double
  /// The format of the region's file.
  ///
  /// PNG by default, because a region is what observers and models see and every lossy step would
  /// add its own artefacts to the texture that is judged; `jpeg(quality: 95)` writes 4:4:4 at a
  /// third of the size.
  public var encoding: ImageEncoding
  /// Limits and colour policy of decoding.
  public var decoding: DecodingOptions

  /// Makes settings; every default is that of the laboratory.
  public init(
    rules: [RegionRule] = RegionRule.standard, faceMargin: Double = 0.3, faceAspect: Double = 0.75,
    encoding: ImageEncoding = .png(), decoding: DecodingOptions = DecodingOptions()
  ) {
    self.rules = rules
    self.faceMargin = faceMargin
    self.faceAspect = faceAspect
    self.encoding = encoding
    self.decoding = decoding
  }

  /// The rule of an attribute.
  ///
  /// - Throws: `InputError` that names the attributes that have one.
  public func rule(for attribute: Attribute) throws(InputError) -> RegionRule {
    if let rule = rules.first(where: { $0.attribute == attribute }) { return rule }
    let known = rules.map(\.attribute.text).joined(separator: ", ")
    throw InputError(
      Setting("attribute"), "«\(attribute.text)» has no region rule",
      remedy: "choose one of \(known)")
  }

  /// Everything that a region depends on besides the photo, as one line.
  public func line(rule: RegionRule, region: RegionChoice) -> String {
    "region \(region), cut around face \(rule.isCutAroundFace), "
      + "\(rule.targetPixels) pixels, margin \(faceMargin), "
      + "aspect \(faceAspect), \(encoding), bicubic a = -0.5, "
      + "broken profiles \(decoding.brokenProfile.rawValue), alpha over \(decoding.alphaBackground)"
  }

  /// Refuses settings that can't be used.
  func check() throws(InputError) {
    guard faceMargin.isFinite, (0...10).contains(faceMargin) else {
      throw InputError(
        Setting("margin"), "\(faceMargin) can't be used", remedy: "give a number from 0 to 10")
    }
    guard faceAspect.isFinite, (0.1...10).contains(faceAspect) else {
      throw InputError(
        Setting("aspect"), "\(faceAspect) can't be used",
        remedy: "give width over height, 0.1 to 10")
    }
    for rule in rules where !(1...100_000_000).contains(rule.targetPixels) {
      throw InputError(
        "region rule \(rule.attribute.text)", "\(rule.targetPixels) pixels can't be used",
        remedy: "give 1 to 100,000,000 pixels")
    }
  }
}
