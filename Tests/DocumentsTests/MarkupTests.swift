import Documents
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct MarkupTests {
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "a & b",
    "]]>--><!--", "</style><script>", "line\nbreak\ttab\rreturn", "naïve 東京 👩‍🔬 \u{202E}rtl",
    "\u{0}\u{8}\u{1B}[31m\u{FFFE}",
  ]

  @Test(arguments: hostile) func textAndAttributesComeBackAsTheyWere(text: String) throws {
    let source = Markup.element(.svg, .id(text), Markup.Attribute(.ariaLabel, text)) {
      Markup.element(.text, text: text)
    }.rendered()
    let reader = try XMLReader(source)
    let unholdable = text.unicodeScalars.map { scalar -> Character in
      let isControl =
        (scalar.value < 0x20 && !"\n\t\r".unicodeScalars.contains(scalar))
        || scalar.value == 0xFFFE
      return isControl ? "\u{FFFD}" : Character(scalar)
    }
    let expected = String(String.UnicodeScalarView(unholdable.flatMap(\.unicodeScalars)))
    #expect(reader.text.unicodeScalars.elementsEqual(expected.unicodeScalars))
    #expect(reader.attributes["aria-label"] == expected)
    #expect(reader.elements == ["svg", "text"])
  }

  @Test func emptyElementsKeepTheirEndTagInHTML() {
    #expect(Markup.element(.p).rendered() == "<p></p>\n")
    #expect(Markup.element(.br).rendered() == "<br/>")
  }

  @Test func linksLeadToFilesAndNowhereElse() {
    func link(_ path: String) -> String { Markup.element(.a, .link(toFile: path)).rendered() }
    #expect(link("../files/a b.jpg") == #"<a href="./../files/a%20b.jpg"></a>"#)
    #expect(link("javascript:alert(1)") == #"<a href="./javascript%3Aalert%281%29"></a>"#)
    #expect(link("//host/x") == #"<a href="file:////host/x"></a>"#)
    #expect(link("a\"><script>") == #"<a href="./a%22%3E%3Cscript%3E"></a>"#)
  }

  @Test func aTableMayStackOnAPhone() {
    let table = TextTable(columns: ["Name", "JOD"], rows: [["a", "1"]])
    let stacked = table.html(stacks: true).rendered()
    #expect(stacked.contains("class=\"table stack\"") && stacked.contains("data-label=\"JOD\""))
    #expect(!table.html().rendered().contains("data-label"))
  }

  @Test func onlyImagesBecomeImages() {
    #expect(EmbeddedImage([]) == nil)
    #expect(EmbeddedImage(Array("<svg onload=alert(1)>".utf8)) == nil)
    #expect(EmbeddedImage([0xFF, 0xD8, 0xFF, 0xE0])?.kind == .jpeg)
    #expect(EmbeddedImage(Array("RIFF1234WEBP".utf8))?.kind == .webp)
  }

  @Test func pagesForbidScriptsAndLoading() {
    let page = HTMLPage(
      title: "</title><script>", stylesheet: ChartStyle.page, body: .text("x")
    ).rendered()
    #expect(page.contains("default-src &#39;none&#39;"))
    #expect(!page.contains("<script"))
    #expect(!page.contains("//"))
  }

  @Test func numbersReadTheSameEverywhere() {
    #expect(NumberFormat.fixed(-0.004, 2) == "0.00")
    #expect(NumberFormat.fixed(-1.255, 1) == "-1.3")
    // A tie goes to the even digit.
    #expect(NumberFormat.fixed(12.0625, 3) == "12.062")
    #expect(NumberFormat.fixed(.nan, 2) == "–")
    #expect(NumberFormat.fixed(1e300, 2) == "1e300")
    #expect(NumberFormat.compact(3.10, decimals: 2) == "3.1")
    #expect(NumberFormat.compact(-40, decimals: 2) == "-40")
    #expect(NumberFormat.typeset(-2.5, decimals: 1) == "\u{2212}2.5")
    #expect(NumberFormat.grouped(1_234_567) == "1\u{2009}234\u{2009}567")
  }
}

/// Reads XML with Foundation's parser (libxml2) and remembers what it saw.
final class XMLReader: NSObject, XMLParserDelegate {
  private(set) var text = ""
  private(set) var elements: [String] = []
  private(set) var attributes: [String: String] = [:]
  private(set) var ids: [String] = []

  init(_ source: String) throws {
    super.init()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(name)
    if let id = attributes["id"] { ids.append(id) }
    self.attributes.merge(attributes) { first, _ in first }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
