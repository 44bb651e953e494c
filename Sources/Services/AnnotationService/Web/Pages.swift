import Documents
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Studies

extension AnnotationRoutes {
  func addPages(_ router: Router<AnnotationContext>) {
    router.get("/") { request, context in
      guard let identity = context.identity else {
        return page(request, isObservers: false, welcome)
      }
      return redirect(identity.isStaff ? "/owner" : "/observe")
    }
    router.get("/i/{token}") { request, context in
      let token = try context.parameters.require("token")
      return page(request) { texts in
        (
          texts("invite.title"),
          """
          <main class="narrow"><div class="notonphone"><h1>\(texts("invite.title"))</h1>
          \(HTMLTemplate.paragraphs(texts("invite.text")))
          <form method="post" action="/i/\(token)"><button class="primary">\(texts("invite.enter"))
          </button></form></div>
          <div class="onphone"><h1>\(texts("phone.title"))</h1>
          \(HTMLTemplate.paragraphs(texts("phone.invited")))</div></main>
          """
        )
      }
    }
    router.post("/i/{token}") { request, context in
      let token = try context.parameters.require("token")
      switch try await study.exchange(token) {
      case .cookie(let cookie, let isStaff): return enter(cookie, isStaff: isStaff)
      case .used: return message(request, "invite.used", status: .gone)
      case .unknown: return message(request, "invite.unknown", status: .notFound)
      }
    }
    router.get("/login") { request, _ in page(request, isObservers: false, loginForm) }
    router.post("/login") { request, context in
      let form = try await form(request, context)
      guard let cookie = try await study.login(form["password", default: ""]) else {
        return message(request, "login.wrong", status: .unauthorized)
      }
      return enter(cookie, isStaff: true)
    }
    router.get("/observe") { request, context in
      guard let identity = context.identity, !identity.isStaff else {
        return message(request, "invite.needed", status: .unauthorized)
      }
      return page(request, identity: identity, script: "observe.js") { texts in
        (texts("observe.title"), HTMLTemplate("<div id=\"app\" class=\"app\"></div>"))
      }
    }
    router.get("/bye") { request, _ in message(request, "bye.text", title: "bye.title") }
  }

  private func welcome(_ texts: Texts) -> (String, HTMLTemplate) {
    (
      "Vernier",
      """
      <main class="narrow"><h1>Vernier</h1>\(HTMLTemplate.paragraphs(texts("welcome.text")))
      <p><a href="/login">\(texts("welcome.owner"))</a></p></main>
      """
    )
  }

  private func loginForm(_ texts: Texts) -> (String, HTMLTemplate) {
    (
      texts("login.title"),
      """
      <main class="narrow"><h1>\(texts("login.title"))</h1>
      <form method="post" action="/login"><label for="password">\(texts("login.password"))</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required>
      <button class="primary">\(texts("login.enter"))</button></form></main>
      """
    )
  }

  private func enter(_ cookie: String, isStaff: Bool) -> Response {
    var response = redirect(isStaff ? "/owner" : "/observe")
    response.headers[.setCookie] = self.cookie(
      cookie, name: settings.cookieName(study.id, isStaff ? .owner : .observer),
      seconds: AnnotationStudy.cookieSeconds)
    return response
  }

  func redirect(_ place: String) -> Response {
    Response(status: .seeOther, headers: [.location: place])
  }

  /// A page of one paragraph.
  func message(
    _ request: Request, _ key: String, title: String = "message.title",
    status: HTTPResponse.Status = .ok
  ) -> Response {
    var response = page(request) { texts in
      (
        texts(title),
        """
        <main class="narrow"><h1>\(texts(title))</h1>\(HTMLTemplate.paragraphs(texts(key)))</main>
        """
      )
    }
    response.status = status
    return response
  }

  /// The texts in the language that the caller chose, or his browser.
  func texts(_ request: Request) -> Texts {
    Texts.chosen(
      request.uri.queryParameters["lang"].map(String.init)
        ?? request.cookies["vernier-language"]?.value,
      accepted: request.headers[.acceptLanguage])
  }

  /// A whole page; `?lang=` also remembers the language.
  func page(
    _ request: Request, identity: Identity? = nil, script: String? = nil,
    isObservers: Bool = true, _ content: (Texts) -> (title: String, body: HTMLTemplate)
  ) -> Response {
    let texts = texts(request)
    let (title, body) = content(texts)
    let scripts: HTMLTemplate =
      script.map { "<script type=\"module\" src=\"/assets/\($0)\"></script>" } ?? ""
    let others: [HTMLTemplate] = Texts.languages.filter { $0 != texts.language }.map { language in
      """
      <a href="\(request.uri.path)?lang=\(language)" lang="\(language)" hreflang="\(language)">\
      \(Texts.all[language]?("language.name") ?? language)</a>
      """
    }
    let kind: HTMLTemplate = isObservers ? " class=\"observer\"" : ""
    let html: HTMLTemplate = """
      <!doctype html>
      <html lang="\(texts.language)"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="csrf" content="\(identity?.csrf ?? "")">
      <meta name="consent" content="\(ConsentText.version)">
      <title>\(title) – Vernier</title><link rel="icon" href="/assets/icon.svg">
      <link rel="stylesheet" href="/assets/page.css">\(scripts)</head>
      <body\(kind)>\(body)<footer>\(others)</footer></body></html>
      """
    var headers: HTTPFields = [:]
    if request.uri.queryParameters["lang"].map({ Texts.all[String($0)] != nil }) == true {
      headers[.setCookie] =
        "vernier-language=\(texts.language); Path=/; SameSite=Strict; Max-Age=31536000"
    }
    return text(Data(html.source.utf8), "text/html; charset=utf-8", headers: headers)
  }

  /// The fields of a submitted form.
  func form(
    _ request: Request, _ context: AnnotationContext, upTo bytes: Int? = nil
  ) async throws -> [String: String] {
    let type = request.headers[.contentType] ?? ""
    guard type.hasPrefix("application/x-www-form-urlencoded") else {
      throw HTTPError(.unsupportedMediaType, message: "send a form")
    }
    let buffer = try await request.body.collect(upTo: bytes ?? context.maxUploadSize)
    var fields: [String: String] = [:]
    for pair in String(buffer: buffer).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? "" }
      if let name = parts.first { fields[name] = parts.count > 1 ? parts[1] : "" }
    }
    return fields
  }
}
