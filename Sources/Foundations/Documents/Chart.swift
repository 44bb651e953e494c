/// A drawing of data that can describe itself.
public protocol Chart: Sendable {
  /// What the chart shows, in a few words: its accessible name.
  var title: String { get }
  /// The numbers behind the marks.
  var data: TextTable { get }
  /// Lays the chart out; never fails, says in notes what could not be drawn.
  func drawing() -> Drawing
  /// Lays the chart out for a page as narrow as a phone; nil where ``drawing()`` serves there too.
  func phoneDrawing() -> Drawing?
}

extension Chart {
  /// No layout of its own: the chart scrolls sideways on a phone.
  public func phoneDrawing() -> Drawing? { nil }
}

/// The size of a chart's drawing, in CSS pixels at its natural scale.
public enum ChartSize: String, Hashable, Sendable {
  /// For charts side by side.
  case small
  /// For a phone.
  case phone
  /// For one chart in the column of text.
  case regular
  /// For the whole width of a page.
  case wide

  var width: Double {
    switch self {
    case .phone: 340
    case .small: 500
    case .regular: 720
    case .wide: 1040
    }
  }

  var height: Double {
    switch self {
    case .phone, .small: 300
    case .regular: 430
    case .wide: 380
    }
  }
}

/// The marks of a chart and what must be said about them.
public struct Drawing: Sendable {
  /// The size class, which bounds the width on a page.
  public let size: ChartSize
  /// The height in CSS pixels at the natural scale.
  public let height: Double
  /// The marks.
  public let marks: Markup
  /// What was left out or can't be shown, in sentences.
  public let notes: [String]
}

extension Chart {
  /// The chart as an inline drawing; `id` must be unique in the page.
  public func svg(id: String) -> Markup { svg(id: id, drawing(), isDocument: false) }

  /// The chart as a file of its own, readable in light and dark.
  public func svgDocument() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + svg(id: "chart", drawing(), isDocument: true).rendered()
  }

  /// The chart with its caption, its notes and its numbers; `id` must be unique in the page.
  public func figure(id: String, caption: Markup = .empty) -> Markup {
    let drawing = drawing()
    let phone = phoneDrawing()
    return .element(.figure, .class("chart \(drawing.size.rawValue)"), .id(id)) {
      Markup.element(.div, .class(phone == nil ? "plot" : "plot on-wide")) {
        svg(id: "\(id)-svg", drawing, isDocument: false)
      }
      if let phone {
        Markup.element(.div, .class("plot on-phone")) {
          svg(id: "\(id)-phone", phone, isDocument: false)
        }
      }
      if !caption.isEmpty || !drawing.notes.isEmpty {
        Markup.element(.figcaption) {
          caption
          for note in drawing.notes { Markup.element(.span, .class("note"), text: " " + note) }
        }
      }
      if !data.rows.isEmpty {
        Markup.element(.details) {
          Markup.element(.summary, text: "Data")
          data.limited(to: 1000).html(stacks: phone != nil)
        }
      }
    }
  }

  private func svg(id: String, _ drawing: Drawing, isDocument: Bool) -> Markup {
    let width = NumberFormat.compact(drawing.size.width, decimals: 2)
    let height = NumberFormat.compact(drawing.height, decimals: 2)
    var attributes: [Markup.Attribute] = [
      Markup.Attribute(.viewBox, "0 0 \(width) \(height)"), Markup.Attribute(.role, "img"),
      Markup.Attribute(.ariaLabelledBy, "\(id)-title \(id)-desc"),
    ]
    if isDocument {
      attributes.append(Markup.Attribute(.xmlns, "http://www.w3.org/2000/svg"))
      attributes.append(Markup.Attribute(.width, width))
      attributes.append(Markup.Attribute(.height, height))
    }
    let points = data.rows.count
    let rows = points == 1 ? "1 row" : "\(points) rows"
    let summary = (["The data: \(rows)."] + drawing.notes).joined(separator: " ")
    return .element(
      .svg, attributes,
      [
        .element(.title, .id("\(id)-title"), text: title),
        .element(.desc, .id("\(id)-desc"), text: summary),
        isDocument
          ? .fragment([
            .element(.style) { Markup.stylesheet(ChartStyle.document) }, Palette.definitions,
            .element(
              .rect, .class("ground"), Markup.Attribute(.width, "100%"),
              Markup.Attribute(.height, "100%")),
          ]) : .empty,
        drawing.marks,
      ])
  }
}
