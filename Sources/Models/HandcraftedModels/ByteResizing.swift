/// Resizes colour photos with the bicubic kernel as 8-bit photos are resized: rounded after each
/// direction.
///
/// The kernel is widened where the photo shrinks. The direction that shrinks more goes first.
/// Beyond the border the photo is mirrored with its outermost pixels repeated.
enum ByteResizing {
  /// A photo of another size.
  static func resized(_ photo: ColourPlane, widthPixels: Int, heightPixels: Int) -> [UInt8] {
    let width = photo.widthPixels
    let height = photo.heightPixels
    // Cross-multiplied: the ratio of the widths against that of the heights.
    if widthPixels * height < heightPixels * width {
      let narrow = horizontal(photo.samples, width, height, widthPixels)
      return vertical(narrow, widthPixels, height, heightPixels)
    }
    let low = vertical(photo.samples, width, height, heightPixels)
    return horizontal(low, width, heightPixels, widthPixels)
  }

  /// The taps of one output pixel.
  private struct Taps: Sendable {
    var places: [Int] = []
    var weights: [Double] = []
  }

  private static func taps(_ input: Int, _ output: Int) -> [Taps] {
    let scale = Double(output) / Double(input)
    let shrink = min(scale, 1)
    let radius = 2 / shrink
    return (0..<output).map { index in
      let centre = (Double(index) + 0.5) / scale - 0.5
      let first = Int((centre - radius).rounded(.down))
      let last = Int((centre + radius).rounded(.up))
      var taps = Taps()
      for place in first...last {
        let weight = BicubicHalving.cubic((centre - Double(place)) * shrink)
        guard weight != 0 else { continue }
        taps.places.append(BicubicHalving.mirrored(place, input))
        taps.weights.append(weight)
      }
      let sum = taps.weights.reduce(0, +)
      taps.weights = taps.weights.map { $0 / sum }
      return taps
    }
  }

  private static func byte(_ value: Double) -> UInt8 {
    UInt8(min(max(value, 0), 255).rounded(.toNearestOrAwayFromZero))
  }

  private static func vertical(
    _ samples: [UInt8], _ width: Int, _ height: Int, _ output: Int
  ) -> [UInt8] {
    let all = taps(height, output)
    let row = 3 * width
    return [UInt8](unsafeUninitializedCapacity: row * output) { out, filled in
      guard let rows = DisjointRows(out) else { return }
      inParallel(count: output, strip: 16) { strip in
        samples.withUnsafeBufferPointer { samples in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: row) { sums in
            for y in strip {
              sums.initialize(repeating: 0)
              for (place, weight) in zip(all[y].places, all[y].weights) {
                for x in 0..<row { sums[x] += weight * Double(samples[place * row + x]) }
              }
              for x in 0..<row { rows.values[y * row + x] = byte(sums[x]) }
            }
          }
        }
      }
      filled = row * output
    }
  }

  private static func horizontal(
    _ samples: [UInt8], _ width: Int, _ height: Int, _ output: Int
  ) -> [UInt8] {
    let all = taps(width, output)
    return [UInt8](unsafeUninitializedCapacity: 3 * output * height) { out, filled in
      guard let rows = DisjointRows(out) else { return }
      inParallel(count: height, strip: 16) { strip in
        samples.withUnsafeBufferPointer { samples in
          for y in strip {
            for (x, taps) in all.enumerated() {
              var (red, green, blue) = (0.0, 0.0, 0.0)
              for index in taps.places.indices {
                let source = 3 * (y * width + taps.places[index])
                let weight = taps.weights[index]
                red += weight * Double(samples[source])
                green += weight * Double(samples[source + 1])
                blue += weight * Double(samples[source + 2])
              }
              let target = 3 * (y * output + x)
              rows.values[target] = byte(red)
              rows.values[target + 1] = byte(green)
              rows.values[target + 2] = byte(blue)
            }
          }
        }
      }
      filled = 3 * output * height
    }
  }
}
