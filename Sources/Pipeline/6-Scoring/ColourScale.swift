import Foundation

/// Colours from dark violet for the worst to yellow for the best, distinguishable with every color
/// vision and in gray.
///
/// The lightness rises steadily. Source of the stops: the viridis map of van der Walt and Smith
/// 2015, CC0.
public struct ColourScale: Hashable, Sendable {
  /// The value of the first colour.
  public let low: Double
  /// The value of the last colour.
  public let high: Double

  private static let stops: [[Double]] = [
    [68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137],
    [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37],
  ]

  /// Makes a scale; ends that are equal or the wrong way round are put right.
  public init(low: Double, high: Double) {
    let (first, last) = (min(low, high), max(low, high))
    let isFlat = last - first < 1e-9 * max(1, abs(first), abs(last))
    self.low = isFlat ? first - 0.5 : first
    self.high = isFlat ? last + 0.5 : last
  }

  /// The scale of a photo's patches, from the worst to the best.
  public init(covering patches: [PatchScore]) {
    self.init(
      low: patches.map(\.score).min() ?? 0, high: patches.map(\.score).max() ?? 1)
  }

  /// The colour of a value: red, green, blue in 0…255; values outside take the end's.
  public func colour(of value: Double) -> [Double] {
    let share = min(max((value - low) / (high - low), 0), 1)
    let place = share * Double(Self.stops.count - 1)
    let first = min(Int(place), Self.stops.count - 2)
    let part = place - Double(first)
    return (0..<3).map {
      Self.stops[first][$0] * (1 - part) + Self.stops[first + 1][$0] * part
    }
  }

  /// Round values inside the scale, 4 to 8 of them, and the decimals that they need.
  public var ticks: (values: [Double], decimals: Int) {
    let rough = (high - low) / 5
    let power = pow(10, floor(log10(rough)))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    let first = Int((low / step).rounded(.up))
    let last = Int((high / step).rounded(.down))
    let decimals = max(0, Int((-log10(step)).rounded(.up)))
    guard first <= last, last - first < 20 else { return ([low, high], 2) }
    return ((first...last).map { Double($0) * step }, min(decimals, 6))
  }
}
