extension IntervalChart {
  /// Lays the chart out.
  public func drawing() -> Drawing {
    let drawable = items.filter { Axis.canDraw($0.value) }
    let shown = ChartLimits.thinned(drawable)
    let notes = ChartLimits.notes(
      all: items.count, drawable: drawable.count, noun: "value", plural: "values")
    return layout == .ranked ? ranked(shown, notes) : listed(shown, notes)
  }

  private func valueEnds(_ items: [Item]) -> Axis.Ends {
    var values = items.map(\.value)
    for item in items {
      if let span = item.interval, span.canDraw { values += [span.low, span.high] }
    }
    return axis.ends(for: values)
  }

  private func ranked(_ shown: [Item], _ notes: [String]) -> Drawing {
    let across = Axis("\(itemsTitle), from the lowest to the highest")
    let xEnds = Axis.Ends(0.4, Double(max(shown.count, 1)) + 0.6) ?? .unit
    let frame = PlotFrame(
      size: size, xAxis: across, yAxis: axis, xEnds: xEnds, yEnds: valueEnds(shown))
    let room = frame.width / Double(max(shown.count, 1))
    let radius = min(4.2, max(1.2, room * 0.32))
    let hasTooltips = shown.count <= ChartLimits.tooltips
    let marks = Markup.element(.g) {
      levelBands(shown, in: frame)
      frame.axes(xTicks: false)
      for (index, item) in shown.enumerated() {
        let x = frame.x(Double(index + 1))
        if let span = item.interval {
          PlotFrame.line(
            .init(x, frame.y(span.low)), .init(x, frame.y(span.high)),
            "error \(Palette.colourClass(look(item)))\(room < 4 ? " thin" : "")")
        }
        dot(item, x: x, y: frame.y(item.value), radius, hasTooltips)
      }
      if shown.isEmpty { frame.placeholder("No data") }
    }
    return Drawing(size: size, height: frame.height, marks: marks, notes: notes)
  }

  private func listed(_ shown: [Item], _ notes: [String]) -> Drawing {
    let rowHeight = 22.0
    let names = min(0.4 * size.width, 260)
    let top = 8.0
    let bottom = top + rowHeight * Double(max(shown.count, 1))
    let x = LinearScale(ends: valueEnds(shown), start: names, end: size.width - 16)
    let ticks = AxisTicks(low: x.ends.low, high: x.ends.high, about: 7)
    let columns = Int(names / 6.8) - 2
    let marks = Markup.element(.g) {
      for (value, label) in zip(ticks.values, ticks.labels) {
        PlotFrame.line(.init(x(value), top), .init(x(value), bottom), "grid")
        PlotFrame.text(label, x: x(value), y: bottom + 16, "tick middle")
      }
      PlotFrame.text(axis.label, x: (x.start + x.end) / 2, y: bottom + 36, "label middle")
      for (index, item) in shown.reversed().enumerated() {
        let y = top + (Double(index) + 0.5) * rowHeight
        PlotFrame.text(
          DisplayWidth.shortened(TextTable.visible(item.label), to: columns), x: names - 10,
          y: y + 4, "end")
        if let span = item.interval {
          PlotFrame.line(
            .init(x(span.low), y), .init(x(span.high), y),
            "error \(Palette.colourClass(look(item)))")
        }
        dot(item, x: x(item.value), y: y, 4.4, true)
      }
      if shown.isEmpty {
        PlotFrame.text("No data", x: (x.start + x.end) / 2, y: top + 15, "label middle")
      }
    }
    return Drawing(size: size, height: bottom + 44, marks: marks, notes: notes)
  }

  /// Bands behind neighbours of one level, every other one visible, with the level's number where
  /// there is room.
  private func levelBands(_ shown: [Item], in frame: PlotFrame) -> Markup {
    struct Run {
      let level: Int
      let first: Int
      var last: Int
    }
    var runs: [Run] = []
    for (index, item) in shown.enumerated() {
      guard let level = item.level else { continue }
      if let run = runs.last, run.level == level, run.last == index - 1 {
        runs[runs.count - 1].last = index
      } else {
        runs.append(Run(level: level, first: index, last: index))
      }
    }
    guard runs.count > 1, runs.count <= 60 else { return .empty }
    return .element(.g) {
      for (offset, run) in runs.enumerated() {
        let start = frame.x(Double(run.first) + 0.5)
        let end = frame.x(Double(run.last) + 1.5)
        if offset.isMultiple(of: 2) {
          PlotFrame.rect(
            x: start, y: frame.top, width: end - start, height: frame.bottom - frame.top, "band")
        }
        if end - start > 16 {
          PlotFrame.text(
            String(run.level), x: (start + end) / 2, y: frame.bottom + 16, "tick middle")
        }
      }
    }
  }

  private func look(_ item: Item) -> Int {
    guard let cluster = item.cluster, cluster >= 0 else { return paletteIndex }
    return cluster
  }

  private func dot(
    _ item: Item, x: Double, y: Double, _ radius: Double, _ hasTooltip: Bool
  ) -> Markup {
    var words = "\(item.label)\n\(axis.title) \(NumberFormat.typeset(item.value, decimals: 2))"
    if let unit = axis.unit { words += " \(unit)" }
    if let span = item.interval { words += " [\(span.text(decimals: 2))]" }
    if let level = item.level { words += "\nLevel \(level)" }
    if let cluster = item.cluster {
      words += cluster < 0 ? "\nA cluster of its own" : "\nCluster \(cluster)"
    }
    let isAlone = item.cluster.map { $0 < 0 } ?? false
    // One shape for all: color and place distinguish clusters.
    return Marker.draw(
      look(item), shape: 0, x: x, y: y, radius: radius, tooltip: hasTooltip ? words : nil,
      isHollow: isAlone)
  }
}
