import ZLibrary

/// Decompresses a zlib stream; nil when it is damaged, cut off, or larger than `limit` bytes.
func inflated(_ compressed: ArraySlice<UInt8>, limit: Int) -> [UInt8]? {
  guard compressed.count <= Int(UInt32.max) else { return nil }
  var input = Array(compressed)
  var stream = z_stream()
  let opened = inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  guard opened == Z_OK else { return nil }
  defer { inflateEnd(&stream) }
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  return input.withUnsafeMutableBufferPointer { source in
    stream.next_in = source.baseAddress
    stream.avail_in = UInt32(source.count)
    while true {
      let (status, produced) = chunk.withUnsafeMutableBufferPointer { room in
        stream.next_out = room.baseAddress
        stream.avail_out = UInt32(room.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        return (status, room.count - Int(stream.avail_out))
      }
      guard status == Z_OK || status == Z_STREAM_END, output.count + produced <= limit else {
        return nil
      }
      output += chunk[..<produced]
      if status == Z_STREAM_END { return output }
      if produced == 0, stream.avail_in == 0 { return nil }
    }
  }
}
