import Documents
import Testing

struct HTMLTemplateTests {
  @Test func valuesAreEscapedAndMarkupIsNot() {
    let name = "<b a=\"x\" c='y'>&"
    let rows: [HTMLTemplate] = ["<li>\(name)</li>", "<li>\(3)</li>"]
    let page: HTMLTemplate =
      "<ul title=\"\(name)\">\(rows)\(Markup.element(.p, text: "1 < 2"))</ul>"
    let escaped = "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;"
    #expect(
      page.source.replacing("\n", with: "")
        == "<ul title=\"\(escaped)\"><li>\(escaped)</li><li>3</li><p>1 &lt; 2</p></ul>")
  }
}
