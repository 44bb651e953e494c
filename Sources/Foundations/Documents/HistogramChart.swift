/// How many values fall into each bin, the series stacked.
public struct HistogramChart: Chart {
  /// Values that look the same.
  public struct Series: Hashable, Sendable {
    /// The name in the legend.
    public var name: String
    /// The values.
    public var values: [Double]

    /// Makes a series.
    public init(_ name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis of the values.
  public var axis: Axis
  /// What is counted, such as `Photos`.
  public var countTitle: String
  /// The values.
  public var series: [Series]
  /// The width of a bin; `nil` for a round one that gives about 24 bins.
  public var binWidth: Double?
  /// The size.
  public var size: ChartSize

  /// Makes a chart.
  public init(
    title: String, axis: Axis, countTitle: String, series: [Series], binWidth: Double? = nil,
    size: ChartSize = .wide
  ) {
    self.title = title
    self.axis = axis
    self.countTitle = countTitle
    self.series = series
    self.binWidth = binWidth
    self.size = size
  }

  /// The bins that hold the values: edges at whole multiples of the width.
  struct Bins {
    /// The lower edge of the first bin, in widths.
    let first: Int
    let width: Double
    /// The counts, `[bin][series]`.
    let counts: [[Int]]

    func low(_ bin: Int) -> Double { Double(first + bin) * width }
    func high(_ bin: Int) -> Double { Double(first + bin + 1) * width }
  }

  /// Sorts the finite values into bins; `nil` when there are none.
  func bins() -> Bins? {
    let values = series.map { $0.values.filter(Axis.canDraw) }
    guard let low = values.joined().min(), let high = values.joined().max() else { return nil }
    let ends = axis.ends(for: values.joined(), margin: 0)
    let automatic = AxisTicks(low: ends.low, high: ends.high, about: 24).step
    var width = automatic
    if let binWidth, binWidth.isFinite, binWidth > 0, (high - low) / binWidth < 500 {
      width = binWidth
    }
    guard width > 0, (low / width).magnitude < 1e15 else { return nil }
    let first = Int((low / width).rounded(.down))
    let last = max(first, Int((high / width).rounded(.down)))
    var counts = Array(
      repeating: Array(repeating: 0, count: series.count), count: last - first + 1)
    for (index, values) in values.enumerated() {
      for value in values {
        let bin = Int((value / width).rounded(.down)) - first
        counts[min(max(bin, 0), counts.count - 1)][index] += 1
      }
    }
    return Bins(first: first, width: width, counts: counts)
  }

  /// The counts by bin and series.
  public var data: TextTable {
    guard let bins = bins() else {
      return TextTable(caption: title, columns: ["From", "To"] + series.map(\.name), rows: [])
    }
    return TextTable(
      caption: title, columns: ["From", "To"] + series.map(\.name) + ["All"],
      rows: bins.counts.enumerated().map { bin, counts in
        [
          NumberFormat.typeset(bins.low(bin), decimals: 3),
          NumberFormat.typeset(bins.high(bin), decimals: 3),
        ] + counts.map(String.init) + [String(counts.reduce(0, +))]
      })
  }

  /// Lays the chart out.
  public func drawing() -> Drawing {
    let all = series.reduce(0) { $0 + $1.values.count }
    let drawable = series.reduce(0) { $0 + $1.values.count(where: Axis.canDraw) }
    let notes = ChartLimits.notes(
      all: all, drawable: min(drawable, ChartLimits.marks), noun: "value", plural: "values")
    let bins = bins()
    let most = bins?.counts.map { $0.reduce(0, +) }.max() ?? 0
    let xEnds =
      bins.flatMap { bins in
        axis.ends ?? Axis.Ends(bins.low(0), bins.high(bins.counts.count - 1))
      } ?? axis.ends(for: [])
    let frame = PlotFrame(
      size: size, xAxis: axis, yAxis: Axis(countTitle), xEnds: xEnds,
      yEnds: Axis.Ends(0, Double(max(most, 1)) * 1.05) ?? .unit,
      legend: series.count < 2
        ? []
        : series.enumerated().map {
          Legend.Entry(name: $0.element.name, series: $0.offset, look: .fill)
        })
    let marks = Markup.element(.g) {
      frame.axes()
      if let bins {
        for (bin, counts) in bins.counts.enumerated() { column(bin, counts, bins, in: frame) }
      } else {
        frame.placeholder("No data")
      }
    }
    return Drawing(
      size: size, height: frame.height, marks: marks,
      notes: bins == nil && drawable > 0
        ? notes + ["The values are too large or too close together to be drawn."] : notes)
  }

  private func column(_ bin: Int, _ counts: [Int], _ bins: Bins, in frame: PlotFrame) -> Markup {
    let left = frame.x(bins.low(bin))
    let right = frame.x(bins.high(bin))
    var below = 0
    var parts: [Markup] = []
    for (index, count) in counts.enumerated() where count > 0 {
      let bottom = frame.y(Double(below))
      below += count
      let top = frame.y(Double(below))
      let range = Span(bins.low(bin), bins.high(bin))?.text(decimals: 2) ?? ""
      parts.append(
        PlotFrame.rect(
          x: left, y: top, width: right - left, height: bottom - top,
          "\(Palette.fillClass(index)) bar",
          tooltip: "\(series[index].name): \(count)\n\(axis.title) \(range)"))
    }
    return .fragment(parts)
  }
}
