/// The names of a chart's series above its area, in as many rows as they need.
struct Legend {
  /// One series.
  struct Entry {
    enum Look {
      case marker
      case hollowMarker
      case fill
      case line
    }
    let name: String
    let series: Int
    let look: Look
  }

  private struct Placed {
    let entry: Entry
    let text: String
    let x: Double
    let row: Int
  }

  private static let rowHeight = 19.0
  private let placed: [Placed]
  /// The room above the area, 0 without entries.
  let height: Double

  init(_ entries: [Entry], width: Double) {
    var placed: [Placed] = []
    var x = 0.0
    var row = 0
    for entry in entries {
      let text = DisplayWidth.shortened(TextTable.visible(entry.name), to: 34)
      let room = 16 + Double(DisplayWidth.columns(of: text)) * 7 + 16
      if x > 0, x + room > width {
        x = 0
        row += 1
      }
      placed.append(Placed(entry: entry, text: text, x: x, row: row))
      x += room
    }
    self.placed = placed
    height = placed.isEmpty ? 0 : Double(row + 1) * Self.rowHeight + 6
  }

  func markup(x left: Double) -> Markup {
    .element(.g) {
      for item in placed {
        let x = left + item.x
        let y = 14 + Double(item.row) * Self.rowHeight
        key(item.entry, x: x + 5, y: y - 4)
        Markup.element(.text, .number(.x, x + 16), .number(.y, y)) {
          if item.text != item.entry.name { Markup.element(.title, text: item.entry.name) }
          item.text
        }
      }
    }
  }

  private func key(_ entry: Entry, x: Double, y: Double) -> Markup {
    switch entry.look {
    case .marker, .hollowMarker:
      Marker.draw(
        entry.series, x: x, y: y, radius: 4.5, tooltip: nil,
        isHollow: entry.look == .hollowMarker)
    case .fill:
      PlotFrame.rect(
        x: x - 5, y: y - 5, width: 10, height: 10, Palette.fillClass(entry.series))
    case .line:
      PlotFrame.line(
        .init(x - 6, y), .init(x + 6, y), Palette.lineClass(entry.series))
    }
  }
}
