internal import Glibc

/// How coded levels of a color become linear light.
enum ToneCurve: Hashable, Sendable, Codable {
  /// The curve of IEC 61966-2-1.
  case sRGB
  /// Light is the level to this power.
  case power(Double)
  /// Light at evenly spaced levels, linear between.
  case table([Double])
  /// A parametric curve of an ICC profile, types 0 to 4, with its parameters in order.
  case parametric(kind: Int, [Double])

  /// Linear light for a level of 0…1.
  func light(_ level: Double) -> Double {
    switch self {
    case .sRGB: level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)
    case .power(let exponent): pow(level, exponent)
    case .table(let values): Self.interpolated(values, level)
    case .parametric(let kind, let p): min(max(Self.parametric(kind, p, level), 0), 1)
    }
  }

  /// Linear light for so many evenly spaced levels of 0…1, as single-precision numbers.
  func table(levels: Int) -> [Float] {
    (0..<levels).map { Float(light(Double($0) / Double(levels - 1))) }
  }

  private static func interpolated(_ values: [Double], _ level: Double) -> Double {
    let position = level * Double(values.count - 1)
    let index = min(Int(position), values.count - 2)
    let (low, high) = (values[index], values[index + 1])
    return (low + (position - Double(index)) * (high - low)) / 65_535
  }

  private static func parametric(_ kind: Int, _ p: [Double], _ x: Double) -> Double {
    func power() -> Double { pow(max(0, p[1] * x + p[2]), p[0]) }
    switch kind {
    case 0: return pow(x, p[0])
    case 1: return p[1] * x + p[2] >= 0 ? power() : 0
    case 2: return p[1] * x + p[2] >= 0 ? power() + p[3] : p[3]
    case 3: return x >= p[4] ? power() : p[3] * x
    default: return x >= p[4] ? power() + p[5] : p[3] * x + p[6]
    }
  }
}
