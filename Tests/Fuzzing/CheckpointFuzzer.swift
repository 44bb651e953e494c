internal import Glibc

/// libFuzzer's entry: any bytes are tensors or an error of one line, never a crash.
///
/// The first byte decides how the others become a file. Built by `Scripts/fuzz-checkpoints`
/// together with the sources of Tensors.
@_cdecl("LLVMFuzzerTestOneInput")
public func checkpointFuzzer(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
  guard let mode = input.first else { return 0 }
  let rest = Array(input.dropFirst())
  let file: [UInt8] =
    switch mode {
    case UInt8(ascii: "p"): legacyStart + rest
    case UInt8(ascii: "z"):
      storedArchive([
        ("a/data.pkl", rest), ("a/data/0", zeros), ("a/data/1", zeros),
      ])
    case UInt8(ascii: "n"): storedArchive([("a.npy", array(rest)), ("b.npy", array(rest))])
    case UInt8(ascii: "s"): littleEndian(rest.count, 8) + rest
    default: rest
    }
  let path = "/dev/shm/vernier-fuzz-\(getpid())"
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  precondition(descriptor >= 0 && write(descriptor, file, file.count) == file.count)
  close(descriptor)
  read(path, count: file.count)
  unlink(path)
  return 0
}

/// Reads the file in every way that the module offers.
private func read(_ path: String, count: Int) {
  expectOneLine { () throws(CheckpointError) in try Checkpoint.read(path) }
  do throws(CheckpointError) {
    let arrays = try Checkpoint.readNumpyArchive(path)
    precondition(arrays.values.reduce(0) { $0 + $1.values.count } <= count)
  } catch {
    expectOneLine(error)
  }
  do throws(CheckpointError) {
    let layers = try DlibFile.layers(path)
    precondition(layers.reduce(0) { $0 + $1.values.count } <= count / 4)
  } catch {
    expectOneLine(error)
  }
  expectOneLine { () throws(CheckpointError) in
    let file = try CheckpointFile(path)
    var tensors: [String: Tensor] = [:]
    for name in file.names {
      tensors[name] = try file.tensor(name)
      precondition(tensors[name]?.shape == file.shape(name))
    }
    return tensors
  }

  /// Tensors may be larger than the file only where several share a storage.
  func expectOneLine(_ body: () throws(CheckpointError) -> [String: Tensor]) {
    do throws(CheckpointError) {
      let bytes = try body().values.reduce(0) { $0 + $1.count * $1.type.byteCount }
      precondition(bytes <= 4 * count)
    } catch {
      expectOneLine(error)
    }
  }

  func expectOneLine(_ error: CheckpointError) {
    precondition(!error.description.contains("\n") && error.description.utf8.count < 10_000)
  }
}

private func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

/// The three pickles before the weights in the legacy form.
private let legacyStart: [UInt8] =
  [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
  + [0x80, 2, 0x4D, 0xE9, 3, 0x2E, 0x80, 2, 0x7D, 0x2E]

private let zeros = [UInt8](repeating: 0, count: 16)

/// An array of NumPy: its header's length is the first byte.
private func array(_ bytes: [UInt8]) -> [UInt8] {
  [0x93] + Array("NUMPY".utf8) + [1, 0] + [bytes.first ?? 0, 0] + bytes.dropFirst()
}

/// A zip archive that holds files uncompressed.
private func storedArchive(_ entries: [(name: String, content: [UInt8])]) -> [UInt8] {
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in entries {
    let sizes = littleEndian(content.count, 4) + littleEndian(content.count, 4)
    let lengths = littleEndian(name.utf8.count, 2) + [0, 0]
    let start = archive.count
    archive += [0x50, 0x4B, 3, 4] + zeros.prefix(14) + sizes + lengths + name.utf8 + content
    directory += [0x50, 0x4B, 1, 2] + zeros + sizes + lengths + zeros.prefix(10)
    directory += littleEndian(start, 4) + name.utf8
  }
  let counts = littleEndian(entries.count, 2) + littleEndian(entries.count, 2)
  return archive + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + counts
    + littleEndian(directory.count, 4) + littleEndian(archive.count, 4) + [0, 0]
}
