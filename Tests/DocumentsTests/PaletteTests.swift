import Documents
import Foundation
import Testing

@Suite struct PaletteTests {
  /// Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
  static let visions: [(name: String, matrix: [[Double]])] = [
    ("full", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    ),
    (
      "deuteranopia",
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    ),
    (
      "tritanopia",
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    ),
  ]

  @Test(arguments: [true, false]) func coloursStandOutAndApart(isLight: Bool) {
    let colours = (isLight ? Palette.light : Palette.dark).map(linear)
    let ground = linear(isLight ? Palette.lightGround : Palette.darkGround)
    for colour in colours {
      let bright = max(luminance(colour), luminance(ground)) + 0.05
      let dim = min(luminance(colour), luminance(ground)) + 0.05
      // WCAG 2.1, 1.4.11: graphics need a contrast of 3.
      #expect(bright / dim >= 3)
    }
    for vision in Self.visions {
      let seen = colours.map { colour in
        lab(vision.matrix.map { row in zip(row, colour).map(*).reduce(0, +) })
      }
      for first in seen.indices {
        for second in seen.indices where second > first {
          let difference = zip(seen[first], seen[second]).map { ($0 - $1) * ($0 - $1) }
            .reduce(0, +).squareRoot()
          // A CIELAB difference of 10 is plain at a glance; about 2.3 is just noticeable.
          #expect(difference > 10, "\(vision.name): \(first) and \(second)")
        }
      }
    }
  }

  private func linear(_ hex: String) -> [Double] {
    let value = Int(hex.dropFirst(), radix: 16) ?? 0
    return [value >> 16, value >> 8 & 255, value & 255].map { level in
      let share = Double(level) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
  }

  private func luminance(_ rgb: [Double]) -> Double {
    0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
  }

  private func lab(_ rgb: [Double]) -> [Double] {
    let rgb = rgb.map { min(max($0, 0), 1) }
    let xyz = [
      (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047, luminance(rgb),
      (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883,
    ].map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16.0 / 116 }
    return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])]
  }
}
