/// A random generator that gives the same numbers on every machine for the same seed: xoshiro256**.
///
/// ``stream(_:)`` splits it into independent generators, one for each piece of parallel work, so
/// that results do not depend on the number of threads.
///
/// Source: Blackman and Vigna 2021, doi:10.1145/3460772; seeded by SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private let seed: UInt64
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Starts the sequence of a seed.
  public init(seed: UInt64) {
    self.seed = seed
    var mixer = seed
    s0 = Self.splitMix(&mixer)
    s1 = Self.splitMix(&mixer)
    s2 = Self.splitMix(&mixer)
    s3 = Self.splitMix(&mixer)
  }

  /// An independent generator for the piece of work number `index`.
  ///
  /// It depends on the seed and the index alone, not on how many numbers were drawn before.
  public func stream(_ index: UInt64) -> SeededGenerator {
    var mixer = index ^ 0x6A09_E667_F3BC_C908
    var combined = seed ^ Self.splitMix(&mixer)
    return SeededGenerator(seed: Self.splitMix(&combined))
  }

  /// An independent generator for the piece of work with a name, such as a scene.
  public func stream(named name: String) -> SeededGenerator { stream(Self.hash(name)) }

  /// A 64-bit hash of a text that is the same on every machine and in every run (FNV-1a).
  public static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(s1 &* 5, by: 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = Self.rotate(s3, by: 45)
    return result
  }

  /// A number in 0 ..< 1, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number, by inversion: each takes exactly one draw.
  public mutating func normal() -> Double {
    StandardNormal.quantile((Double(next() >> 12) + 0.5) * 0x1p-52)
  }

  /// A whole number in 0 ..< `count`, each equally likely; 0 when `count` is below 2.
  public mutating func index(below count: Int) -> Int {
    guard count > 1 else { return 0 }
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// The elements in random order (Fisher and Yates).
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(last, index(below: last + 1))
    }
    return result
  }

  private static func rotate(_ x: UInt64, by count: UInt64) -> UInt64 {
    (x << count) | (x >> (64 - count))
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
