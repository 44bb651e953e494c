/// Points in a plane, by series, with error bars and lines to compare with.
public struct ScatterChart: Chart {
  /// One point.
  public struct Point: Hashable, Sendable {
    /// What the point stands for, shown in its tooltip.
    public var label: String
    /// The place across.
    public var x: Double
    /// The place up.
    public var y: Double
    /// The interval across, if known.
    public var xInterval: Span?
    /// The interval up, if known.
    public var yInterval: Span?

    /// Makes a point.
    public init(
      _ label: String, x: Double, y: Double, xInterval: Span? = nil, yInterval: Span? = nil
    ) {
      self.label = label
      self.x = x
      self.y = y
      self.xInterval = xInterval
      self.yInterval = yInterval
    }
  }

  /// Points that look the same.
  public struct Series: Hashable, Sendable {
    /// The name in the legend.
    public var name: String
    /// The points.
    public var points: [Point]
    /// Whether the points stand back behind those of other series.
    public var isFaint: Bool
    /// The place in the palette; `nil` for the place among the chart's series.
    public var paletteIndex: Int?

    /// Makes a series.
    public init(
      _ name: String, points: [Point], isFaint: Bool = false, paletteIndex: Int? = nil
    ) {
      self.name = name
      self.points = points
      self.isFaint = isFaint
      self.paletteIndex = paletteIndex
    }
  }

  /// What the points are compared with.
  public enum Reference: Hashable, Sendable {
    /// The line y = x with a band of this half width.
    case identity(halfWidth: Double, label: String)
    /// One place, such as the ideal one.
    case point(x: Double, y: Double, label: String)
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis across.
  public var xAxis: Axis
  /// The axis up.
  public var yAxis: Axis
  /// The points.
  public var series: [Series]
  /// What the points are compared with.
  public var references: [Reference]
  /// The size.
  public var size: ChartSize
  /// Whether the points carry their labels in the drawing too.
  public var showsLabels: Bool

  /// Makes a chart.
  public init(
    title: String, xAxis: Axis, yAxis: Axis, series: [Series], references: [Reference] = [],
    size: ChartSize = .regular, showsLabels: Bool = false
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
    self.references = references
    self.size = size
    self.showsLabels = showsLabels
  }

  /// Every point with its series and intervals.
  public var data: TextTable {
    TextTable(
      caption: title, columns: ["Series", "Point", xAxis.label, yAxis.label],
      rows: series.flatMap { series in
        series.points.map { point in
          [
            series.name, point.label, Self.cell(point.x, point.xInterval),
            Self.cell(point.y, point.yInterval),
          ]
        }
      })
  }

  private static func cell(_ value: Double, _ interval: Span?) -> String {
    let number = NumberFormat.typeset(value, decimals: 3)
    return interval.map { "\(number) [\($0.text(decimals: 3))]" } ?? number
  }
}

/// Two ends of an interval on an axis.
public struct Span: Hashable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// Takes the ends in any order; `nil` unless both are numbers.
  public init?(_ low: Double, _ high: Double) {
    guard !low.isNaN, !high.isNaN else { return nil }
    self.low = Swift.min(low, high)
    self.high = Swift.max(low, high)
  }

  /// Whether both ends can be drawn.
  var canDraw: Bool { Axis.canDraw(low) && Axis.canDraw(high) }

  /// Both ends for people, such as `−0.31 … 0.42`.
  public func text(decimals: Int) -> String {
    "\(NumberFormat.typeset(low, decimals: decimals)) … \(NumberFormat.typeset(high, decimals: decimals))"
  }
}
