/// The shape of a point, by series.
enum Marker {
  /// The number of shapes.
  static let count = 7

  /// The path of a shape around a place, about `radius` in every direction.
  static func path(_ series: Int, x: Double, y: Double, radius r: Double) -> String {
    func at(_ dx: Double, _ dy: Double) -> String {
      "\(NumberFormat.compact(x + dx, decimals: 2)) \(NumberFormat.compact(y + dy, decimals: 2))"
    }
    func polygon(_ corners: [(Double, Double)]) -> String {
      "M" + corners.map { at($0.0, $0.1) }.joined(separator: "L") + "Z"
    }
    let size = NumberFormat.compact(r, decimals: 2)
    switch Palette.wrap(series, count) {
    case 0:
      return "M\(at(-r, 0))A\(size) \(size) 0 1 1 \(at(r, 0))A\(size) \(size) 0 1 1 \(at(-r, 0))Z"
    case 1:
      return polygon([
        (-0.9 * r, -0.9 * r), (0.9 * r, -0.9 * r), (0.9 * r, 0.9 * r), (-0.9 * r, 0.9 * r),
      ])
    case 2: return polygon([(0, -1.2 * r), (1.1 * r, 0.8 * r), (-1.1 * r, 0.8 * r)])
    case 3: return polygon([(0, -1.3 * r), (1.3 * r, 0), (0, 1.3 * r), (-1.3 * r, 0)])
    case 4: return polygon([(0, 1.2 * r), (1.1 * r, -0.8 * r), (-1.1 * r, -0.8 * r)])
    case 5:
      let arm = 0.4 * r
      let tip = 1.2 * r
      return polygon([
        (-arm, -tip), (arm, -tip), (arm, -arm), (tip, -arm), (tip, arm), (arm, arm), (arm, tip),
        (-arm, tip), (-arm, arm), (-tip, arm), (-tip, -arm), (-arm, -arm),
      ])
    default:
      let arm = 0.55 * r
      let tip = 1.1 * r
      return polygon([
        (-tip, -tip + arm), (-tip + arm, -tip), (0, -arm), (tip - arm, -tip), (tip, -tip + arm),
        (arm, 0), (tip, tip - arm), (tip - arm, tip), (0, arm), (-tip + arm, tip),
        (-tip, tip - arm), (-arm, 0),
      ])
    }
  }

  /// A point of a series with its tooltip; a hollow one shows the ground inside.
  static func draw(
    _ series: Int, shape: Int? = nil, x: Double, y: Double, radius: Double, tooltip: String?,
    isHollow: Bool = false,
    isFaint: Bool = false
  ) -> Markup {
    let looks = "\(Palette.colourClass(series)) \(isHollow ? "hollow" : "mark")"
    let path = Markup.Attribute(.d, Self.path(shape ?? series, x: x, y: y, radius: radius))
    return .element(.path, .class(isFaint ? looks + " faint" : looks), path) {
      if let tooltip { Markup.element(.title, text: tooltip) }
    }
  }
}
