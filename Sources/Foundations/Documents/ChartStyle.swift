/// The looks of charts.
public enum ChartStyle {
  /// The rules for pages: variables for both themes and the classes of the marks.
  public static var page: Stylesheet { variables + Stylesheet(generated: Palette.rules) + marks }

  /// The rules for a chart that is a file of its own.
  static var document: Stylesheet { page }

  /// The hatchings that ``page`` refers to; a page that shows charts holds this once, anywhere.
  public static var definitions: Markup {
    .element(
      .svg, .class("definitions"), Markup.Attribute(.width, "0"), Markup.Attribute(.height, "0"),
      Markup.Attribute(.ariaHidden, "true")
    ) { Palette.definitions }
  }

  /// The same without a dark theme, for pages that are always light; within elements of the class
  /// `chart`.
  public static var light: Stylesheet {
    Stylesheet(generated: ".chart{\(lightVariables)}")
      + Stylesheet(generated: Palette.rules) + marks
  }

  private static var lightVariables: String {
    "--ink:#1d1d1f;--quiet:#62646a;--rule:#d9d9dc;--band:#f1f1f2;color-scheme:light;"
      + Palette.variables(Palette.light, ground: Palette.lightGround)
  }

  private static var variables: Stylesheet {
    let dark =
      "--ink:#f0f0f2;--quiet:#a4a6ad;--rule:#3b3b3f;--band:#28282b;color-scheme:dark;"
      + Palette.variables(Palette.dark, ground: Palette.darkGround)
    return Stylesheet(
      generated: """
        :root{\(lightVariables)}
        @media screen and (prefers-color-scheme:dark){:root{\(dark)}}
        """)
  }

  private static let marks = Stylesheet(
    """
    svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
    fill:var(--ink);
    font-variant-numeric:tabular-nums}
    svg .tick{fill:var(--quiet);font-size:11px}
    svg .label{fill:var(--quiet)}
    svg .above{paint-order:stroke;stroke:var(--ground);stroke-width:4}
    svg .end{text-anchor:end}svg .middle{text-anchor:middle}
    svg .grid{stroke:var(--rule);stroke-width:1;fill:none;shape-rendering:crispEdges}
    svg .axis{stroke:var(--quiet);stroke-width:1;fill:none;shape-rendering:crispEdges}
    svg .ground{fill:var(--ground)}svg .band{fill:var(--band)}
    svg .fill{fill:var(--c)}
    svg .bar{stroke:var(--ground);stroke-width:1}
    svg .hatch{stroke:var(--ground);stroke-width:1.4;fill:none}
    svg .mark{fill:var(--c);stroke:var(--ground);stroke-width:.8}
    svg .hollow{fill:var(--ground);stroke:var(--c);stroke-width:1.5}
    svg .faint{opacity:.45}
    svg .line{stroke:var(--c);stroke-width:1.8;fill:none;stroke-linejoin:round;stroke-linecap:round}
    svg .error{stroke:var(--c);stroke-width:1.4;fill:none;opacity:.62}
    svg .thin{stroke-width:1}
    svg .dash1{stroke-dasharray:6 4}svg .dash2{stroke-dasharray:2 4}\
    svg .dash3{stroke-dasharray:8 3 2 3}
    svg .guide{stroke:var(--quiet);stroke-width:1.2;stroke-dasharray:5 4;fill:none}
    svg .band{fill:var(--c);fill-opacity:.16;stroke:none}
    svg .leader{stroke:var(--quiet);stroke-width:1;fill:none;opacity:.6}
    svg .box{fill:var(--c);fill-opacity:.22;stroke:var(--c);stroke-width:1.4}
    svg .median{stroke:var(--c);stroke-width:2.4}
    svg path:hover,svg rect:hover{filter:brightness(1.12)}
    svg.definitions{position:absolute}
    .on-phone{display:none}
    @media screen and (max-width:640px){.on-wide{display:none}.on-phone{display:block}
    figure.chart .on-phone svg{min-width:0}}
    """)
}
