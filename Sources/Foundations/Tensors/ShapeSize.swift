/// How many bytes a tensor or an array takes.
///
/// - Parameters:
///   - shape: The sizes, as a file states them.
///   - each: The bytes of one element.
/// - Returns: The bytes; nil for a shape that can't be.
func byteCount(of shape: [Int], each: Int) -> Int? {
  var bytes = each
  for size in shape {
    let next = bytes.multipliedReportingOverflow(by: size)
    guard size >= 0, !next.overflow else { return nil }
    bytes = next.partialValue
  }
  return bytes
}
