extension ScatterChart {
  /// Lays the chart out.
  public func drawing() -> Drawing {
    let all = series.reduce(0) { $0 + $1.points.count }
    let points = series.enumerated().flatMap { offset, series in
      series.points.filter { Axis.canDraw($0.x) && Axis.canDraw($0.y) }.map { point in
        Item(point: point, index: series.paletteIndex ?? offset, isFaint: series.isFaint)
      }
    }
    let shown = ChartLimits.thinned(points)
    let frame = frame(for: points.map(\.point))
    let hasTooltips = shown.count <= ChartLimits.tooltips
    let radius = shown.count > 400 ? 3.2 : 4.6
    let marks = Markup.element(.g) {
      frame.axes()
      for reference in references { draw(reference, in: frame) }
      for item in shown { errorBars(item, in: frame) }
      for item in shown where item.isFaint { mark(item, radius, hasTooltips, in: frame) }
      for item in shown where !item.isFaint { mark(item, radius, hasTooltips, in: frame) }
      if points.isEmpty { frame.placeholder("No data") }
    }
    return Drawing(
      size: size, height: frame.height, marks: marks,
      notes: ChartLimits.notes(
        all: all, drawable: points.count, noun: "point", plural: "points"))
  }

  private struct Item {
    let point: Point
    let index: Int
    let isFaint: Bool
  }

  private func frame(for points: [Point]) -> PlotFrame {
    var xs = points.map(\.x)
    var ys = points.map(\.y)
    for point in points {
      if let span = point.xInterval, span.canDraw { xs += [span.low, span.high] }
      if let span = point.yInterval, span.canDraw { ys += [span.low, span.high] }
    }
    var comparesAxes = false
    for reference in references {
      switch reference {
      case .identity: comparesAxes = true
      case .point(let x, let y, label: _):
        xs.append(x)
        ys.append(y)
      }
    }
    // Points are compared with y = x on axes of equal ends.
    if comparesAxes {
      let both = xs + ys
      xs = both
      ys = both
    }
    let entries = series.enumerated().map { offset, series in
      Legend.Entry(
        name: series.name, series: series.paletteIndex ?? offset, look: .marker)
    }
    return PlotFrame(
      size: size, xAxis: xAxis, yAxis: yAxis, xEnds: xAxis.ends(for: xs),
      yEnds: yAxis.ends(for: ys), legend: series.count > 1 ? entries : [])
  }

  private func draw(_ reference: Reference, in frame: PlotFrame) -> Markup {
    switch reference {
    case .identity(let halfWidth, let label):
      let low = max(frame.x.ends.low, frame.y.ends.low)
      let high = min(frame.x.ends.high, frame.y.ends.high)
      guard low < high else { return .empty }
      return .element(.g) {
        if Axis.canDraw(halfWidth), halfWidth > 0 {
          Markup.element(
            .path, .class("band"), Markup.Attribute(.d, band(low, high, halfWidth, in: frame)))
        }
        PlotFrame.line(
          .init(frame.x(low), frame.y(low)), .init(frame.x(high), frame.y(high)), "guide")
        PlotFrame.text(label, x: frame.x.end - 4, y: frame.bottom - 8, "tick end")
      }
    case .point(let x, let y, let label):
      guard frame.x.shows(x), frame.y.shows(y) else { return .empty }
      return .element(.g) {
        PlotFrame.line(.init(frame.x(x), frame.bottom), .init(frame.x(x), frame.top), "guide")
        PlotFrame.line(
          .init(frame.x.start, frame.y(y)), .init(frame.x.end, frame.y(y)), "guide")
        PlotFrame.text(label, x: frame.x(x) + 6, y: frame.top + 10, "tick")
      }
    }
  }

  /// The band around y = x, cut at the frame's edges.
  private func band(_ low: Double, _ high: Double, _ half: Double, in frame: PlotFrame) -> String {
    let half = min(half, high - low)
    let corners = [
      (low, low), (low, low + half), (high - half, high), (high, high), (high, high - half),
      (low + half, low),
    ]
    return PlotFrame.polyline(corners.map { .init(frame.x($0.0), frame.y($0.1)) }) + "Z"
  }

  private func errorBars(_ item: Item, in frame: PlotFrame) -> Markup {
    let x = frame.x(item.point.x)
    let y = frame.y(item.point.y)
    let looks = "error \(Palette.colourClass(item.index))\(item.isFaint ? " faint" : "")"
    return .fragment([
      item.point.xInterval.map {
        PlotFrame.line(.init(frame.x($0.low), y), .init(frame.x($0.high), y), looks)
      } ?? .empty,
      item.point.yInterval.map {
        PlotFrame.line(.init(x, frame.y($0.low)), .init(x, frame.y($0.high)), looks)
      } ?? .empty,
    ])
  }

  private func mark(
    _ item: Item, _ radius: Double, _ hasTooltips: Bool, in frame: PlotFrame
  ) -> Markup {
    let point = item.point
    let x = frame.x(point.x)
    let y = frame.y(point.y)
    let isAtTheRight = x > frame.x.start + 0.75 * frame.width
    return .fragment([
      Marker.draw(
        item.index, x: x, y: y, radius: radius, tooltip: hasTooltips ? tooltip(point) : nil,
        isFaint: item.isFaint),
      showsLabels
        ? PlotFrame.text(
          DisplayWidth.shortened(TextTable.visible(point.label), to: 26),
          x: isAtTheRight ? x - 8 : x + 8, y: y - 7, isAtTheRight ? "tick end" : "tick")
        : .empty,
    ])
  }

  private func tooltip(_ point: Point) -> String {
    func part(_ axis: Axis, _ value: Double, _ span: Span?) -> String {
      let interval = span.map { " [\($0.text(decimals: 2))]" } ?? ""
      return "\(axis.title) \(NumberFormat.typeset(value, decimals: 2))\(interval)"
    }
    return "\(point.label)\n\(part(xAxis, point.x, point.xInterval))\n"
      + part(yAxis, point.y, point.yInterval)
  }
}
