/// One horizontal bar for each named value, from zero.
public struct BarChart: Chart {
  /// One bar.
  public struct Bar: Hashable, Sendable {
    /// The name beside the bar.
    public var label: String
    /// The value.
    public var value: Double
    /// The interval of the value, if known.
    public var interval: Span?

    /// Makes a bar.
    public init(_ label: String, value: Double, interval: Span? = nil) {
      self.label = label
      self.value = value
      self.interval = interval
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis of the values.
  public var axis: Axis
  /// What a bar is, such as `Model`.
  public var barsTitle: String
  /// The bars, from the top to the bottom.
  public var bars: [Bar]
  /// The number of decimals of the values beside the bars.
  public var decimals: Int
  /// The size.
  public var size: ChartSize

  /// Makes a chart.
  public init(
    title: String, axis: Axis, barsTitle: String, bars: [Bar], decimals: Int = 2,
    size: ChartSize = .regular
  ) {
    self.title = title
    self.axis = axis
    self.barsTitle = barsTitle
    self.bars = bars
    self.decimals = decimals
    self.size = size
  }

  /// Every bar with its value.
  public var data: TextTable {
    TextTable(
      caption: title, columns: [barsTitle, axis.label, "Interval"],
      rows: bars.map {
        [
          $0.label, NumberText.typeset($0.value, decimals: 3),
          $0.interval?.text(decimals: 3) ?? "",
        ]
      })
  }

  /// Lays the chart out.
  public func drawing() -> Drawing {
    let drawable = bars.filter { Axis.canDraw($0.value) }
    let shown = Array(drawable.prefix(400))
    let rowHeight = 26.0
    let top = 8.0
    let bottom = top + rowHeight * Double(max(shown.count, 1))
    let names = min(0.36 * size.width, 230)
    var axis = axis
    axis.includes.append(0)
    var values = shown.map(\.value)
    for bar in shown {
      if let span = bar.interval, span.canDraw { values += [span.low, span.high] }
    }
    let x = LinearScale(ends: axis.ends(for: values), start: names, end: size.width - 64)
    let ticks = AxisTicks(low: x.ends.low, high: x.ends.high, about: 6)
    let marks = Markup.element(.g) {
      for (value, label) in zip(ticks.values, ticks.labels) {
        PlotFrame.line(.init(x(value), top), .init(x(value), bottom), "grid")
        PlotFrame.text(label, x: x(value), y: bottom + 16, "tick middle")
      }
      PlotFrame.text(axis.label, x: (x.start + x.end) / 2, y: bottom + 36, "label middle")
      for (index, bar) in shown.enumerated() {
        row(bar, y: top + (Double(index) + 0.5) * rowHeight, names: names, x: x)
      }
      if shown.isEmpty {
        PlotFrame.text("No data", x: (x.start + x.end) / 2, y: top + 15, "label middle")
      }
    }
    var notes = ChartLimits.notes(
      all: bars.count, drawable: drawable.count, noun: "value", plural: "values")
    if shown.count < drawable.count {
      notes.append("The first \(shown.count) of \(drawable.count) bars are drawn.")
    }
    return Drawing(size: size, height: bottom + 44, marks: marks, notes: notes)
  }

  private func row(_ bar: Bar, y: Double, names: Double, x: LinearScale) -> Markup {
    let zero = x(0)
    let end = x(bar.value)
    let value = NumberText.typeset(bar.value, decimals: decimals)
    let farthest = max(end, zero, bar.interval.map { x($0.high) } ?? 0)
    return .element(.g) {
      PlotFrame.text(
        DisplayWidth.shortened(TextTable.visible(bar.label), to: Int(names / 6.8) - 2),
        x: names - 10, y: y + 4, "end")
      PlotFrame.rect(
        x: min(zero, end), y: y - 8, width: (end - zero).magnitude, height: 16, "s0 fill",
        tooltip: "\(bar.label): \(value)")
      if let span = bar.interval {
        PlotFrame.line(.init(x(span.low), y), .init(x(span.high), y), "axis")
      }
      PlotFrame.text(value, x: farthest + 6, y: y + 4, "tick")
    }
  }
}
