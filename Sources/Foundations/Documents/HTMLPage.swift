/// A page in one file: it loads nothing, runs nothing and links to nothing outside itself.
public struct HTMLPage: Sendable {
  /// The title of the window.
  public var title: String
  /// The language of the text, as in `en`.
  public var language: String
  /// The rules of style, all of them.
  public var stylesheet: Stylesheet
  /// The content.
  public var body: Markup

  /// Makes a page.
  public init(title: String, language: String = "en", stylesheet: Stylesheet, body: Markup) {
    self.title = title
    self.language = language
    self.stylesheet = stylesheet
    self.body = body
  }

  /// The file's text.
  ///
  /// Its content security policy forbids everything but inline style and embedded images, so that
  /// even a mistake in the program could not make a browser run or load something.
  public func rendered() -> String {
    let policy =
      """
      default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action \
      'none'
      """
    let page = Markup.element(.html, Markup.Attribute(.lang, language)) {
      Markup.element(.head) {
        Markup.element(.meta, Markup.Attribute(.charset, "utf-8"))
        meta(.httpEquiv, "Content-Security-Policy", policy)
        meta(.name, "viewport", "width=device-width, initial-scale=1")
        meta(.name, "color-scheme", "light dark")
        meta(.name, "referrer", "no-referrer")
        Markup.element(.title, text: title)
        Markup.element(.style) { Markup.stylesheet(stylesheet) }
      }
      Markup.element(.body) { body }
    }
    return "<!DOCTYPE html>\n" + page.rendered()
  }

  private func meta(_ kind: Markup.AttributeName, _ name: String, _ content: String) -> Markup {
    .element(.meta, Markup.Attribute(kind, name), Markup.Attribute(.content, content))
  }
}
