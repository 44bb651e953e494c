internal import Glibc

/// A color profile that is three curves and a matrix, as cameras and phones embed them, made into
/// tables.
///
/// Such a profile is all that sRGB, Display P3 and Adobe RGB need. It is computed in floating point
/// and rounded once; profiles with color tables are left to the color engine.
///
/// Source: ICC.1:2022, sections 8.3 (matrix model), 10.6 and 10.18 (curves); sRGB from IEC
/// 61966-2-1.
struct MatrixProfile {
  /// Linear light for each level of red, of green, of blue.
  private let linear: [Float]
  /// The number of coded levels.
  private let levels: Int
  /// The columns that red, green and blue add to linear sRGB; the fourth lane is 0.
  private let columns: [SIMD4<Float>]
  /// Whether every level stays what it is: the profile is sRGB in effect.
  let isIdentity: Bool

  /// The number of steps of linear light in the table of the sRGB curve.
  ///
  /// The curve rises by 0.2 levels a step at most, so that a level is at most 0.1 off before
  /// rounding.
  private static let steps = 16_384

  /// The coded level of each step of linear light from −1 to 3, rounded; beyond 0…1 the nearest
  /// end.
  private static let coded: [UInt8] = (0..<(4 * steps)).map { step in
    let value = Double(step - steps) / Double(steps)
    if value <= 0 { return 0 }
    let code = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    return UInt8(clamping: Int((255 * min(code, 1)).rounded()))
  }

  /// The colorants of sRGB, adapted to D50 as its profile has them: X, Y, Z of red, of green, of
  /// blue.
  private static let sRGB = [
    0.4360657, 0.2224884, 0.0139160, 0.3851471, 0.7168732, 0.0970764, 0.1430664, 0.0606079,
    0.7140961,
  ]

  /// Reads a profile whose structure was found sound; nil when it isn't of this kind.
  ///
  /// - Parameters:
  ///   - bytes: the profile.
  ///   - levels: the number of coded levels: 256 or 65,536.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, levels: Int = 256) {
    let reader = ProfileReader(bytes)
    // A profile with tables means them to be used.
    guard reader.text(at: 16) == "RGB ", reader.text(at: 20) == "XYZ ", reader.tag("A2B0") == nil,
      reader.tag("A2B1") == nil
    else { return nil }
    var colourants: [Double] = []
    var curves: [ToneCurve] = []
    for band in ["r", "g", "b"] {
      guard let xyz = reader.tag("\(band)XYZ"), let values = reader.xyz(xyz),
        let place = reader.tag("\(band)TRC"), let curve = reader.curve(place)
      else { return nil }
      colourants += values
      curves.append(curve)
    }
    self.init(colourants: colourants, curves: curves, levels: levels)
  }

  /// Takes colors that a file states outside of a profile; nil for primaries that can't be
  /// converted.
  init?(_ stated: StatedColours, levels: Int) {
    guard let colourants = stated.colourants else { return nil }
    self.init(
      colourants: colourants, curves: Array(repeating: stated.curve, count: 3), levels: levels)
  }

  private init?(colourants: [Double], curves: [ToneCurve], levels: Int) {
    guard let inverse = Matrix3(rows: Self.sRGB).inverse else { return nil }
    self.levels = levels
    columns = (0..<3).map { band in
      let light = Array(colourants[(3 * band)..<(3 * band + 3)]) * inverse
      return SIMD4(Float(light[0]), Float(light[1]), Float(light[2]), 0)
    }
    // Light beyond the table's ends can't come up, however odd the profile.
    let reach = columns.reduce((low: SIMD4<Float>.zero, high: SIMD4<Float>.zero)) { reach, column in
      (
        reach.low + column.replacing(with: 0, where: column .> 0),
        reach.high + column.replacing(with: 0, where: column .< 0)
      )
    }
    let coarse = curves.flatMap { $0.table(levels: 256) }
    linear = levels == 256 ? coarse : curves.flatMap { $0.table(levels: levels) }
    guard reach.low.min() > -0.99, reach.high.max() < 2.99,
      linear.allSatisfy({ (0...1).contains($0) })
    else { return nil }
    isIdentity = Self.keepsLevels(linear: coarse, columns: columns)
  }

  /// Converts interleaved pixels of any depth, with or without alpha, to 8-bit sRGB.
  ///
  /// - Parameters:
  ///   - samples: the pixels: levels of as many bits as the tables were made for.
  ///   - bands: 3, or 4 with alpha.
  ///   - pixels: how many.
  ///   - target: where three bytes a pixel go.
  ///   - background: the gray level over which transparent pixels are blended.
  func convert<Level: FixedWidthInteger & UnsignedInteger>(
    _ samples: UnsafePointer<Level>, bands: Int, pixels: Int,
    to target: UnsafeMutablePointer<UInt8>, background: UInt8
  ) {
    precondition(Int(Level.max) == levels - 1, "levels and tables fit")
    let steps = SIMD4<Float>(repeating: Float(Self.steps))
    let shift = SIMD4<Float>(repeating: 8_388_608 + Float(Self.steps))
    let top = Int(Level.max)
    for pixel in 0..<pixels {
      let place = samples + bands * pixel
      var light = columns[0] * linear[Int(place[0])]
      light += columns[1] * linear[levels + Int(place[1])]
      light += columns[2] * linear[2 * levels + Int(place[2])]
      let index = unsafeBitCast(light * steps + shift, to: SIMD4<UInt32>.self) & 0xFFFF
      let alpha = bands > 3 ? Int(place[3]) : top
      for band in 0..<3 {
        let level = Int(Self.coded[Int(index[band])])
        let blended = level * alpha + Int(background) * (top - alpha)
        target[3 * pixel + band] = UInt8((blended + top / 2) / top)
      }
    }
  }

  /// Converts interleaved 8-bit RGB pixels to sRGB in place.
  func convert(_ samples: UnsafeMutablePointer<UInt8>, pixels: Int) {
    Self.convert(samples, pixels: pixels, linear: linear, columns: columns)
  }

  /// Converts with the given tables.
  private static func convert(
    _ samples: UnsafeMutablePointer<UInt8>, pixels: Int, linear: [Float], columns: [SIMD4<Float>]
  ) {
    let top = SIMD4<Float>(repeating: Float(steps))
    let (red, green, blue) = (columns[0] * top, columns[1] * top, columns[2] * top)
    // Adding 2²³ leaves the rounded step in the low bits of the float; the table starts at −1.
    let shift = SIMD4<Float>(repeating: 8_388_608 + Float(steps))
    linear.withUnsafeBufferPointer { linear in
      coded.withUnsafeBufferPointer { coded in
        var sample = samples
        for _ in 0..<pixels {
          var light = red * linear[Int(sample[0])]
          light += green * linear[256 + Int(sample[1])]
          light += blue * linear[512 + Int(sample[2])]
          let index = unsafeBitCast(light + shift, to: SIMD4<UInt32>.self) & 0xFFFF
          sample[0] = coded[Int(index.x)]
          sample[1] = coded[Int(index.y)]
          sample[2] = coded[Int(index.z)]
          sample += 3
        }
      }
    }
  }

  /// Whether a grid of colors comes back unchanged.
  private static func keepsLevels(linear: [Float], columns: [SIMD4<Float>]) -> Bool {
    let levels = (0...15).map { UInt8(17 * $0) } + (0...255).map { UInt8($0) }
    var colours: [UInt8] = []
    for red in levels.prefix(16) {
      for green in levels.prefix(16) {
        for blue in levels.prefix(16) { colours += [red, green, blue] }
      }
    }
    for level in levels.dropFirst(16) { colours += [level, level, level] }
    let original = colours
    colours.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      convert(start, pixels: buffer.count / 3, linear: linear, columns: columns)
    }
    // The published sRGB profiles differ from the standard's formula by a level here and there.
    return zip(original, colours).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
  }
}

/// Reads the parts of an ICC profile within its bounds.
private struct ProfileReader {
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// A big-endian 16-bit number, 0 outside the profile.
  func short(at offset: Int) -> Int {
    guard offset >= 0, offset + 2 <= bytes.count else { return 0 }
    return Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  /// A big-endian 32-bit number, 0 outside the profile.
  func number(at offset: Int) -> Int { short(at: offset) << 16 | short(at: offset + 2) }

  /// A signed number with 16 binary places.
  func fixed(at offset: Int) -> Double {
    Double(Int32(truncatingIfNeeded: number(at: offset))) / 65_536
  }

  /// A four-character signature.
  func text(at offset: Int) -> String {
    guard offset >= 0, offset + 4 <= bytes.count else { return "" }
    return String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
  }

  /// Where a tag's data lies.
  func tag(_ name: String) -> (offset: Int, length: Int)? {
    for index in 0..<min(number(at: 128), (bytes.count - 132) / 12) {
      let entry = 132 + 12 * index
      guard text(at: entry) == name else { continue }
      let offset = number(at: entry + 4)
      let length = number(at: entry + 8)
      return offset + length <= bytes.count ? (offset, length) : nil
    }
    return nil
  }

  /// The three numbers of an XYZ tag.
  func xyz(_ place: (offset: Int, length: Int)) -> [Double]? {
    guard place.length >= 20, text(at: place.offset) == "XYZ " else { return nil }
    return (0..<3).map { fixed(at: place.offset + 8 + 4 * $0) }
  }

  /// The curve of a tag.
  func curve(_ place: (offset: Int, length: Int)) -> ToneCurve? {
    guard place.length >= 12 else { return nil }
    switch text(at: place.offset) {
    case "curv":
      let count = number(at: place.offset + 8)
      if count == 0 { return .power(1) }
      guard place.length >= 12 + 2 * count else { return nil }
      if count == 1 { return .power(Double(short(at: place.offset + 12)) / 256) }
      return .table((0..<count).map { Double(short(at: place.offset + 12 + 2 * $0)) })
    case "para":
      let kind = short(at: place.offset + 8)
      let counts = [1, 3, 4, 5, 7]
      guard kind < counts.count, place.length >= 12 + 4 * counts[kind] else { return nil }
      return .parametric(
        kind: kind, (0..<counts[kind]).map { fixed(at: place.offset + 12 + 4 * $0) })
    default:
      return nil
    }
  }
}
