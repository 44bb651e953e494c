/// Values that follow one another, such as a loss over epochs, one line a series.
public struct LineChart: Chart {
  /// One line.
  public struct Series: Hashable, Sendable {
    /// The name in the legend.
    public var name: String
    /// The places across.
    public let x: [Double]
    /// The values, as many as ``x``; one that isn't finite interrupts the line.
    public let y: [Double]
    /// The interval of every value, `nil` where there is none, drawn as a band behind the line;
    /// empty for no band.
    public let intervals: [Span?]

    /// Makes a line; the longer of the lists are cut to the shortest one's length.
    public init(_ name: String, x: [Double], y: [Double], intervals: [Span?] = []) {
      let count = min(x.count, y.count, intervals.isEmpty ? .max : intervals.count)
      self.name = name
      self.x = Array(x.prefix(count))
      self.y = Array(y.prefix(count))
      self.intervals = Array(intervals.prefix(count))
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis across.
  public var xAxis: Axis
  /// The axis up.
  public var yAxis: Axis
  /// The lines.
  public var series: [Series]
  /// The size.
  public var size: ChartSize

  /// Makes a chart.
  public init(
    title: String, xAxis: Axis, yAxis: Axis, series: [Series], size: ChartSize = .small
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
    self.size = size
  }

  /// Every value of every line.
  public var data: TextTable {
    TextTable(
      caption: title, columns: ["Series", xAxis.label, yAxis.label],
      rows: series.flatMap { series in
        zip(series.x, series.y).map {
          [
            series.name, NumberFormat.compact($0, decimals: 4),
            NumberFormat.typeset($1, decimals: 4),
          ]
        }
      })
  }

  /// Lays the chart out.
  public func drawing() -> Drawing {
    let points = series.flatMap { zip($0.x, $0.y) }
    let drawable = points.filter { Axis.canDraw($0.0) && Axis.canDraw($0.1) }
    let frame = PlotFrame(
      size: size, xAxis: xAxis, yAxis: yAxis,
      xEnds: xAxis.ends(for: drawable.map(\.0), margin: 0.02),
      yEnds: yAxis.ends(for: drawable.map(\.1)),
      legend: series.count < 2
        ? []
        : series.enumerated().map {
          Legend.Entry(name: $0.element.name, series: $0.offset, look: .line)
        })
    let marks = Markup.element(.g) {
      frame.axes()
      for (index, series) in series.enumerated() { band(series, index, in: frame) }
      for (index, series) in series.enumerated() { line(series, index, in: frame) }
      if drawable.isEmpty { frame.placeholder("No data") }
    }
    return Drawing(
      size: size, height: frame.height, marks: marks,
      notes: ChartLimits.notes(
        all: points.count, drawable: drawable.count, noun: "value", plural: "values"))
  }

  private func band(_ series: Series, _ index: Int, in frame: PlotFrame) -> Markup {
    let edges = zip(series.x, series.intervals).compactMap { x, interval in
      interval.flatMap {
        Axis.canDraw(x) && Axis.canDraw($0.low) && Axis.canDraw($0.high)
          ? (x: frame.x(x), low: frame.y($0.low), high: frame.y($0.high)) : nil
      }
    }
    guard edges.count > 1 else { return .fragment([]) }
    let outline =
      edges.map { PlotFrame.Place($0.x, $0.high) }
      + edges.reversed().map { PlotFrame.Place($0.x, $0.low) }
    return .element(
      .path, .class("\(Palette.colourClass(index)) band"),
      Markup.Attribute(.d, PlotFrame.polyline(outline) + "Z"))
  }

  private func line(_ series: Series, _ index: Int, in frame: PlotFrame) -> Markup {
    var runs: [[PlotFrame.Place]] = [[]]
    let step = max(1, series.x.count / ChartLimits.tooltips)
    for position in stride(from: 0, to: series.x.count, by: step) {
      if Axis.canDraw(series.x[position]), Axis.canDraw(series.y[position]) {
        runs[runs.count - 1].append(
          .init(frame.x(series.x[position]), frame.y(series.y[position])))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    return .fragment(
      runs.filter { !$0.isEmpty }.map { run in
        run.count == 1
          ? Marker.draw(
            index, shape: 0, x: run[0].x, y: run[0].y, radius: 3, tooltip: series.name)
          : .element(
            .path, .class(Palette.lineClass(index)), Markup.Attribute(.d, PlotFrame.polyline(run))
          ) { Markup.element(.title, text: series.name) }
      })
  }
}
