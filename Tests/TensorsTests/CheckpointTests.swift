import FoundationEssentials
import Tensors
import Testing

/// A folder that is removed at the end of the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "vernier-\(UUID().uuidString)")
      .path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], _ name: String = "file.pth") throws -> String {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }
}

/// Files beside this one, written by `Scripts/golden/engine-checkpoints.py`.
func fixture(_ name: String) -> String {
  let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
  return "/\(folder)/Fixtures/\(name)"
}

func bytes(_ path: String) throws -> [UInt8] {
  Array(try #require(FileManager.default.contents(atPath: path)))
}

@Suite struct CheckpointTests {
  /// What every fixture holds: [2, 3] counting up, its transpose, halves, and whole numbers.
  private func expectFixture(_ state: [String: Tensor]) throws {
    #expect(state.keys.sorted() == ["block.0.bias", "block.0.weight", "count", "turned"])
    let weight = try #require(state["block.0.weight"])
    #expect(weight.shape == [2, 3])
    #expect(try weight.floats() == [0, 1, 2, 3, 4, 5])
    let turned = try #require(state["turned"])
    #expect(turned.shape == [3, 2])
    #expect(try turned.floats() == [0, 3, 1, 4, 2, 5])
    #expect(try state["block.0.bias"]?.floats() == [0.5, -0.25])
    #expect(try state["count"]?.integers() == [7])
    #expect(state["count"]?.shape == [])
  }

  @Test(arguments: [
    "plain.pth", "ordered.pth", "nested.pth", "parallel.pth", "legacy.pth", "legacy-nested.pth",
    "python.safetensors",
  ])
  func everyFormOfCheckpointGivesTheSameTensors(name: String) throws {
    try expectFixture(Checkpoint.read(fixture(name)))
  }

  @Test(arguments: ["object.pth", "legacy-object.pth", "numbers.pth", "script.pt", "packed.npz"])
  func whatIsNotTensorsIsRefusedInOneLine(name: String) throws {
    let error = #expect(throws: CheckpointError.self) { try Checkpoint.read(fixture(name)) }
    let text = try #require(error?.description)
    #expect(text.contains(name))
    #expect(!text.contains("\n"))
  }

  @Test func theRefusalNamesTheObject() throws {
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint.read(fixture("object.pth"))
    }
    #expect(error?.problem.contains("posix.system") == true)
  }

  @Test func numpyArchives() throws {
    let arrays = try Checkpoint.readNumpyArchive(fixture("arrays.npz"))
    #expect(arrays.keys.sorted() == ["columns", "single"])
    #expect(arrays["columns"]?.shape == [2, 3])
    #expect(arrays["columns"]?.values == [0, 1, 2, 3, 4, 5])
    #expect(arrays["single"]?.values == [1.5, 2.5])
  }

  @Test func safetensorsSurviveTheRoundTrip() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.safetensors"
    let state = [
      "b.weight": try RandomSource(seed: 1).normal([3, 4]),
      "a \"quoted\"": try Tensor([1, 2] as [Int64]),
      "half": try Tensor([1, 2, 3] as [Float]).to(.bfloat16),
      "byte": try Tensor([7] as [UInt8]),
      "empty": try Tensor([] as [Float], shape: [0, 2]),
      "double": try Tensor([0.1] as [Double]),
    ]
    try Checkpoint.write(state, metadata: ["note": "line\nbreak"], to: path)
    let (back, metadata) = try Checkpoint.readWithMetadata(path)
    #expect(metadata == ["note": "line\nbreak"])
    #expect(back.keys.sorted() == state.keys.sorted())
    for (name, tensor) in state {
      #expect(back[name]?.shape == tensor.shape)
      #expect(back[name]?.type == tensor.type)
      #expect(try back[name]?.rawBytes() == tensor.rawBytes())
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
  }

  @Test(arguments: ["python.safetensors", "legacy.pth", "ordered.pth"])
  func openedFilesGiveTheirTensorsOneByOne(name: String) throws {
    let whole = try Checkpoint.read(fixture(name))
    let file = try CheckpointFile(fixture(name))
    #expect(file.names == whole.keys.sorted())
    for (key, tensor) in whole {
      #expect(file.shape(key) == tensor.shape)
      #expect(try file.tensor(key)?.rawBytes() == tensor.rawBytes())
    }
    #expect(try file.tensor("none") == nil)
    // Memory of its own at each call.
    let first = try #require(try file.tensor("turned"))
    try first.assign(.zeros([3, 2]))
    #expect(try file.tensor("turned")?.floats() == [0, 3, 1, 4, 2, 5])
  }

  @Test func weightsFromAnOpenFileEqualThoseFromAllTensors() throws {
    let file = try CheckpointFile(fixture("python.safetensors"))
    let weights = try Weights(opening: file)
    let tensor = try (weights / "block" / 0).parameter("weight", [2, 3], .zeros)
    #expect(try tensor.floats() == [0, 1, 2, 3, 4, 5])
    _ = try weights.buffer("turned", [2, 2], .zeros)
    let error = #expect(throws: WeightsError.self) { try weights.finish() }
    #expect(error?.unexpected == ["block.0.bias", "count"])
    #expect(error?.misshapen == ["turned: [3, 2] instead of [2, 2]"])
  }

  @Test func missingFilesAndFoldersAreErrors() throws {
    let folder = try TemporaryFolder()
    #expect(throws: CheckpointError.self) { try Checkpoint.read("\(folder.path)/none") }
    #expect(throws: CheckpointError.self) { try Checkpoint.read(folder.path) }
    #expect(throws: CheckpointError.self) { try Checkpoint.read("/dev/zero") }
    #expect(throws: CheckpointError.self) { try Checkpoint.read(folder.write([])) }
    let tensors = ["a": try Tensor.ones([1])]
    #expect(throws: CheckpointError.self) {
      try Checkpoint.write(tensors, to: "\(folder.path)/none/a.safetensors")
    }
  }

  /// Truncations all along the file, and hundreds of seeded changes of bytes: an error or tensors,
  /// never a crash.
  @Test(arguments: [
    "ordered.pth", "legacy.pth", "python.safetensors", "arrays.npz", "nested.pth",
  ])
  func damagedFilesNeverCrash(name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try bytes(fixture(name))
    func read(_ damaged: [UInt8]) throws {
      let path = try folder.write(damaged)
      _ = try? Checkpoint.read(path)
      _ = try? Checkpoint.readNumpyArchive(path)
    }
    for count in stride(from: 0, to: whole.count, by: whole.count / 150 + 1) {
      try read(Array(whole.prefix(count)))
    }
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
    for _ in 0..<300 {
      var damaged = whole
      for _ in 0...next(4) { damaged[next(whole.count)] = UInt8(next(256)) }
      try read(damaged)
    }
  }

  /// Pickles made by hand that try to exhaust the memory or the stack.
  @Test func hostilePicklesAreRefused() throws {
    let folder = try TemporaryFolder()
    let magic: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    let header = magic + [0x80, 2, 0x4D, 0xE9, 3, 0x2E, 0x80, 2, 0x7D, 0x2E]
    func refused(_ body: [UInt8], _ comment: Comment) throws {
      let path = try folder.write(header + [0x80, 2] + body)
      #expect(throws: CheckpointError.self, comment) { try Checkpoint.read(path) }
    }
    let deepTuples = [0x4E] + [UInt8](repeating: 0x85, count: 500_000) + [0x2E]
    try refused(deepTuples, "half a million nested tuples")
    // A list that is put into itself: ] q0 h0 a
    try refused([0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E], "a list that holds itself")
    try refused([UInt8](repeating: 0x5D, count: 3_000_000), "too many objects")
    try refused([0x58, 0xFF, 0xFF, 0xFF, 0x7F] + Array("short".utf8), "a text of 2 GB")
    try refused([0x65, 0x2E], "items without a mark")
    try refused([0x28, 0x28, 0x74, 0x30, 0x30, 0x30, 0x2E], "more taken than given")
    try refused(Array("cposix\nsystem\n".utf8) + [0x2E], "a forbidden name")
    try refused(Array("cbuiltins\neval\n(X".utf8), "a forbidden name, cut off")
    try refused([0x63] + [UInt8](repeating: 0x61, count: 100_000), "a name without end")
    try refused([0x49, 0x31, 0x0A, 0x2E], "a pickle of protocol 0")
    // ] q0 ( h0 h0 … e, eight times over: a list of lists of … would be visited 300⁸ times.
    var nested: [UInt8] = [0x5D, 0x71, 0]
    for level in 1...8 as ClosedRange<UInt8> {
      nested += [0x5D, 0x71, level, 0x28]
      for _ in 0..<300 { nested += [0x68, level - 1] }
      nested += [0x65]
    }
    try refused(nested + [0x2E, 0x80, 2, 0x5D, 0x2E], "lists that share lists")
    // One list of 20,000 pairs, given to 20,000 dictionaries.
    var shared = Array("ccollections\nOrderedDict\n".utf8) + [0x71, 0, 0x5D, 0x71, 1, 0x28]
    for _ in 0..<20_000 { shared += [0x4E, 0x4E, 0x86] }
    shared += [0x65, 0x85, 0x71, 2]
    for _ in 0..<20_000 { shared += [0x68, 0, 0x68, 2, 0x52] }
    try refused(shared + [0x2E], "dictionaries that share pairs")
  }

  /// A zip archive that holds the bytes as `a/data.pkl`, stored.
  private func archive(_ pickle: [UInt8]) -> [UInt8] {
    func little(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let zeros = [UInt8](repeating: 0, count: 20)
    let name = Array("a/data.pkl".utf8)
    let sizes = little(pickle.count, 4) + little(pickle.count, 4) + little(name.count, 2)
    let file = [0x50, 0x4B, 3, 4] + zeros.prefix(14) + sizes + [0, 0] + name + pickle
    let directory = [0x50, 0x4B, 1, 2] + zeros.prefix(16) + sizes + zeros.prefix(16) + name
    return file + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0]
      + little(directory.count, 4) + little(file.count, 4) + [0, 0]
  }

  /// A storage whose number of bytes doesn't fit 64 bits, of a tensor of one element.
  @Test func hugeStoragesAreRefused() throws {
    let folder = try TemporaryFolder()
    func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
    func pickle(_ count: [UInt8]) -> [UInt8] {
      let storage = [0x28] + text("storage") + Array("ctorch\nLongStorage\n".utf8) + text("0")
      let tensor = Array("ctorch._utils\n_rebuild_tensor_v2\n(".utf8)
      let parts = [0x4B, 0, 0x4B, 1, 0x85, 0x4B, 1, 0x85] as [UInt8]
      return [0x80, 2, 0x7D] + text("w") + tensor + storage + text("cpu") + count
        + [0x74, 0x51] + parts + [0x74, 0x52, 0x73, 0x2E]
    }
    for count in [[0x4B, 1], [0x8A, 8, 1, 0, 0, 0, 0, 0, 0, 0x40]] as [[UInt8]] {
      let path = try folder.write(archive(pickle(count)))
      let error = #expect(throws: CheckpointError.self) { try Checkpoint.read(path) }
      // The first is sound but for the missing storage: what is refused is the number.
      #expect(error?.problem.contains("storage 0") == (count.count == 2), "\(error?.problem ?? "")")
    }
  }

  @Test func hugeShapesAreRefusedBeforeAnythingIsAllocated() throws {
    let folder = try TemporaryFolder()
    func file(_ header: String) throws -> String {
      let count = header.utf8.count
      let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
      return try folder.write(length + Array(header.utf8) + [0, 0, 0, 0], "x.safetensors")
    }
    for header in [
      #"{"a":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"a":[[[[[[1]]]]]]}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"#
        + #""data_offsets":[0,4]}}"#,
      "{",
    ] {
      #expect(throws: CheckpointError.self, "\(header)") { try Checkpoint.read(file(header)) }
    }
  }
}
