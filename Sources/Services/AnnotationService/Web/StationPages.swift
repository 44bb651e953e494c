import Documents
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// Registered stations: the owner describes a measured screen, its browser opens the link once.
extension AnnotationRoutes {
  func addStations(_ router: Router<AnnotationContext>) {
    router.get("/station/{token}") { request, context in
      let token = try context.parameters.require("token")
      return page(request) { texts in
        (
          texts("station.title"),
          """
          <main class="narrow"><h1>\(texts("station.title"))</h1>
          \(HTMLTemplate.paragraphs(texts("station.text")))
          <form method="post" action="/station/\(token)"><button class="primary">\
          \(texts("station.here"))</button></form></main>
          """
        )
      }
    }
    router.post("/station/{token}") { request, context in
      let token = try context.parameters.require("token")
      guard let station = try await study.station(token: token) else {
        return message(request, "station.unknown", status: .notFound)
      }
      var response = page(request) { texts in
        (
          texts("station.title"),
          """
          <main class="narrow"><h1>\(texts("station.title"))</h1>
          <p>\(texts("station.done", station.name))</p></main>
          """
        )
      }
      response.headers[.setCookie] = cookie(
        token, name: settings.stationCookieName(study.id), seconds: 400 * 86_400)
      return response
    }
    router.get("/owner/stations") { request, context in
      try await stations(request, try context.owner())
    }
    router.post("/owner/stations") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      do {
        let station = Self.station(fields)
        let token = try await study.register(station, actor: owner.pseudonym)
        let link = "\(origin(request))/station/\(token)"
        return try await stations(request, owner, made: (station.name, link))
      } catch let error as InputError {
        return try await stations(request, owner, problem: error)
      }
    }
    router.post("/owner/stations/retire") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      try await study.retire(
        station: Int64(fields["station", default: ""]) ?? -1, actor: owner.pseudonym)
      return redirect("/owner/stations")
    }
  }

  /// The station that the caller's browser is.
  func station(_ request: Request) async throws -> Station? {
    let cookie =
      request.cookies[settings.stationCookieName(study.id)]
      ?? request.cookies[settings.oldStationCookieName]
    return try await study.station(token: cookie?.value)
  }

  /// A station from the fields of the form; what can't be read is zero, and refused.
  private static func station(_ fields: [String: String]) -> Station {
    func number(_ name: String) -> Double {
      Double(fields[name, default: ""].replacingOccurrences(of: ",", with: ".")) ?? 0
    }
    return Station(
      name: fields["name", default: ""].trimmingCharacters(in: .whitespaces),
      pitchMillimetres: number("pitch"), widthPixels: Int(fields["width", default: ""]) ?? 0,
      heightPixels: Int(fields["height", default: ""]) ?? 0, luminance: number("luminance"),
      whitePoint: fields["white", default: ""], ambient: fields["ambient", default: ""],
      calibrated: fields["calibrated", default: ""],
      validDays: Int(fields["days", default: ""]) ?? 0)
  }

  private func stations(
    _ request: Request, _ owner: Identity, made: (name: String, link: String)? = nil,
    problem: InputError? = nil
  ) async throws -> Response {
    let known = try await study.stations()
    let now = study.clock()
    return ownerPage(request, owner, "owner.stations") { texts in
      let card: HTMLTemplate = made.map { linkCard(texts("station.made", $0), $1, texts) } ?? ""
      let error: HTMLTemplate =
        problem.map { "<p class=\"warning\" role=\"alert\">\($0.problem); \($0.remedy)</p>" } ?? ""
      let rows: [HTMLTemplate] = known.map { stationRow($0, owner, now, texts) }
      let heads: [HTMLTemplate] =
        ["station", "pitch", "pixels", "luminance", "calibrated", "state"]
        .map { "<th scope=\"col\">\(texts("column." + $0))</th>" } + ["<td></td>"]
      return """
        \(card)\(error)\(HTMLTemplate.paragraphs(texts("owner.stations.help")))
        <div class="scroll" tabindex="0" role="region" aria-label="\(texts("owner.stations"))">
        <table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
        <h2>\(texts("station.register"))</h2>\(stationForm(owner, texts))
        """
    }
  }

  private func stationRow(
    _ row: StationRow, _ owner: Identity, _ now: Date, _ texts: Texts
  ) -> HTMLTemplate {
    let station = row.station
    let state =
      row.isRetired ? "retired" : station.isValid(at: now) ? "valid" : "outdated"
    let retire: HTMLTemplate =
      row.isRetired
      ? ""
      : """
      <form method="post" action="/owner/stations/retire" class="plain">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <input type="hidden" name="station" value="\("\(row.id)")">
      <button aria-label="\(texts("station.retire")) \(station.name)">\(texts("station.retire"))\
      </button></form>
      """
    return """
      <tr><th scope="row">\(station.name)</th>
      <td>\(Self.number(station.pitchMillimetres, 4)) mm</td>
      <td>\(station.widthPixels) × \(station.heightPixels)</td>
      <td>\(Self.number(station.luminance, 0)) cd/m²</td><td>\(station.calibrated)</td>
      <td><span class="state \
      \(state)">\(texts("station." + state))</span></td><td>\(retire)</td></tr>
      """
  }

  private func stationForm(_ owner: Identity, _ texts: Texts) -> HTMLTemplate {
    func field(_ name: String, _ label: String, _ input: HTMLTemplate) -> HTMLTemplate {
      "<p class=\"field\"><label for=\"\(name)\">\(texts(label))</label>\(input)</p>"
    }
    func options(_ names: [String], _ key: String) -> [HTMLTemplate] {
      names.map { "<option value=\"\($0)\">\(texts("\(key).\($0)"))</option>" }
    }
    let numbers: [HTMLTemplate] = [
      ("pitch", "station.pitch", "0.185"), ("width", "station.width", "3840"),
      ("height", "station.height", "2160"), ("luminance", "check.luminance", "120"),
      ("days", "station.days", "30"),
    ].map { name, label, value in
      field(
        name, label,
        """
        <input id="\(name)" name="\(name)" inputmode="decimal" required value="\(value)" \
        autocomplete="off">
        """)
    }
    return """
      <form method="post" action="/owner/stations" class="check">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      \(field("name", "station.name", "<input id=\"name\" name=\"name\" maxlength=\"64\" required autocomplete=\"off\">"))
      \(numbers)
      \(field("white", "check.whitepoint", "<select id=\"white\" name=\"white\">\(options(["d65", "other"], "check.white"))</select>"))
      \(field("ambient", "check.ambient", "<select id=\"ambient\" name=\"ambient\">\(options(["dim", "dark", "bright"], "check.ambient"))</select>"))
      \(field("calibrated", "check.calibrated", "<input id=\"calibrated\" name=\"calibrated\" type=\"date\" required>"))
      <button class="primary">\(texts("station.register"))</button></form>
      """
  }
}
