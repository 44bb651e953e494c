extension TextTable {
  /// The table as HTML, in a box that scrolls sideways where the window is narrow.
  ///
  /// - Parameter stacks: Whether each row becomes a block with a line a cell on a phone, so that
  ///   nothing has to be scrolled to.
  /// - Returns: the box.
  public func html(stacks: Bool = false) -> Markup {
    .element(
      .div, .class(stacks ? "table stack" : "table"), Markup.Attribute(.tabindex, "0"),
      Markup.Attribute(.role, "region"),
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
                .element(.td, numberClass(index) + (stacks ? label(index) : []), [.text(cell)])
              }
            }
          }
        }
      }
    }
  }

  /// The column's title, which a phone shows before the cell.
  private func label(_ column: Int) -> [Markup.Attribute] {
    [Markup.Attribute(.dataLabel, columns[column])]
  }

  private func numberClass(_ column: Int) -> [Markup.Attribute] {
    alignments[column] == .trailing ? [.class("number")] : []
  }
}
