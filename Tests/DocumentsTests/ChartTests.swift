import Documents
import Testing

@Suite struct ChartTests {
  /// Numbers that break careless charts, and how many of them can be drawn.
  static let lists: [(values: [Double], drawable: Int)] = [
    ([], 0), ([3], 1), ([2, 2, 2], 3), ([.nan, .infinity, -.infinity], 0), ([1, .nan, 4], 2),
    ([1e300, -1e300], 0), ([1e99, -1e99], 2), ([1e15, 1e15 + 1], 2),
    ([0, Double.leastNonzeroMagnitude], 2),
    ((0..<25_000).map { Double($0 * 7919 % 25_000) }, 25_000),
  ]

  static func charts(of values: [Double], name: String) -> [any Chart] {
    let axis = Axis(name, unit: name)
    return [
      ScatterChart(
        title: name, xAxis: axis, yAxis: axis,
        series: [
          .init(
            name,
            points: values.map {
              .init(
                name, x: $0, y: $0, xInterval: Span($0 - 1, $0 + 1), yInterval: Span($0, .infinity))
            }), .init(name, points: []),
        ], references: [.identity(halfWidth: 1, label: name), .point(x: 1, y: 0, label: name)],
        showsLabels: values.count < 10),
      IntervalChart(
        title: name, axis: axis, itemsTitle: name,
        items: values.enumerated().map {
          .init(
            name, value: $1, interval: Span($1 - 1, $1 + 1), level: $0 / 2,
            cluster: $0 % 3 - 1)
        }),
      IntervalChart(
        title: name, axis: axis, itemsTitle: name,
        items: values.prefix(50).map { .init(name, value: $0) }, layout: .listed),
      HistogramChart(
        title: name, axis: axis, countTitle: name,
        series: [.init(name, values: values), .init(name, values: values)]),
      BoxChart(
        title: name, axis: axis, groupsTitle: name, groups: [.init(name, values: values)]),
      LineChart(
        title: name, xAxis: axis, yAxis: axis,
        series: [
          .init(name, x: values, y: values, intervals: values.map { Span($0 - 1, $0 + 1) }),
          .init(name, x: [], y: [1]),
        ]),
    ]
  }

  @Test(arguments: lists.indices) func strangeDataIsDrawnOrNamed(index: Int) throws {
    let (values, drawable) = Self.lists[index]
    for chart in Self.charts(of: values, name: "x") {
      let source = chart.svgDocument()
      _ = try XMLReader(source)
      #expect(!source.contains("nan") && !source.contains("inf"))
      #expect(source.utf8.count < 12_000_000)
      let notes = chart.drawing().notes
      if drawable < values.count {
        #expect(notes.contains { $0.contains("can't be drawn") })
      } else if values.isEmpty {
        #expect(notes == ["There is no data."])
        #expect(source.contains("No data"))
      }
    }
  }

  @Test(arguments: MarkupTests.hostile) func hostileNamesStayText(name: String) throws {
    for chart in Self.charts(of: [1, 2, 3], name: name) {
      let figure = chart.figure(id: "f", caption: .text(name)).rendered()
      let read = try XMLReader(figure)
      #expect(!figure.contains("<script") && !figure.contains("<img"))
      #expect(!read.elements.contains("script"))
      #expect(!read.attributes.keys.contains { $0.hasPrefix("on") || $0 == "src" || $0 == "href" })
      #expect(Set(read.ids).count == read.ids.count)
    }
  }

  @Test func theHistogramCountsEveryValueOnce() throws {
    let chart = HistogramChart(
      title: "h", axis: Axis("Q"), countTitle: "Photos",
      series: [.init("a", values: [0, 0.5, 0.99, 1, 2.5]), .init("b", values: [1.5, .nan])],
      binWidth: 1)
    #expect(
      chart.data.rows == [
        ["0.000", "1.000", "3", "0", "3"], ["1.000", "2.000", "1", "1", "2"],
        ["2.000", "3.000", "1", "0", "1"],
      ])
  }

  @Test func theBoxKnowsQuartilesAndOutliers() {
    let chart = BoxChart(
      title: "b", axis: Axis("Q"), groupsTitle: "G",
      groups: [.init("a", values: [1, 2, 3, 4, 5, 100]), .init("none", values: [])])
    // NumPy's quantiles of these six values: 2.25, 3.5, 4.75; 100 lies beyond 4.75 + 1.5 · 2.5.
    #expect(chart.data.rows[0] == ["a", "6", "1.000", "2.250", "3.500", "4.750", "5.000"])
  }

  @Test func aForestPlotHasALayoutForPhones() throws {
    let long = String(repeating: "a long name ", count: 8)
    let chart = DifferenceChart(
      title: "t", axis: Axis("Difference", unit: "JOD"), itemsTitle: "Build",
      items: [
        .init("B", value: 0.5, interval: Span(-50, 2)), .init(long, value: 1, interval: nil),
      ], margin: 0.5, visible: 1)
    let phone = try #require(chart.phoneDrawing())
    #expect(phone.size == .phone && phone.height > chart.drawing().height)
    let page = chart.figure(id: "c").rendered()
    #expect(page.contains("plot on-wide") && page.contains("plot on-phone"))
    #expect(page.contains("viewBox=\"0 0 340 "))
    // A bar ends where the axis ends, however wide its interval.
    #expect(!page.contains("x1=\"-"))
    // Charts of one layout have one drawing.
    let line = LineChart(title: "t", xAxis: Axis("x"), yAxis: Axis("y"), series: [])
    #expect(!line.figure(id: "l").rendered().contains("on-phone"))
  }

  @Test func chartsSayTheirUnit() {
    for chart in Self.charts(of: [1, 2], name: "JOD") {
      #expect(chart.svgDocument().contains("JOD, JOD"))
    }
  }
}
