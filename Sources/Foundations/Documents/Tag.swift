/// An element that a document may contain.
///
/// The list is closed on purpose: nothing in it runs code or loads anything, so no text can.
public enum Tag: String, Hashable, Sendable {
  // The page
  case html, head, body, meta, title, style
  // Sections and text
  case header, main, footer, nav, section, article, div, span, bdi
  case h1, h2, h3, h4, p, small, strong, em, code, abbr, br, hr, a
  case ul, ol, li, dl, dt, dd, figure, figcaption, details, summary, img
  // Tables
  case table, caption, thead, tbody, tr, th, td
  // Drawings; `title` serves here too
  case svg, g, defs, pattern, desc, text, tspan, rect, circle, line, path, polyline

  /// Whether the element never has content.
  var isVoid: Bool { [.meta, .br, .hr, .img].contains(self) }

  /// Whether an empty element may close itself, as XML does.
  var closesItself: Bool {
    switch self {
    case .rect, .circle, .line, .path, .polyline, .g, .defs: true
    default: isVoid
    }
  }

  /// Whether a line break follows the element, for people who read the source.
  var endsLine: Bool {
    switch self {
    case .head, .body, .meta, .title, .style, .header, .main, .footer, .nav, .section, .article,
      .div, .h1, .h2, .h3, .h4, .p, .ul, .ol, .li, .dl, .figure, .figcaption, .details, .summary,
      .table, .caption, .thead, .tbody, .tr, .svg, .g, .defs, .pattern:
      true
    default: false
    }
  }
}

extension Markup {
  /// The name of an attribute whose value is plain text, a number or a token.
  ///
  /// Names that load, link, style or run (`href`, `src`, `style`, `on…`) are missing on purpose;
  /// the safe uses of the first two are ``Attribute/link(toID:)``, ``Attribute/link(toFile:)`` and
  /// ``Attribute/source(_:)``.
  public enum AttributeName: String, Hashable, Sendable {
    case id
    case `class`
    case lang, dir, role, title, name, content, charset, alt, tabindex, open, scope, colspan
    case loading, decoding, width, height
    case httpEquiv = "http-equiv"
    case ariaLabel = "aria-label"
    case ariaLabelledBy = "aria-labelledby"
    case ariaDescribedBy = "aria-describedby"
    case ariaHidden = "aria-hidden"
    case dataLabel = "data-label"
    case viewBox, preserveAspectRatio, x, y, x1, y1, x2, y2, cx, cy, r, rx, d, points, dx, dy
    case transform, patternUnits, patternTransform, xmlns
    case textAnchor = "text-anchor"
  }
}
