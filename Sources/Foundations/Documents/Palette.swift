/// The looks of the series of a chart: colour, marker and hatching.
///
/// Eight colors, distinguishable with protanopia, deuteranopia and tritanopia, run together with
/// seven markers and four hatchings, so that 56 series of points and 32 series of bars all look
/// different, in print without colour too.
public enum Palette {
  /// The colours on a light ground, as `#rrggbb`.
  public static let light = [
    "#1450b4", "#e8481c", "#2a7f66", "#b04aa6", "#819a2e", "#2f8aea", "#6d4560", "#22282d",
  ]
  /// The colours on a dark ground, as `#rrggbb`.
  public static let dark = [
    "#4b86ff", "#d08f2a", "#2fb877", "#b79bea", "#ffdd3c", "#aff0ff", "#95647f", "#edffd3",
  ]
  /// The ground of charts in the light theme.
  public static let lightGround = "#ffffff"
  /// The ground of charts in the dark theme.
  public static let darkGround = "#1c1c1e"

  /// The number of hatchings, the plain fill included.
  static let hatchings = 4

  /// The class that gives an element the colour of a series.
  static func colourClass(_ series: Int) -> String { "s\(wrap(series, light.count))" }

  /// The classes of a filled area of a series.
  static func fillClass(_ series: Int) -> String {
    let hatching = wrap(series, light.count * hatchings) / light.count
    return hatching == 0
      ? "\(colourClass(series)) fill" : "\(colourClass(series)) hatch\(hatching)"
  }

  /// The classes of a line of a series: colour and dashes.
  static func lineClass(_ series: Int) -> String {
    "\(colourClass(series)) line dash\(wrap(series, light.count * hatchings) / light.count)"
  }

  /// A whole number brought into 0 ..< count.
  static func wrap(_ index: Int, _ count: Int) -> Int {
    let rest = index % count
    return rest < 0 ? rest + count : rest
  }

  /// The colours as CSS variables for one theme.
  static func variables(_ colours: [String], ground: String) -> String {
    colours.enumerated().map { "--s\($0.offset):\($0.element);" }.joined()
      + "--ground:\(ground);"
  }

  /// The rules that tie the classes to the variables and to the hatchings of ``definitions``.
  static var rules: String {
    var rules = ""
    for series in light.indices {
      rules += ".s\(series){--c:var(--s\(series))}"
      for hatching in 1..<hatchings {
        rules += ".s\(series).hatch\(hatching){fill:url(#h\(hatching)s\(series))}"
      }
    }
    return rules
  }

  /// The hatchings; a page that shows charts holds them once.
  static var definitions: Markup {
    .element(.defs) {
      for series in light.indices {
        for hatching in 1..<hatchings {
          pattern(series, hatching)
        }
      }
    }
  }

  private static func pattern(_ series: Int, _ hatching: Int) -> Markup {
    let angle = hatching == 1 ? "rotate(45)" : hatching == 2 ? "rotate(-45)" : "rotate(0)"
    return .element(
      .pattern, .id("h\(hatching)s\(series)"), Markup.Attribute(.patternUnits, "userSpaceOnUse"),
      Markup.Attribute(.width, "5"), Markup.Attribute(.height, "5"),
      Markup.Attribute(.patternTransform, angle)
    ) {
      Markup.element(
        .rect, Markup.Attribute(.width, "5"), Markup.Attribute(.height, "5"),
        .class("\(colourClass(series)) fill"))
      Markup.element(.path, .class("hatch"), Markup.Attribute(.d, "M0 1H5"))
    }
  }
}
