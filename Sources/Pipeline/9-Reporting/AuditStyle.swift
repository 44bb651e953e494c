import Documents

/// The looks of an audit beside those of a report.
enum AuditStyle {
  static let rules = Stylesheet(
    """
    :root{--fine:#24703f;--look:#8a5a00;--fault:#b3261e}
    @media screen and (prefers-color-scheme:dark){:root{--fine:#79c895;--look:#e2b04a;--fault:#ff8a80}}
    .verdict{display:inline-block;min-width:3.6em;text-align:center;font-size:12px;font-weight:650;letter-spacing:.02em;
    border:1.5px solid currentColor;border-radius:999px;padding:1px 9px;margin-right:10px;vertical-align:2px}
    .verdict.fine{color:var(--fine)}.verdict.look{color:var(--look)}.verdict.fault{color:var(--fault)}
    .overview{list-style:none;margin:22px 0 0;padding:0}
    .overview li{padding:7px 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
    .overview a{color:var(--ink);margin-right:14px}.overview span:last-child{color:var(--quiet);font-size:14px}
    .probes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(470px,100%),1fr));gap:20px;margin-top:28px}
    .probe{min-width:0;background:var(--ground);border-radius:10px;padding:16px 20px}
    .probe p{margin-top:8px}
    .probe ul{margin:10px 0 0;padding-left:20px;font-size:14px}.probe li{margin-top:4px;overflow-wrap:anywhere}
    .probe dl{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:2px 18px;margin:12px 0 0;font-size:13px;
    color:var(--quiet)}
    .probe dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
    .audit section>h3,.audit section div>h3{margin-top:40px}.audit .probe h3{margin-top:0}
    @media (max-width:640px){.probe{padding:14px 14px}.probe dl{grid-template-columns:1fr}.probe dd{text-align:left;
    color:var(--ink);margin-bottom:6px}}
    @media print{.probes{grid-template-columns:1fr 1fr;gap:10pt}.probe{break-inside:avoid;padding:4pt 0}}
    """)
}
