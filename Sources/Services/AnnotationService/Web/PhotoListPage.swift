import Documents
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Studies

/// The photos of the study with small pictures; scene and device can be corrected.
extension AnnotationRoutes {
  /// How many photos a page shows.
  private static let pageSize = 60

  func addPhotoList(_ router: Router<AnnotationContext>) {
    router.get("/owner/photos/scene") { request, context in
      let wish = request.uri.queryParameters
      return try await photoList(
        request, try context.reader(), scene: wish["name"].map(String.init) ?? "",
        from: wish["from"].flatMap { Int($0) } ?? 0)
    }
    router.post("/owner/photos/{id}") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      guard let id = Int64(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
      let (scene, device) = (fields["scene", default: ""], fields["device", default: ""])
      let before = fields["before", default: scene]
      let start = fields["from"].flatMap { Int($0) } ?? 0
      do {
        try await inbox.correct(
          photo: id, scene: SceneID(scene), device: device.isEmpty ? nil : device,
          actor: owner.pseudonym)
      } catch let error as InputError {
        return try await photoList(request, owner, scene: before, from: start, problem: error)
      } catch let busy as PhotoInbox.Busy {
        return try await photoList(request, owner, scene: before, from: start, busy: busy.text)
      }
      return redirect(Self.address(of: before, from: start))
    }
    router.get("/owner/photos/{id}/thumbnail") { request, context in
      _ = try context.reader()
      guard let id = Int64(try context.parameters.require("id")),
        let sha256 = try await study.content(ofPhoto: id)
      else { throw HTTPError(.notFound) }
      // Asked again each time: a withdrawn photo must be gone from here at once.
      let tag = "\"\(sha256)-192\""
      let headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
      if request.headers[.ifNoneMatch] == tag {
        return Response(status: .notModified, headers: headers)
      }
      guard let bytes = try? await inbox.thumbnail(of: sha256) else { throw HTTPError(.notFound) }
      return text(Data(bytes), "image/jpeg", headers: headers)
    }
  }

  private static func address(of scene: String, from start: Int) -> String {
    let name = scene.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "/owner/photos/scene?name=\(name)" + (start > 0 ? "&from=\(start)" : "")
  }

  /// The scenes of the study's photos, each with a link to its photos.
  static func sceneLinks(
    _ scenes: [(name: String, photos: Int)], _ texts: Texts
  ) -> HTMLTemplate {
    guard !scenes.isEmpty else { return "" }
    let links: [HTMLTemplate] = scenes.map { scene in
      """
      <li><a href="\(address(of: scene.name, from: 0))">\(scene.name)</a> \
      (\(scene.photos))</li>
      """
    }
    return """
      <h2>\(texts("photos.scenes"))</h2><ul class="scenes">\(links)</ul>
      <p>\(texts("photos.next"))</p>
      """
  }

  private func photoList(
    _ request: Request, _ owner: Identity, scene: String, from start: Int,
    problem: InputError? = nil, busy: String? = nil
  ) async throws -> Response {
    let start = min(max(0, start), 10_000_000)
    let photos = try await study.listed(scene: scene, from: start, count: Self.pageSize + 1)
    let line = problem?.description ?? busy
    return ownerPage(request, owner, "owner.photos") { texts in
      let error: HTMLTemplate =
        line.map { "<p class=\"warning\" role=\"alert\">\($0)</p>" } ?? ""
      let cards: [HTMLTemplate] = photos.prefix(Self.pageSize).map {
        Self.card($0, scene, start, owner, texts)
      }
      func link(_ place: Int, _ key: String) -> HTMLTemplate {
        "<a href=\"\(Self.address(of: scene, from: max(0, place)))\">\(texts(key))</a>"
      }
      let earlier = start > 0 ? link(start - Self.pageSize, "photos.earlier") : ""
      let later =
        photos.count > Self.pageSize ? link(start + Self.pageSize, "photos.later") : ""
      return """
        <p><a href="/owner/photos">\(texts("photos.back"))</a></p><h2>\(scene)</h2>\(error)
        <ul class="photos">\(cards)</ul><p class="row">\(earlier)\(later)</p>
        """
    }
  }

  private static func card(
    _ photo: AnnotationStudy.ListedPhoto, _ scene: String, _ start: Int, _ owner: Identity,
    _ texts: Texts
  ) -> HTMLTemplate {
    let picture: HTMLTemplate =
      photo.hasFile
      ? """
      <img src="/owner/photos/\("\(photo.id)")/thumbnail" \
      alt="\(texts("photos.picture", photo.name))" loading="lazy">
      """ : ""
    let fixed: HTMLTemplate = photo.binding == nil ? "" : " readonly"
    let why: HTMLTemplate =
      photo.binding.map { "<p class=\"why\">\(texts("photos.fixed." + $0.rawValue))</p>" } ?? ""
    let form: HTMLTemplate =
      owner.role == .owner
      ? """
      <form method="post" action="/owner/photos/\("\(photo.id)")" class="plain">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <input type="hidden" name="before" value="\(scene)">
      <input type="hidden" name="from" value="\("\(start)")">
      <label>\(texts("photos.scene"))<input name="scene" maxlength="255" required \
      value="\(scene)"\(fixed)></label>\(why)
      <label>\(texts("photos.device"))<input name="device" maxlength="200" \
      value="\(photo.device)"></label>
      <button aria-label="\(texts("photos.save.one", photo.name))">\(texts("photos.save"))</button>
      </form>
      """ : "<p>\(photo.device)</p>"
    return """
      <li>\(picture)<h3>\(photo.name)</h3><p class="facts">\(photo.facts)</p>\(form)</li>
      """
  }

  /// Where folders are dropped; its script makes it work.
  func uploadForm(_ owner: Identity, _ texts: Texts) -> HTMLTemplate {
    guard owner.role == .owner else { return "" }
    return """
      <section id="upload" data-study="\(study.id)" data-address="\(PhotoInbox.address)">
      <h2>\(texts("upload.title"))</h2>\(HTMLTemplate.paragraphs(texts("upload.help")))
      <p id="unfinished" class="warning" hidden></p>
      <div id="drop" class="drop"><p>\(texts("upload.drop"))</p>
      <p class="field"><label for="folder">\(texts("upload.folder"))</label>
      <input id="folder" type="file" webkitdirectory multiple></p>
      <p class="field"><label for="scene">\(texts("upload.scene"))</label>
      <input id="scene" maxlength="255" autocomplete="off"></p></div>
      <p id="total" role="status"></p><div id="sending" hidden><p id="course"></p>
      <progress id="share" max="1" value="0" aria-label="\(texts("upload.share"))"></progress>
      <p class="row"><button type="button" id="pause">\(texts("upload.pause"))</button></p>
      <div id="problems"></div>
      <div class="scroll filelist" tabindex="0" role="region" aria-label="\(texts("upload.files"))">
      <table><thead><tr><th scope="col">\(texts("upload.file"))</th>
      <th scope="col" class="n">\(texts("upload.size"))</th>
      <th scope="col">\(texts("upload.state"))</th></tr></thead><tbody id="files"></tbody></table>
      </div></div></section><script type="module" src="/assets/upload.js"></script>
      """
  }
}
