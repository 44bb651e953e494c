/// The axes of a chart, and the area between them.
struct PlotFrame {
  let size: ChartSize
  let height: Double
  let x: LinearScale
  let y: LinearScale
  private let xAxis: Axis
  private let yAxis: Axis
  private let legend: Legend

  /// Room for the labels at the left of and under the area.
  static let left = 62.0
  static let right = 18.0
  static let bottom = 50.0

  init(
    size: ChartSize, xAxis: Axis, yAxis: Axis, xEnds: Axis.Ends, yEnds: Axis.Ends,
    legend: [Legend.Entry] = [], top: Double = 14, height: Double? = nil
  ) {
    self.size = size
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.legend = Legend(legend, width: size.width - Self.left - Self.right)
    let height = (height ?? size.height) + self.legend.height
    self.height = height
    x = LinearScale(ends: xEnds, start: Self.left, end: size.width - Self.right)
    y = LinearScale(ends: yEnds, start: height - Self.bottom, end: self.legend.height + top)
  }

  var width: Double { x.end - x.start }
  /// The top of the area.
  var top: Double { y.end }
  /// The bottom of the area.
  var bottom: Double { y.start }

  /// Grid, ticks, labels and legend.
  ///
  /// `xTicks` and `yTicks` are false where the chart writes its own.
  func axes(xTicks: Bool = true, yTicks: Bool = true) -> Markup {
    let across = AxisTicks(low: x.ends.low, high: x.ends.high, about: size == .small ? 6 : 9)
    let up = AxisTicks(low: y.ends.low, high: y.ends.high, about: 6)
    return .element(.g) {
      legend.markup(x: Self.left)
      if yTicks {
        for (value, label) in zip(up.values, up.labels) {
          Self.line(.init(x.start, y(value)), .init(x.end, y(value)), "grid")
          Self.text(label, x: x.start - 8, y: y(value) + 4, "tick end")
        }
      }
      if xTicks {
        for (value, label) in zip(across.values, across.labels) {
          Self.line(.init(x(value), bottom), .init(x(value), bottom + 4), "axis")
          Self.text(label, x: x(value), y: bottom + 18, "tick middle")
        }
      }
      Self.line(.init(x.start, bottom), .init(x.end, bottom), "axis")
      Self.text(xAxis.label, x: (x.start + x.end) / 2, y: height - 8, "label middle")
      Markup.element(
        .text, .class("label middle"),
        Markup.Attribute(
          .transform,
          "translate(14 \(NumberFormat.compact((top + bottom) / 2, decimals: 1))) rotate(-90)")
      ) { yAxis.label }
    }
  }

  /// The words in the middle of an empty chart.
  func placeholder(_ words: String) -> Markup {
    Self.text(words, x: (x.start + x.end) / 2, y: (top + bottom) / 2, "label middle")
  }

  /// A point of the drawing.
  struct Place {
    let x: Double
    let y: Double
    init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  static func line(_ from: Place, _ to: Place, _ looks: String) -> Markup {
    .element(
      .line, .class(looks), .number(.x1, from.x), .number(.y1, from.y), .number(.x2, to.x),
      .number(.y2, to.y))
  }

  static func text(_ words: String, x: Double, y: Double, _ looks: String) -> Markup {
    .element(.text, .class(looks), .number(.x, x), .number(.y, y)) { words }
  }

  static func rect(
    x: Double, y: Double, width: Double, height: Double, _ looks: String, tooltip: String? = nil
  ) -> Markup {
    .element(
      .rect, .class(looks), .number(.x, x), .number(.y, y), .number(.width, max(width, 0)),
      .number(.height, max(height, 0))
    ) {
      if let tooltip { Markup.element(.title, text: tooltip) }
    }
  }

  /// A path through points.
  static func polyline(_ places: [Place]) -> String {
    places.enumerated().map { index, place in
      "\(index == 0 ? "M" : "L")\(NumberFormat.compact(place.x, decimals: 2))"
        + " \(NumberFormat.compact(place.y, decimals: 2))"
    }.joined()
  }
}
