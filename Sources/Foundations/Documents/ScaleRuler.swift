/// A ruler over a row of equally wide cells, with a line from every cell to its place on the ruler.
///
/// It lets pictures stand side by side and still shows how far apart they are.
public struct ScaleRuler: Sendable {
  /// One cell of the row.
  public struct Item: Hashable, Sendable {
    /// The name in the tooltip.
    public var label: String
    /// The place on the ruler.
    public var value: Double
    /// The interval, if known.
    public var interval: Span?
    /// The place in the palette.
    public var paletteIndex: Int

    /// Makes an item.
    public init(_ label: String, value: Double, interval: Span? = nil, paletteIndex: Int = 0) {
      self.label = label
      self.value = value
      self.interval = interval
      self.paletteIndex = paletteIndex
    }
  }

  /// What the ruler shows, in a few words.
  public var title: String
  /// The axis.
  public var axis: Axis
  /// The cells, from left to right.
  public var items: [Item]
  /// The width of a cell in CSS pixels.
  public var cellWidth: Double

  /// Makes a ruler.
  public init(title: String, axis: Axis, items: [Item], cellWidth: Double) {
    self.title = title
    self.axis = axis
    self.items = items
    self.cellWidth = cellWidth
  }

  /// The drawing, exactly as wide as the row of cells; `id` must be unique in the page.
  public func svg(id: String) -> Markup {
    let width = cellWidth * Double(max(items.count, 1))
    let height = 112.0
    var values = items.map(\.value)
    for item in items {
      if let span = item.interval, span.canDraw { values += [span.low, span.high] }
    }
    let inset = min(cellWidth / 2, 60)
    let x = LinearScale(
      ends: axis.ends(for: values, margin: 0.01), start: inset, end: width - inset)
    let line = 40.0
    let ticks = AxisTicks(low: x.ends.low, high: x.ends.high, about: Int(width / 110))
    return .element(
      .svg, .class("ruler"), .number(.width, width), .number(.height, height),
      Markup.Attribute(
        .viewBox,
        "0 0 \(NumberFormat.compact(width, decimals: 2)) \(NumberFormat.compact(height, decimals: 2))"
      ),
      Markup.Attribute(.role, "img"), Markup.Attribute(.ariaLabelledBy, "\(id)-title")
    ) {
      Markup.element(.title, .id("\(id)-title"), text: title)
      PlotFrame.text(axis.label, x: inset, y: 12, "label")
      PlotFrame.line(.init(x.start, line), .init(x.end, line), "axis")
      for (value, label) in zip(ticks.values, ticks.labels) {
        PlotFrame.line(.init(x(value), line - 6), .init(x(value), line), "axis")
        PlotFrame.text(label, x: x(value), y: line - 10, "tick middle")
      }
      for (index, item) in items.enumerated() where Axis.canDraw(item.value) {
        draw(item, cell: (Double(index) + 0.5) * cellWidth, line: line, height: height, x: x)
      }
    }
  }

  private func draw(
    _ item: Item, cell: Double, line: Double, height: Double, x: LinearScale
  ) -> Markup {
    let place = x(item.value)
    func text(_ number: Double) -> String { NumberFormat.compact(number, decimals: 2) }
    let bend = (line + height) / 2 + 4
    return .element(.g) {
      Markup.element(
        .path, .class("leader"),
        Markup.Attribute(
          .d,
          "M\(text(place)) \(text(line + 6))C\(text(place)) \(text(bend)) \(text(cell)) "
            + "\(text(bend)) \(text(cell)) \(text(height))"))
      if let span = item.interval, span.canDraw {
        PlotFrame.line(
          .init(x(span.low), line), .init(x(span.high), line),
          "error wide \(Palette.colourClass(item.paletteIndex))")
      }
      Marker.draw(
        item.paletteIndex, x: place, y: line, radius: 5,
        tooltip: "\(item.label)\n\(axis.title) \(NumberFormat.typeset(item.value, decimals: 2))")
    }
  }
}
