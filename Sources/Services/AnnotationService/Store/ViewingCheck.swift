import Foundation

/// What a browser measured and an observer declared about the screen.
struct ViewingReport: Codable, Sendable {
  /// The width of a bank card (85.60 mm) on this screen, in CSS pixels.
  var cardCSSPixels: Double
  var devicePixelRatio: Double
  var screenWidthCSS: Double
  var screenHeightCSS: Double
  var isFullScreen: Bool
  var distanceMillimetres: Double
  /// The near-black and near-white patches counted, and how many there were.
  var darkSeen: Int
  var darkShown: Int
  var brightSeen: Int
  var brightShown: Int
  /// The widest of `srgb`, `p3`, `rec2020` that the media query reported.
  var gamut: String
  /// Declared: a browser can't see these.
  var ambient: String
  var whitePoint: String
  var luminance: Double?
  var calibrationDate: String
  /// Color vision: the plates read right, and how many there were; nil without the test.
  var platesRight: Int?
  var platesShown: Int?
  /// Acuity: the letters E read right of five, and the width of their strokes in screen pixels.
  var lettersRight: Int?
  var letterStroke: Int?
  /// Declared: `none`, `some` or `professional`; nil where it was not asked.
  var experience: String?
}

/// What a study asks of the people themselves; all off by default.
struct VisionRule: Sendable {
  var plates = 0
  var leastPlatesRight = 0
  /// Decimal acuity; 0 for no test.
  var leastAcuity = 0.0
  var asksExperience = false

  init() {}

  init(_ settings: AnnotationSettings) {
    plates = settings.colorPlates
    leastPlatesRight = settings.leastPlatesRight
    leastAcuity = settings.leastAcuity
    asksExperience = settings.asksExperience
  }

  /// What fails: `color`, `acuity` and `experience`, the keys of their texts.
  ///
  /// The letters are read when four of five are right: by chance alone, 1.6 % of people do. A
  /// stroke of one arc minute is an acuity of 1; a letter can't be finer than the screen's pixels.
  func failures(_ report: ViewingReport, pixelsPerDegree: Double) -> [String] {
    var failures: [String] = []
    if plates > 0,
      report.platesShown != plates || (report.platesRight ?? 0) < leastPlatesRight
    {
      failures.append("color")
    }
    if leastAcuity > 0 {
      let minutes = Double(report.letterStroke ?? .max) * 60 / max(pixelsPerDegree, 1)
      // Half a pixel of rounding is forgiven.
      let finest = max(1 / leastAcuity, 60 / max(pixelsPerDegree, 1)) + 30 / max(pixelsPerDegree, 1)
      if minutes > finest || (report.lettersRight ?? 0) < 4 { failures.append("acuity") }
    }
    if asksExperience, !["none", "some", "professional"].contains(report.experience ?? "") {
      failures.append("experience")
    }
    return failures
  }
}

/// The verdict on a screen: paper 1's viewing conditions, section 3.2.
struct ViewingCheck: Codable, Sendable {
  var report: ViewingReport
  /// The pixel pitch in millimeters.
  var pitchMillimetres: Double
  /// The pixels per degree of visual angle.
  var pixelsPerDegree: Double
  /// What failed, by the key of its explanation in the text files.
  var failures: [String]
  /// The registered station, if the browser is one.
  var station: String?

  /// Judges a report at a time; what a registered station's owner measured takes the place of what
  /// was declared.
  init(
    _ report: ViewingReport, station: Station? = nil, validDays: Int = 180,
    vision: VisionRule = VisionRule(), at time: Date
  ) {
    var report = report
    if let station {
      let pixels = 85.60 / station.pitchMillimetres
      report.cardCSSPixels = report.devicePixelRatio > 0 ? pixels / report.devicePixelRatio : 0
      report.ambient = station.ambient
      report.whitePoint = station.whitePoint
      report.luminance = station.luminance
      report.calibrationDate = station.isValid(at: time) ? station.calibrated : ""
    }
    self.report = report
    self.station = station?.name
    let pixels = report.cardCSSPixels * report.devicePixelRatio
    let pitch = pixels > 0 ? 85.60 / pixels : .infinity
    let degree = 2 * report.distanceMillimetres * tan(.pi / 360)
    let density = pitch.isFinite && pitch > 0 ? degree / pitch : 0
    var failures: [String] = []
    if !(60...66).contains(density) { failures.append("density") }
    let width = (report.screenWidthCSS * report.devicePixelRatio).rounded()
    let height = (report.screenHeightCSS * report.devicePixelRatio).rounded()
    if max(width, height) < 3840 || min(width, height) < 2160 { failures.append("resolution") }
    // Another screen is plugged in, or the browser enlarges: the station's facts are not about this
    // picture.
    if let station, [width, height] != [Double(station.widthPixels), Double(station.heightPixels)] {
      failures.append("station")
    }
    if !report.isFullScreen { failures.append("fullscreen") }
    if report.darkSeen != report.darkShown { failures.append("dark") }
    if report.brightSeen != report.brightShown { failures.append("bright") }
    if !["srgb", "p3", "rec2020"].contains(report.gamut) { failures.append("gamut") }
    if report.ambient != "dim" { failures.append("ambient") }
    if report.whitePoint != "d65" { failures.append("whitepoint") }
    if let luminance = report.luminance, luminance < 75 { failures.append("luminance") }
    if report.luminance == nil { failures.append("luminance") }
    let isCalibrated = Station.isValid(report.calibrationDate, days: validDays, at: time)
    if station == nil ? !isCalibrated : report.calibrationDate.isEmpty {
      failures.append("calibration")
    }
    failures += vision.failures(report, pixelsPerDegree: density)
    pitchMillimetres = pitch.isFinite ? pitch : 0
    pixelsPerDegree = density
    self.failures = failures
  }

  /// The check as it is stored.
  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Reads a stored check.
  static func stored(_ text: String) -> ViewingCheck? {
    try? JSONDecoder().decode(ViewingCheck.self, from: Data(text.utf8))
  }
}
