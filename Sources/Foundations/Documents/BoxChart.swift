/// The spread of groups of values: median, quartiles, whiskers and outliers.
///
/// Whiskers reach the farthest value within 1.5 interquartile ranges of the box (Tukey 1977).
public struct BoxChart: Chart {
  /// The values of one group.
  public struct Group: Hashable, Sendable {
    /// The name under the box.
    public var name: String
    /// The values.
    public var values: [Double]
    /// The place in the palette; nil for the place among the groups.
    public var paletteIndex: Int?

    /// Makes a group.
    public init(_ name: String, values: [Double], paletteIndex: Int? = nil) {
      self.name = name
      self.values = values
      self.paletteIndex = paletteIndex
    }
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis of the values.
  public var axis: Axis
  /// What a group is, such as `Attribute`.
  public var groupsTitle: String
  /// The groups, from left to right.
  public var groups: [Group]
  /// The size.
  public var size: ChartSize

  /// Makes a chart.
  public init(
    title: String, axis: Axis, groupsTitle: String, groups: [Group], size: ChartSize = .small
  ) {
    self.title = title
    self.axis = axis
    self.groupsTitle = groupsTitle
    self.groups = groups
    self.size = size
  }

  /// The five numbers of a box.
  struct Summary: Hashable {
    let lowWhisker: Double
    let lowQuartile: Double
    let median: Double
    let highQuartile: Double
    let highWhisker: Double
    let outliers: [Double]

    /// Summarises finite values, quartiles by linear interpolation; `nil` without values.
    init?(_ values: [Double]) {
      let sorted = values.filter(Axis.canDraw).sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      func quantile(_ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
      }
      let low = quantile(0.25)
      let high = quantile(0.75)
      let reach = 1.5 * (high - low)
      lowQuartile = low
      median = quantile(0.5)
      highQuartile = high
      lowWhisker = sorted.first { $0 >= low - reach } ?? first
      highWhisker = sorted.last { $0 <= high + reach } ?? last
      outliers = sorted.filter { $0 < low - reach || $0 > high + reach }
    }
  }

  /// The five numbers of every group.
  public var data: TextTable {
    TextTable(
      caption: title,
      columns: [groupsTitle, "Values", "Low", "Quartile", "Median", "Quartile", "High"],
      rows: groups.map { group in
        let count = String(group.values.count)
        guard let box = Summary(group.values) else { return [group.name, count] }
        return [group.name, count]
          + [box.lowWhisker, box.lowQuartile, box.median, box.highQuartile, box.highWhisker].map {
            NumberFormat.typeset($0, decimals: 3)
          }
      })
  }

  /// Lays the chart out.
  public func drawing() -> Drawing {
    let values = groups.flatMap(\.values)
    let drawable = values.filter(Axis.canDraw)
    let count = Double(max(groups.count, 1))
    let frame = PlotFrame(
      size: size, xAxis: Axis(groupsTitle), yAxis: axis, xEnds: Axis.Ends(0, count) ?? .unit,
      yEnds: axis.ends(for: drawable))
    let room = frame.width / count
    let marks = Markup.element(.g) {
      frame.axes(xTicks: false)
      for (index, group) in groups.enumerated() {
        let x = frame.x(Double(index) + 0.5)
        PlotFrame.text(
          DisplayWidth.shortened(TextTable.visible(group.name), to: max(Int(room / 7), 3)), x: x,
          y: frame.bottom + 18, "tick middle")
        if let box = Summary(group.values) {
          draw(box, group, index, x: x, halfWidth: min(room * 0.3, 34), in: frame)
        }
      }
      if drawable.isEmpty { frame.placeholder("No data") }
    }
    return Drawing(
      size: size, height: frame.height, marks: marks,
      notes: ChartLimits.notes(
        all: values.count, drawable: min(drawable.count, ChartLimits.marks), noun: "value",
        plural: "values"))
  }

  private func draw(
    _ box: Summary, _ group: Group, _ index: Int, x: Double, halfWidth: Double,
    in frame: PlotFrame
  ) -> Markup {
    let index = group.paletteIndex ?? index
    let colour = Palette.colourClass(index)
    let words =
      "\(group.name), \(group.values.count) values\nmedian \(NumberFormat.typeset(box.median, decimals: 2))"
      + "\nquartiles "
      + (Span(box.lowQuartile, box.highQuartile)?.text(decimals: 2) ?? "")
    return .element(.g) {
      PlotFrame.line(
        .init(x, frame.y(box.lowWhisker)), .init(x, frame.y(box.lowQuartile)), "error \(colour)")
      PlotFrame.line(
        .init(x, frame.y(box.highQuartile)), .init(x, frame.y(box.highWhisker)), "error \(colour)")
      for end in [box.lowWhisker, box.highWhisker] {
        PlotFrame.line(
          .init(x - halfWidth / 2, frame.y(end)), .init(x + halfWidth / 2, frame.y(end)),
          "error \(colour)")
      }
      PlotFrame.rect(
        x: x - halfWidth, y: frame.y(box.highQuartile), width: 2 * halfWidth,
        height: frame.y(box.lowQuartile) - frame.y(box.highQuartile), "\(colour) box",
        tooltip: words)
      PlotFrame.line(
        .init(x - halfWidth, frame.y(box.median)), .init(x + halfWidth, frame.y(box.median)),
        "median \(colour)")
      for outlier in box.outliers.prefix(500) {
        Marker.draw(
          index, shape: 0, x: x, y: frame.y(outlier), radius: 3, tooltip: nil, isHollow: true)
      }
    }
  }
}
