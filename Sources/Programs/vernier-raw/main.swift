// Develops one camera raw file, in a process of its own: `vernier-raw facts|develop|half`.
//
// The file is standard input. Standard output gets lines `name=value`, an empty line and, when the
// file is developed, its upright 8-bit sRGB pixels. `vernier` starts this program; a file that
// makes LibRaw crash or grow takes only this process with it.
import CRaw
import CSandbox
import Glibc

/// What the process may use: LibRaw needs about 30 bytes a pixel, 200 million pixels 6 GB.
private let limits = (bytes: UInt64(8) << 30, seconds: UInt64(120), descriptors: UInt64(16))

/// As-shot white balance, AHD, clipped highlights, nothing that depends on the picture's content,
/// sRGB with its curve.
private func settings(isHalf: Bool) -> craw_settings {
  craw_settings(
    half_size: isHalf ? 1 : 0, camera_white: 1, demosaic: 3, highlight: 0, brighten: 0,
    white_threshold: 0, color: 1, gamma_power: 1 / 2.4, gamma_slope: 12.92)
}

private func say(_ lines: [(String, String)]) {
  let text = lines.map { "\($0)=\($1.filter { $0 != "\n" })\n" }.joined() + "\n"
  write(Array(text.utf8))
}

/// Writes everything; ends the program where nobody reads any more.
private func write(_ bytes: [UInt8]) {
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = Glibc.write(1, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      if count <= 0 { exit(2) }
      done += count
    }
  }
}

private func fail(_ reason: String) -> Never {
  say([("failure", reason)])
  exit(1)
}

/// A C array of characters up to its zero byte.
private func text<Characters>(_ characters: Characters) -> String {
  withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

private func develop(_ file: OpaquePointer, isHalf: Bool) {
  var (width, height) = (Int32(0), Int32(0))
  var failure = [CChar](repeating: 0, count: 256)
  guard
    let samples = craw_develop(
      file, settings(isHalf: isHalf), &width, &height, &failure, failure.count)
  else { fail(text(of: failure)) }
  say([("width", "\(width)"), ("height", "\(height)")])
  let rowSamples = 3 * Int(width)
  for row in 0..<Int(height) {
    let line = UnsafeBufferPointer(start: samples + rowSamples * row, count: rowSamples)
    write(line.map { UInt8((UInt32($0) + 128) / 257) })
  }
}

private func text(of characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func describe(_ file: OpaquePointer) {
  let facts = craw_describe(file)
  say([
    ("width", "\(facts.width)"), ("height", "\(facts.height)"), ("make", text(facts.make)),
    ("model", text(facts.model)), ("lens", text(facts.lens)), ("iso", "\(facts.iso)"),
    ("shutter", "\(facts.shutter)"), ("focal35", "\(facts.focal_35mm)"),
    ("white", facts.has_camera_white == 0 ? "daylight" : "as shot"),
    ("library", "LibRaw \(String(cString: craw_version()))"),
  ])
}

private func main() {
  guard let mode = CommandLine.arguments.dropFirst().first,
    ["facts", "develop", "half"].contains(mode)
  else { fail("give facts, develop or half, and a camera raw file as standard input") }
  guard csandbox_limit(limits.bytes, limits.seconds, limits.descriptors) == 0 else {
    fail("no limits can be set")
  }
  var status = stat()
  guard fstat(0, &status) == 0, status.st_size > 0,
    let bytes = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, 0, 0), bytes != MAP_FAILED
  else { fail("standard input is not a file") }
  // Where the system has no filter of calls, the limits alone hold.
  _ = csandbox_lock()
  var failure = [CChar](repeating: 0, count: 256)
  guard let file = craw_open(bytes, Int(status.st_size), &failure, failure.count) else {
    fail(text(of: failure))
  }
  if mode == "facts" { describe(file) } else { develop(file, isHalf: mode == "half") }
  craw_close(file)
}

main()
