public import Domain
import Files

/// Whether the portrayed person agreed to the use of a photo.
public enum ConsentStatus: String, Hashable, Sendable, Codable, CaseIterable {
  /// The agreement is on record.
  case given
  /// The person was asked and has not answered.
  case pending
  /// The person said no; such a photo is never taken into a study.
  case refused
}

/// What is known about a photo besides its pixels (paper 1, section 3.1).
public struct PhotoMetadata: Hashable, Sendable {
  /// The camera's model.
  public var device: String?
  /// The camera's maker.
  public var brand: String?
  /// The lens or its focal length, such as `zoom`, `selfie` or `24 mm`.
  public var lens: String?
  /// The camera's mode, such as `night` or `bokeh`.
  public var mode: String?
  /// The sensitivity, ISO.
  public var iso: Double?
  /// The exposure time in seconds.
  public var exposureSeconds: Double?
  /// The lighting condition.
  public var condition: LightingCondition?
  /// The Fitzpatrick skin type, 1…6.
  public var skinType: Int?
  /// Where the light comes from, such as `front`, `side` or `back`.
  public var lighting: String?
  /// The distance from the lens to the person, in meters.
  public var distanceMetres: Double?
  /// The pseudonym of the portrayed person.
  public var person: String?
  /// Whether the person agreed.
  public var consent: ConsentStatus?
  /// What the agreement covers; nil for every purpose but identification.
  public var purposes: Set<ConsentPurpose>?
  /// The part of the data set.
  public var part: SplitPart?
  /// Whether the photo is a high-quality reference, such as one of a DSLR camera.
  public var isReference: Bool?
  /// Columns that the program does not use, kept as they are.
  public var notes: [String: String] = [:]

  /// Knows nothing yet.
  public init() {}

  /// The same with what `other` knows where this knows nothing.
  public func filled(from other: Self) -> Self {
    var result = self
    result.device = device ?? other.device
    result.brand = brand ?? other.brand
    result.lens = lens ?? other.lens
    result.mode = mode ?? other.mode
    result.iso = iso ?? other.iso
    result.exposureSeconds = exposureSeconds ?? other.exposureSeconds
    result.condition = condition ?? other.condition
    result.skinType = skinType ?? other.skinType
    result.lighting = lighting ?? other.lighting
    result.distanceMetres = distanceMetres ?? other.distanceMetres
    result.person = person ?? other.person
    result.consent = consent ?? other.consent
    result.purposes = purposes ?? other.purposes
    result.part = part ?? other.part
    result.isReference = isReference ?? other.isReference
    result.notes = other.notes.merging(notes) { _, own in own }
    return result
  }
}

extension PhotoMetadata {
  /// Reads a camera's EXIF fields: maker, model, lens, sensitivity and exposure time.
  ///
  /// - Parameter exif: the text fields by tag name, worded as libexif words them (`1/30 sec.`).
  public init(exif: [String: String]) {
    self.init()
    brand = Self.clean(exif["Make"])
    device = Self.clean(exif["Model"])
    lens = Self.clean(exif["LensModel"])
    if lens == nil, let focal = Self.number(exif["FocalLengthIn35mmFilm"]), focal > 0 {
      lens = "\(Int(focal.rounded())) mm"
    }
    let sensitivity = exif["ISOSpeedRatings"] ?? exif["PhotographicSensitivity"]
    iso = Self.number(sensitivity).flatMap { $0 > 0 ? $0 : nil }
    exposureSeconds = Self.number(exif["ExposureTime"]).flatMap { $0 > 0 ? $0 : nil }
  }

  /// A text field without padding; nil when nothing is left.
  private static func clean(_ text: String?) -> String? {
    guard let text else { return nil }
    var scalars = Substring(text).unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
    while scalars.last == " " { scalars.removeLast() }
    while scalars.first == " " { scalars.removeFirst() }
    let result = String(String.UnicodeScalarView(scalars.prefix(200)))
    return result.isEmpty ? nil : result
  }

  /// The number at the start of a text, also a fraction such as `1/30`.
  private static func number(_ text: String?) -> Double? {
    guard let text else { return nil }
    let head = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "/") }
    return fraction(String(head))
  }

  /// A finite number, or a fraction of two; nil for anything else.
  static func fraction(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let first = CSVRow.number(String(parts[0])) else {
      return nil
    }
    guard parts.count == 2 else { return first }
    guard let second = CSVRow.number(String(parts[1])), second != 0 else { return nil }
    let value = first / second
    return value.isFinite ? value : nil
  }
}
