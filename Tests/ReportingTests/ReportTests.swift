import Documents
import Domain
import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportTests {
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=//evil.example/x onerror=alert(1)>", "a\nb & 'c'",
    "東京 👩‍🔬 \u{202E}\u{0}", "",
  ]

  /// A content with every part filled, every name hostile, over some values.
  static func content(_ name: String, values: [Double]) -> ReportContent {
    let scenes = [SceneID(name), SceneID(name + "2")]
    func photos(_ scene: SceneID) -> [ScaledPhoto] {
      values.enumerated().map { index, value in
        ScaledPhoto(
          photo: PhotoID("\(name)\(index)"), scene: scene, score: value, standardDeviation: 0.2,
          interval: ConfidenceInterval(low: value - 0.4, high: value + 0.4),
          comparisons: 10, level: index / 2, cluster: index % 3 - 1)
      }
    }
    let attribute = Attribute(name)
    var content = ReportContent(title: name, measured: name)
    content.answer = name
    content.notices = [name, "The observers are SIMULATED."]
    content.keyFigures = [ReportKeyFigure(name, name)]
    content.sceneScales = scenes.map {
      SceneScale(scene: $0, attribute: attribute, convention: .jod, photos: photos($0))
    }
    content.crossScale = CrossScale(
      attribute: attribute, convention: .jod, photos: photos(scenes[0]))
    content.unifiedScale = UnifiedScale(
      attribute: attribute, referenceScene: scenes[0], referenceReason: name,
      alignments: scenes.map {
        SceneAlignment(
          scene: $0, a: values.first ?? 1, b: 0.2, aStandardError: 0.1, bStandardError: .nan,
          abCovariance: 0, sharedPhotos: 5, residualStandardDeviation: 0.1, sharedRange: 3)
      }, photos: scenes.flatMap(photos))
    content.references = [
      ReportReferences(
        attribute: attribute, unit: name, level: 0.95,
        groups: values.map {
          Leaderboard.BelowReference(
            group: name, difference: $0, low: $0 - 1, high: $0 + 1, scenes: 2)
        })
    ]
    content.coverage = ReportTable(caption: name, columns: [name], rows: [[name]])
    content.samples = scenes.flatMap { scene in
      photos(scene).map {
        ReportSample(scene: scene, photo: $0.photo, image: [0xFF, 0xD8, 0xFF, 0xE0, 1, 2])
      }
    }
    content.samples.append(
      ReportSample(scene: nil, photo: PhotoID(name), image: Array("<svg onload=x>".utf8)))
    content.predictions = SplitPart.allCases.flatMap { part in
      values.map {
        ReportPrediction(
          model: name, scene: scenes[0], photo: PhotoID(name), part: part, measured: $0,
          predicted: $0 + 0.5)
      }
    }
    content.learningCurves = [
      ReportCurve(name, quantity: name, unit: ScoreUnit(.own(name)), epochs: values, values: values)
    ]
    content.scores = values.map {
      PhotoScore(
        photo: name, model: name, attribute: attribute, score: $0, low: $0 - 1, high: nil)
    }
    content.tables = [ReportTable(caption: name, columns: [name], rows: [[name]])]
    content.charts = [
      ReportChart(
        BoxChart(title: name, axis: Axis(name), groupsTitle: name, groups: []), caption: name)
    ]
    content.settings = [ReportSettings(name, [.init(name, name)])]
    return content
  }

  @Test(arguments: hostile) func namesStayTextEverywhere(name: String) throws {
    let html = renderReport(Self.content(name, values: [-1, 0.5, 2, 3]))
    let reader = try PageReader(html)
    #expect(!reader.elements.contains("script"))
    #expect(reader.problems.isEmpty)
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(reader.links.allSatisfy { reader.ids.contains(String($0.dropFirst())) })
  }

  @Test(
    arguments: [
      [], [1], [2, 2, 2], [.nan], [.infinity, 1, -.infinity], [1e300, 0], [1e90, -1e90],
    ] as [[Double]])
  func strangeNumbersGiveAReport(values: [Double]) throws {
    let html = renderReport(Self.content("x", values: values))
    let reader = try PageReader(html)
    #expect(reader.problems.isEmpty)
    #expect(!reader.drawnNumbers.contains { $0.contains("nan") || $0.contains("inf") })
  }

  @Test func everySectionIsOptional() throws {
    let empty = try PageReader(renderReport(ReportContent(title: "Only a title")))
    #expect(empty.ids.filter { $0.hasSuffix("-title") } == ["reading-title"])
    var scoresOnly = ReportContent(title: "Scales")
    scoresOnly.sceneScales = Self.content("s", values: [1, 2, 3]).sceneScales
    let reader = try PageReader(renderReport(scoresOnly))
    #expect(reader.ids.contains("scenes") && reader.ids.contains("statistics"))
    #expect(!reader.ids.contains("scale") && !reader.ids.contains("predictions"))
  }

  @Test func theUnitIsOnTheAxesAndMixedUnitsAreSaid() {
    var content = ReportContent(title: "t")
    let photos = Self.content("s", values: [1, 2, 3]).sceneScales[0].photos
    content.sceneScales = [
      SceneScale(scene: "a", attribute: .details, convention: .piq23, photos: photos)
    ]
    let piq23 = renderReport(content)
    #expect(piq23.contains("Quality, PIQ23 units (z-scored)"))
    #expect(!piq23.contains("Two units are in use"))
    content.sceneScales.append(
      SceneScale(scene: "b", attribute: .details, convention: .jod, photos: photos))
    let both = renderReport(content)
    #expect(both.contains("Two units are in use"))
    #expect(both.contains(">Quality, JOD<"))
  }

  @Test func theHeadNamesSimulationAndTheTestError() {
    var content = Self.content("m", values: [0, 1, 2])
    content.answer = nil
    let html = renderReport(content)
    #expect(html.contains("The observers are SIMULATED."))
    // Every prediction is off by 0.5.
    #expect(html.contains("is off by 0.50 JOD on average"))
    #expect(html.contains("1 thumbnail is neither JPEG, PNG nor WebP"))
  }

  @Test func theSameContentGivesTheSameFile() {
    let content = Self.content("m", values: [0, 1, 2])
    #expect(renderReport(content) == renderReport(content))
  }
}

/// Reads a report as XML (every report is well-formed XML too) and notes what must not be there.
final class PageReader: NSObject, XMLParserDelegate {
  private(set) var elements: Set<String> = []
  private(set) var ids: [String] = []
  private(set) var links: [String] = []
  private(set) var problems: [String] = []
  private(set) var drawnNumbers: [String] = []

  init(_ html: String) throws {
    super.init()
    let body = html.split(separator: "\n", maxSplits: 1).last.map(String.init) ?? html
    let parser = XMLParser(data: Data(body.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.insert(name)
    if let id = attributes["id"] { ids.append(id) }
    for (key, value) in attributes {
      switch key {
      case "href":
        links.append(value)
        if !value.hasPrefix("#") { problems.append("\(name) links to \(value)") }
      case "src":
        if !value.hasPrefix("data:image/jpeg;base64,") { problems.append("\(name) loads \(value)") }
      case "d", "x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height":
        drawnNumbers.append(value)
      default:
        if key.hasPrefix("on") || key == "style" { problems.append("\(name) has \(key)") }
      }
    }
  }
}
