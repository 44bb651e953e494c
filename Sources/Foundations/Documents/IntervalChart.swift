/// Measured values with their intervals, from the lowest to the highest.
public struct IntervalChart: Chart {
  /// One measured thing.
  public struct Item: Hashable, Sendable {
    /// Its name.
    public var label: String
    /// The value.
    public var value: Double
    /// The interval, if known.
    public var interval: Span?
    /// The level that the value belongs to, drawn as a band behind its neighbours of the same
    /// level.
    public var level: Int?
    /// The cluster, drawn as a colour; negative for a value on its own, which is drawn hollow.
    public var cluster: Int?

    /// Makes an item.
    public init(
      _ label: String, value: Double, interval: Span? = nil, level: Int? = nil,
      cluster: Int? = nil
    ) {
      self.label = label
      self.value = value
      self.interval = interval
      self.level = level
      self.cluster = cluster
    }
  }

  /// How the items are laid out.
  public enum Layout: Hashable, Sendable {
    /// Values upwards, items side by side: for many.
    case ranked
    /// Values on the horizontal axis, one named row per item; for few items.
    case listed
  }

  /// What the chart shows, in a few words.
  public var title: String
  /// The axis of the values.
  public var axis: Axis
  /// What an item is, such as `Photos`: the name of the other axis.
  public var itemsTitle: String
  /// The items, in ascending order of value; those without a finite value last.
  public let items: [Item]
  /// The layout.
  public var layout: Layout
  /// The size.
  public var size: ChartSize
  /// The place in the palette of items without a cluster.
  public var paletteIndex: Int

  /// Makes a chart; the items come in any order.
  public init(
    title: String, axis: Axis, itemsTitle: String, items: [Item], layout: Layout = .ranked,
    size: ChartSize = .small, paletteIndex: Int = 0
  ) {
    self.title = title
    self.axis = axis
    self.itemsTitle = itemsTitle
    self.items =
      items.filter { Axis.canDraw($0.value) }.sorted { $0.value < $1.value }
      + items.filter { !Axis.canDraw($0.value) }
    self.layout = layout
    self.size = size
    self.paletteIndex = paletteIndex
  }

  /// Every item with its value and interval, and its level and cluster where some item has one.
  public var data: TextTable {
    let hasLevels = items.contains { $0.level != nil }
    let hasClusters = items.contains { $0.cluster != nil }
    return TextTable(
      caption: title,
      columns: [itemsTitle, axis.label, "Interval"] + (hasLevels ? ["Level"] : [])
        + (hasClusters ? ["Cluster"] : []),
      rows: items.map { item in
        [
          item.label, NumberFormat.typeset(item.value, decimals: 3),
          item.interval?.text(decimals: 3) ?? "",
        ] + (hasLevels ? [item.level.map(String.init) ?? ""] : [])
          + (hasClusters ? [item.cluster.map(String.init) ?? ""] : [])
      })
  }
}
