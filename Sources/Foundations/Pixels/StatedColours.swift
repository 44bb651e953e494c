/// Colors that a file states outside of an ICC profile: primaries, white point and tone curve.
///
/// Sources: ITU-T H.273 (code points of `nclx` boxes and of PNG's cICP), PNG third edition (cHRM,
/// gAMA), Exif 2.32 and DCF 2.0 (Adobe RGB by interoperability R03).
struct StatedColours: Hashable, Sendable, Codable {
  /// A chromaticity.
  struct Point: Hashable, Sendable, Codable {
    let x: Double
    let y: Double

    init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// The name for records.
  let name: String
  /// The chromaticities of red, green and blue.
  let primaries: [Point]
  /// The chromaticity of white.
  let white: Point
  /// The tone curve of all three.
  let curve: ToneCurve

  static let whiteD65 = Point(0.3127, 0.3290)
  private static let whiteC = Point(0.310, 0.316)
  private static let primaries709 = [Point(0.640, 0.330), Point(0.300, 0.600), Point(0.150, 0.060)]

  /// Adobe RGB (1998), which cameras state in EXIF alone.
  static let adobeRGB = StatedColours(
    name: "Adobe RGB (EXIF)", primaries: [Point(0.64, 0.33), Point(0.21, 0.71), Point(0.15, 0.06)],
    white: whiteD65, curve: .power(563.0 / 256))

  /// The primaries, by their code point: those that still pictures have.
  private static let byCode: [Int: (name: String, primaries: [Point], white: Point)] = [
    1: ("BT.709", primaries709, whiteD65),
    4: ("BT.470 M", [Point(0.67, 0.33), Point(0.21, 0.71), Point(0.14, 0.08)], whiteC),
    5: ("BT.470 BG", [Point(0.64, 0.33), Point(0.29, 0.60), Point(0.15, 0.06)], whiteD65),
    6: ("BT.601", [Point(0.630, 0.340), Point(0.310, 0.595), Point(0.155, 0.070)], whiteD65),
    7: ("SMPTE 240M", [Point(0.630, 0.340), Point(0.310, 0.595), Point(0.155, 0.070)], whiteD65),
    9: ("BT.2020", [Point(0.708, 0.292), Point(0.170, 0.797), Point(0.131, 0.046)], whiteD65),
    11: (
      "DCI-P3", [Point(0.680, 0.320), Point(0.265, 0.690), Point(0.150, 0.060)],
      Point(0.314, 0.351)
    ),
    12: ("Display P3", [Point(0.680, 0.320), Point(0.265, 0.690), Point(0.150, 0.060)], whiteD65),
    22: ("EBU 3213", [Point(0.630, 0.340), Point(0.295, 0.605), Point(0.155, 0.077)], whiteD65),
  ]

  /// What code points of H.273 say.
  ///
  /// The curves of BT.709, BT.601 and BT.2020 are taken as sRGB's: encoders of still pictures write
  /// them beside pictures made for sRGB screens.
  ///
  /// - Returns: nil for sRGB and for unspecified colors.
  static func codePoints(primaries: Int, transfer: Int, source: String) -> ColourStatement? {
    let space = byCode[primaries]
    let name = "\(space?.name ?? "BT.709") (\(source))"
    let curve: ToneCurve
    switch transfer {
    case 1, 2, 6, 7, 11, 13, 14, 15: curve = .sRGB
    case 4: curve = .power(2.2)
    case 5: curve = .power(2.8)
    case 8: curve = .power(1)
    case 17: curve = .power(2.6)
    case 16: return .unreadable("HDR colors (PQ, \(name))")
    case 18: return .unreadable("HDR colors (HLG, \(name))")
    default: return .unreadable("colors of an unknown tone curve (\(transfer), \(name))")
    }
    guard primaries == 2 || space != nil else {
      return .unreadable("colors of unknown primaries (\(primaries), \(source))")
    }
    if curve == .sRGB, space == nil || primaries == 1 { return nil }
    return .colours(
      StatedColours(
        name: name, primaries: space?.primaries ?? primaries709, white: space?.white ?? whiteD65,
        curve: curve))
  }

  /// What PNG's cHRM and gAMA say; either may be absent.
  ///
  /// Values that PNG asks writers of sRGB pictures for (gAMA 1/2.2 with sRGB's primaries, or
  /// without any) mean sRGB.
  ///
  /// - Parameters:
  ///   - points: white, red, green and blue; nil without cHRM.
  ///   - gamma: the exponent of encoding, such as 0.45455; nil without gAMA.
  /// - Returns: nil for sRGB and for values without a meaning.
  static func png(points: [Point]?, gamma: Double?) -> ColourStatement? {
    let isUsual = gamma.map { abs($0 - 1 / 2.2) < 0.005 } ?? true
    let (white, primaries) = (
      points?[0] ?? whiteD65, points.map { Array($0[1...]) } ?? primaries709
    )
    let isSRGB = zip([white] + primaries, [whiteD65] + primaries709).allSatisfy {
      abs($0.x - $1.x) < 0.005 && abs($0.y - $1.y) < 0.005
    }
    if isUsual, isSRGB { return nil }
    guard gamma.map({ $0 > 0.1 && $0 < 10 }) ?? true, white.y > 0.01,
      primaries.allSatisfy({ $0.y > 0.001 && $0.x + $0.y < 1.1 })
    else { return nil }
    let colours = StatedColours(
      name: points == nil ? "gamma (PNG gAMA)" : "primaries (PNG cHRM)", primaries: primaries,
      white: white, curve: gamma.map { .power(1 / $0) } ?? .sRGB)
    return colours.colourants == nil ? nil : .colours(colours)
  }

  /// The colorants as a profile has them: X, Y, Z of red, of green, of blue, adapted to D50 by
  /// Bradford's method.
  ///
  /// - Returns: nil for primaries that span no colors.
  var colourants: [Double]? {
    func xyz(_ point: Point) -> [Double] {
      [point.x / point.y, 1, (1 - point.x - point.y) / point.y]
    }
    let columns = primaries.map(xyz)
    guard let inverse = Matrix3(rows: columns.flatMap(\.self)).inverse else { return nil }
    let scale = xyz(white) * inverse
    let bradford = Matrix3(
      rows: [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296])
    guard let back = bradford.inverse else { return nil }
    let from = bradford * xyz(white)
    // D50 as ICC.1 has it.
    let to = bradford * [0.9642, 1, 0.8249]
    guard from.allSatisfy({ abs($0) > 1e-6 }) else { return nil }
    return (0..<3).flatMap { band -> [Double] in
      let cone = bradford * columns[band].map { $0 * scale[band] }
      return back * (0..<3).map { cone[$0] * to[$0] / from[$0] }
    }
  }
}

/// What a file says of its colors outside of an ICC profile.
enum ColourStatement: Hashable, Sendable {
  /// Colors that can be converted.
  case colours(StatedColours)
  /// Colors without sRGB values of their own, in words.
  case unreadable(String)
}

/// A 3 × 3 matrix, row by row.
struct Matrix3 {
  private let m: [Double]

  /// Takes nine numbers.
  init(rows: [Double]) { m = rows }

  /// The inverse; nil where there is none.
  var inverse: Matrix3? {
    func minor(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double { m[a] * m[d] - m[b] * m[c] }
    let determinant =
      m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7)
    guard abs(determinant) > 1e-9 else { return nil }
    return Matrix3(
      rows: [
        minor(4, 5, 7, 8), -minor(1, 2, 7, 8), minor(1, 2, 4, 5), -minor(3, 5, 6, 8),
        minor(0, 2, 6, 8), -minor(0, 2, 3, 5), minor(3, 4, 6, 7), -minor(0, 1, 6, 7),
        minor(0, 1, 3, 4),
      ].map { $0 / determinant })
  }

  /// A column times the matrix from the left.
  static func * (matrix: Matrix3, column: [Double]) -> [Double] {
    (0..<3).map { row in
      (0..<3).reduce(0) { $0 + matrix.m[3 * row + $1] * column[$1] }
    }
  }

  /// A row times the matrix from the right.
  static func * (row: [Double], matrix: Matrix3) -> [Double] {
    (0..<3).map { column in
      (0..<3).reduce(0) { $0 + matrix.m[3 * $1 + column] * row[$1] }
    }
  }
}
