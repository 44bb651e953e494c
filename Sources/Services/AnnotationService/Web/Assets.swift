import Documents
import Files
import Foundation

/// A file that the program carries.
struct Asset: Sendable {
  let bytes: [UInt8]
  let type: String
  let tag: String

  init(_ bytes: [UInt8], _ type: String) {
    self.bytes = bytes
    self.type = type
    tag = "\"" + String(FileDigest.sha256(bytes).prefix(32)) + "\""
  }

  static let all: [String: Asset] = [
    "page.css": Asset(PackageResources.page_css, "text/css; charset=utf-8"),
    "observe.js": Asset(PackageResources.observe_js, "text/javascript; charset=utf-8"),
    "viewer.js": Asset(PackageResources.viewer_js, "text/javascript; charset=utf-8"),
    "outbox.js": Asset(PackageResources.outbox_js, "text/javascript; charset=utf-8"),
    "check.js": Asset(PackageResources.check_js, "text/javascript; charset=utf-8"),
    "vision.js": Asset(PackageResources.vision_js, "text/javascript; charset=utf-8"),
    "example.js": Asset(PackageResources.example_js, "text/javascript; charset=utf-8"),
    "owner.js": Asset(PackageResources.owner_js, "text/javascript; charset=utf-8"),
    "upload.js": Asset(PackageResources.upload_js, "text/javascript; charset=utf-8"),
    "text.en.json": Asset(PackageResources.text_en_json, "application/json"),
    "text.fr.json": Asset(PackageResources.text_fr_json, "application/json"),
    "charts.css": Asset(Array(ChartStyle.light.source.utf8), "text/css; charset=utf-8"),
    "icon.svg": Asset(PackageResources.icon_svg, "image/svg+xml"),
  ]
}
