import Documents

/// The looks of a report: neutral grays, so that nothing tints the photos.
enum ReportStyle {
  static let rules = Stylesheet(
    """
    :root{--paper:#f5f5f6;--surround:#dededf;\
    --mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
    @media screen and (prefers-color-scheme:dark){:root{--paper:#121214;--surround:#2a2a2d}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    .page{max-width:1180px;margin:0 auto;padding:56px 40px 72px}
    h1,h2,h3{line-height:1.2;font-weight:600;letter-spacing:-.012em;margin:0;overflow-wrap:anywhere}
    h1{font-size:44px;letter-spacing:-.022em;max-width:24ch}
    h2{font-size:27px}h3{font-size:17px}
    p{margin:0;overflow-wrap:anywhere}
    .overline{color:var(--quiet);font-size:13px;margin-bottom:14px}
    .measured{color:var(--quiet);font-size:18px;max-width:64ch;margin-top:14px}
    .notice{margin-top:22px;padding:12px 16px;border-left:4px solid var(--s1);\
    background:var(--ground);max-width:76ch;
    font-weight:550;border-radius:0 6px 6px 0}
    .notice+.notice{margin-top:8px}
    .answer{font-size:25px;line-height:1.36;max-width:44ch;margin-top:34px;letter-spacing:-.01em}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(158px,1fr));gap:26px 28px;\
    margin:38px 0 0;
    padding-top:26px;border-top:1px solid var(--rule)}
    .figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
    .figures dd{margin:0;font-size:26px;font-weight:600;letter-spacing:-.02em;line-height:1.2;
    font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    .figures dt{color:var(--quiet);font-size:13.5px;line-height:1.4;margin-top:4px}
    nav{margin-top:44px;font-size:14px}
    nav ol{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:6px 22px}
    nav a{color:var(--quiet);text-decoration:none;border-bottom:1px solid var(--rule)}
    nav a:hover,nav a:focus{color:var(--ink);border-color:var(--ink)}
    section{margin-top:88px;scroll-margin-top:24px}
    .lead{color:var(--quiet);max-width:72ch;margin-top:10px}
    figure{margin:26px 0 0}
    .chart{background:var(--ground);border-radius:10px;padding:20px 20px 14px}
    .chart .plot{overflow-x:auto}
    .chart svg{display:block;width:100%;height:auto}
    .chart.small svg{min-width:400px}.chart.regular svg{min-width:540px;max-width:860px;\
    margin:0 auto}
    .chart.wide svg{min-width:680px}
    figcaption{font-size:14px;color:var(--quiet);margin-top:10px;overflow-wrap:anywhere}
    figcaption strong{color:var(--ink);font-weight:600}
    .note{display:block}
    details{margin-top:8px;font-size:13px}
    summary{color:var(--quiet);cursor:pointer;width:max-content}
    details .table{max-height:340px;overflow:auto;margin-top:8px}
    .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(470px,100%),1fr));\
    gap:28px;margin-top:28px}
    .grid>article,.grid>figure{min-width:0;margin:0}
    article .chart{margin-top:12px}
    .table{overflow-x:auto;margin-top:28px;background:var(--ground);border-radius:10px;\
    padding:14px 20px}
    .chart .table{padding:0;border-radius:0}
    table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;min-width:50%}
    caption{text-align:left;color:var(--quiet);padding:2px 0 8px;caption-side:top}
    th,td{text-align:left;padding:6px 22px 6px 0;border-bottom:1px solid var(--rule);\
    vertical-align:top;
    overflow-wrap:anywhere;min-width:4ch}
    tr>:last-child{padding-right:0}
    tbody tr:last-child td{border-bottom:0}
    th{font-weight:550;color:var(--quiet);white-space:nowrap}
    .number{text-align:right;white-space:nowrap}
    .strip{overflow-x:auto;background:var(--surround);border-radius:10px;margin-top:26px;\
    padding:18px 16px 14px}
    .ruler{display:block;max-width:none}
    svg .wide{stroke-width:5;opacity:.4}
    .samples{list-style:none;margin:0;padding:0;display:flex;width:max-content}
    .samples li{width:148px;padding:0 6px;display:flex;flex-direction:column;align-items:center;\
    font-size:12px;
    line-height:1.4;text-align:center;color:var(--quiet)}
    .samples img,.no-picture{width:136px;height:136px;object-fit:cover;display:block;\
    border-radius:3px;background:var(--band)}
    .no-picture{display:flex;align-items:center;justify-content:center}
    .samples strong{font-size:19px;color:var(--ink);font-weight:600;margin-top:6px;\
    font-variant-numeric:tabular-nums}
    .interval{font-variant-numeric:tabular-nums;white-space:nowrap}
    .scene{overflow-wrap:anywhere}
    .samples.few{width:auto;margin-top:12px;background:var(--surround);border-radius:10px;\
    padding:10px 6px 8px}
    .few li{width:16.666%;min-width:0;padding:0 3px;font-size:10.5px}
    .few img,.few .no-picture{width:100%;height:auto;aspect-ratio:1}
    .few strong{font-size:14px;margin-top:4px}
    .few .interval{display:none}
    .samples.wrapped{flex-wrap:wrap;width:auto;gap:16px 0;background:var(--surround);\
    border-radius:10px;
    padding:18px 12px;margin-top:18px}
    section>h3{margin-top:30px}
    .reading{display:grid;grid-template-columns:minmax(110px,max-content) minmax(0,72ch);\
    gap:14px 34px;margin:24px 0 0}
    .reading dt{font-weight:600}.reading dd{margin:0;color:var(--quiet)}
    .settings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr));\
    gap:30px 44px;margin-top:24px}
    .settings dl{display:grid;grid-template-columns:minmax(90px,auto) minmax(0,1fr);gap:3px 18px;\
    margin:8px 0 0;font-size:13px}
    .settings dt{color:var(--quiet)}
    .settings dd{margin:0;font-family:var(--mono);font-size:12px;line-height:20px;\
    overflow-wrap:anywhere;white-space:pre-wrap}
    footer{margin-top:88px;padding-top:18px;border-top:1px solid var(--rule);color:var(--quiet);\
    font-size:13px}
    :focus-visible{outline:2px solid var(--s0);outline-offset:2px}
    @media (max-width:640px){.page{padding:32px 18px 48px}h1{font-size:32px}.answer{font-size:21px}\
    section{margin-top:64px}
    .reading{grid-template-columns:1fr;gap:2px}.reading dd{margin-bottom:14px}\
    .chart{padding:14px 12px 10px}
    .table{padding:10px 14px}th,td{padding-right:14px}th{white-space:normal}}
    @media screen and (max-width:640px){
    .stack table,.stack tbody,.stack tr{display:block;width:100%}
    .stack thead{display:none}
    .stack tr{padding:10px 0;border-bottom:1px solid var(--rule)}
    .stack tr:last-child{border-bottom:0}
    .stack td{display:flex;justify-content:space-between;gap:20px;border:0;padding:2px 0;text-align:right;white-space:normal}
    .stack td:first-child{font-weight:600;font-size:15px;justify-content:flex-start;text-align:left}
    .stack td+td::before{content:attr(data-label);color:var(--quiet);text-align:left}}
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    @media print{
    @page{margin:14mm 13mm}
    body{background:#fff;font-size:10.5pt}*{-webkit-print-color-adjust:exact;\
    print-color-adjust:exact}
    .page{max-width:none;padding:0}nav,details,.ruler{display:none}
    h1{font-size:26pt}h2{font-size:16pt}.answer{font-size:14pt;margin-top:18pt}\
    .figures dd{font-size:15pt}
    .figures{grid-template-columns:repeat(3,1fr);gap:12pt;margin-top:18pt;padding-top:12pt}
    section{margin-top:26pt}h2,h3,.lead{break-after:avoid}
    .chart,.table,.strip,.samples li,article,tr,.notice{break-inside:avoid}
    .chart,.table,.strip{border-radius:0;padding:6pt 0}
    .grid{grid-template-columns:1fr 1fr;gap:12pt;margin-top:12pt}
    .chart.small svg,.chart.regular svg,.chart.wide svg{min-width:0}
    .chart.regular svg{max-width:150mm}
    .strip{overflow:visible;padding:8pt}
    .strip .samples{flex-wrap:wrap;width:auto;gap:8pt 0}.strip .samples li{width:14.28%;\
    padding:0 3pt}
    .strip .samples img{width:100%;height:auto;aspect-ratio:1}
    a{text-decoration:none}footer{margin-top:26pt}}
    """)
}
