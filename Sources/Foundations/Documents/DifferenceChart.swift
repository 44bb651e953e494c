/// Differences with their intervals around 0, one named row each, in the order given: a forest
/// plot.
///
/// A band shows which differences make none; dashed lines show from where on a difference can be
/// seen.
public struct DifferenceChart: Chart {
  /// One difference.
  public struct Item: Hashable, Sendable {
    /// Its name.
    public var label: String
    /// The difference.
    public var value: Double
    /// The interval, if known.
    public var interval: Span?
    /// The place in the palette.
    public var paletteIndex: Int
    /// Whether it stands for the others, and is drawn larger.
    public var isSummary: Bool

    /// Makes an item.
    public init(
      _ label: String, value: Double, interval: Span?, paletteIndex: Int = 0,
      isSummary: Bool = false
    ) {
      (self.label, self.value, self.interval) = (label, value, interval)
      (self.paletteIndex, self.isSummary) = (paletteIndex, isSummary)
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis of the differences.
  public var axis: Axis
  /// What an item is, such as `Scene`.
  public var itemsTitle: String
  /// The differences, from the top.
  public var items: [Item]
  /// Half the width of the band around 0; 0 for none.
  public var margin: Double
  /// The distance of the dashed lines from 0; nil for none.
  public var visible: Double?
  /// The size.
  public var size: ChartSize

  /// Makes a chart.
  public init(
    title: String, axis: Axis, itemsTitle: String, items: [Item], margin: Double = 0,
    visible: Double? = nil, size: ChartSize = .regular
  ) {
    (self.title, self.axis, self.itemsTitle) = (title, axis, itemsTitle)
    (self.items, self.margin, self.visible) = (items, margin, visible)
    self.size = size
  }

  /// Every difference with its interval.
  public var data: TextTable {
    TextTable(
      caption: title, columns: [itemsTitle, axis.label, "Interval"],
      rows: items.map { item in
        [
          item.label, NumberFormat.typeset(item.value, decimals: 3),
          item.interval?.text(decimals: 3) ?? "",
        ]
      })
  }

  /// Lays the chart out: the names at the left of their rows.
  public func drawing() -> Drawing {
    let names = min(0.34 * size.width, 240)
    return drawing(
      Layout(
        size: size, rowHeight: 24, start: names, end: size.width - 16, nameEnd: names - 10,
        markOffset: 12, columns: Int(names / 6.8) - 2, tickCount: 7))
  }

  /// Lays the chart out for a phone: every name stands above its row.
  public func phoneDrawing() -> Drawing? {
    let size = ChartSize.phone
    return drawing(
      Layout(
        size: size, rowHeight: 40, start: 8, end: size.width - 8, nameEnd: nil, markOffset: 27,
        columns: Int(size.width / 7) - 2, tickCount: 5))
  }

  /// Where the parts of the chart stand.
  private struct Layout {
    let size: ChartSize
    let rowHeight: Double
    /// The ends of the axis.
    let start: Double
    let end: Double
    /// The right end of the names; nil for names above their marks.
    let nameEnd: Double?
    /// How far a mark stands below the top of its row.
    let markOffset: Double
    /// The longest name, in columns of text.
    let columns: Int
    let tickCount: Int
  }

  private func drawing(_ layout: Layout) -> Drawing {
    let shown = items.filter { Axis.canDraw($0.value) }
    let top = 8.0
    let bottom = top + layout.rowHeight * Double(max(shown.count, 1))
    let x = LinearScale(ends: ends(shown), start: layout.start, end: layout.end)
    let ticks = AxisTicks(low: x.ends.low, high: x.ends.high, about: layout.tickCount)
    let marks = Markup.element(.g) {
      if margin > 0 {
        PlotFrame.rect(
          x: x(-margin), y: top, width: x(margin) - x(-margin), height: bottom - top,
          "\(Palette.colourClass(7)) band",
          tooltip: "The margin: ±\(NumberFormat.compact(margin, decimals: 2))")
      }
      for (value, label) in zip(ticks.values, ticks.labels) {
        PlotFrame.line(.init(x(value), top), .init(x(value), bottom), "grid")
        PlotFrame.text(label, x: x(value), y: bottom + 16, "tick middle")
      }
      if x.shows(0) { PlotFrame.line(.init(x(0), top), .init(x(0), bottom), "axis") }
      for place in visible.map({ [-$0, $0] }) ?? [] where x.shows(place) {
        PlotFrame.line(.init(x(place), top), .init(x(place), bottom), "guide")
      }
      PlotFrame.text(axis.label, x: (x.start + x.end) / 2, y: bottom + 36, "label middle")
      for (index, item) in shown.enumerated() {
        row(item, top: top + Double(index) * layout.rowHeight, x, layout)
      }
      if shown.isEmpty {
        PlotFrame.text("No data", x: (x.start + x.end) / 2, y: top + 15, "label middle")
      }
    }
    return Drawing(
      size: layout.size, height: bottom + 44, marks: marks,
      notes: ChartLimits.notes(
        all: items.count, drawable: shown.count, noun: "value", plural: "values"))
  }

  private func row(
    _ item: Item, top: Double, _ x: LinearScale, _ layout: Layout
  ) -> Markup {
    let y = top + layout.markOffset
    let name = DisplayWidth.shortened(TextTable.visible(item.label), to: layout.columns)
    return .element(.g) {
      if let nameEnd = layout.nameEnd {
        PlotFrame.text(name, x: nameEnd, y: y + 4, "end")
      } else {
        PlotFrame.text(name, x: 0, y: top + 14, "above")
      }
      if let span = item.interval, span.canDraw {
        PlotFrame.line(
          .init(max(x(span.low), x.start), y), .init(min(x(span.high), x.end), y),
          "error \(Palette.colourClass(item.paletteIndex))")
      }
      Marker.draw(
        item.paletteIndex, shape: item.isSummary ? 3 : 0, x: x(item.value), y: y,
        radius: item.isSummary ? 6 : 4.4, tooltip: words(item))
    }
  }

  /// The ends: all differences, the margin and 0; intervals at most three times as far out, so that
  /// one that is hardly known does not press the others together.
  private func ends(_ shown: [Item]) -> Axis.Ends {
    let reach = 3 * max(shown.map { abs($0.value) }.max() ?? 0, margin, visible ?? 0, 0.1)
    var values = shown.map(\.value) + [0, -margin, margin]
    for item in shown {
      if let span = item.interval, span.canDraw {
        values += [max(span.low, -reach), min(span.high, reach)]
      }
    }
    return axis.ends(for: values)
  }

  private func words(_ item: Item) -> String {
    var words = "\(item.label)\n\(axis.title) \(NumberFormat.typeset(item.value, decimals: 2))"
    if let unit = axis.unit { words += " \(unit)" }
    if let span = item.interval { words += " [\(span.text(decimals: 2))]" }
    return words
  }
}
