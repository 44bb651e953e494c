/// The colors that a PNG states outside of an embedded profile.
///
/// cICP goes before an embedded profile, that before sRGB, and that before cHRM and gAMA (PNG third
/// edition, 4.3).
enum PNGColours {
  /// Reads the chunks in front of the pixels.
  ///
  /// - Returns: what they say, and whether it goes before an embedded profile.
  static func read(_ file: FileBytes) -> (ColourStatement?, overridesProfile: Bool) {
    var offset = 8
    var points: [StatedColours.Point]?
    var gamma: Double?
    var isSRGB = false
    for _ in 0..<1000 {
      let head = file.bytes(at: offset, 8)
      guard let length = head.number(at: 0, 4), head.count == 8 else { break }
      let name = head.code(at: 4)
      if name == "IDAT" || name == "IEND" { break }
      let data = file.bytes(at: offset + 8, min(length, 32))
      switch name {
      case "cICP" where data.count == 4:
        let colours = StatedColours.codePoints(
          primaries: Int(data[0]), transfer: Int(data[1]), source: "PNG cICP")
        return (colours, true)
      case "sRGB": isSRGB = true
      case "gAMA": gamma = data.number(at: 0, 4).map { Double($0) / 100_000 }
      case "cHRM":
        let numbers = (0..<8).compactMap { data.number(at: 4 * $0, 4).map { Double($0) / 100_000 } }
        if numbers.count == 8 {
          points = (0..<4).map { StatedColours.Point(numbers[2 * $0], numbers[2 * $0 + 1]) }
        }
      default: break
      }
      offset += 12 + length
    }
    return (isSRGB ? nil : StatedColours.png(points: points, gamma: gamma), false)
  }
}
