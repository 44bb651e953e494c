extension TextTable {
  /// The table as HTML, in a box that scrolls sideways where the window is narrow.
  public func html() -> Markup {
    .element(
      .div, .class("table"), Markup.Attribute(.tabindex, "0"), Markup.Attribute(.role, "region"),
      Markup.Attribute(.ariaLabel, caption.isEmpty ? "Table" : caption)
    ) {
      Markup.element(.table) {
        if !caption.isEmpty { Markup.element(.caption, text: caption) }
        Markup.element(.thead) {
          Markup.element(.tr) {
            for (index, title) in columns.enumerated() {
              .element(.th, [Markup.Attribute(.scope, "col")] + numberClass(index), [.text(title)])
            }
          }
        }
        Markup.element(.tbody) {
          for row in rows {
            Markup.element(.tr) {
              for (index, cell) in row.enumerated() {
                .element(.td, numberClass(index), [.text(cell)])
              }
            }
          }
        }
      }
    }
  }

  private func numberClass(_ column: Int) -> [Markup.Attribute] {
    alignments[column] == .trailing ? [.class("number")] : []
  }
}
