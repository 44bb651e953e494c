internal import CVips

/// libFuzzer's entry: any bytes are an image or an error, never a crash.
///
/// Built by `Scripts/fuzz-pixels` together with the sources of Pixels.
@_cdecl("LLVMFuzzerTestOneInput")
public func decodeFuzzer(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
  var options = DecodingOptions()
  options.maximumPixels = 1_000_000
  options.brokenProfile = (input.last ?? 0) & 1 == 0 ? .refuse : .assumeSRGB
  do throws(PhotoError) {
    let image = try RasterImage.decode(bytes: input, name: "fuzz", options: options)
    precondition(image.samples.count == 3 * image.widthPixels * image.heightPixels)
  } catch {
    precondition(!error.description.contains("\n"))
  }
  return 0
}
