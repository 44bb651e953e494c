/// Reads `.pth` files: what `torch.save` writes, as a zip archive or in the form before PyTorch
/// 1.6.
///
/// Nothing in the file is run; only tensors in dictionaries come out.
enum TorchFile {
  private static let pickleLimit = 16 << 20

  static func read(_ file: ByteFile) throws(CheckpointError) -> [String: Tensor] {
    let tensors = try ZipArchive.matches(file) ? readArchive(file) : readLegacy(file)
    return StateNames.plain(tensors)
  }

  // MARK: The zip form

  private static func readArchive(_ file: ByteFile) throws(CheckpointError) -> [String: Tensor] {
    let archive = try ZipArchive(file)
    let pickles = archive.entries.values.filter { $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw CheckpointError(
        file.path, "the archive holds no data.pkl, so torch.save didn't write it",
        remedy: "give a .pth or .safetensors file")
    }
    let root = String(pickle.name.dropLast("data.pkl".count))
    guard archive.entries[root + "constants.pkl"] == nil else {
      throw CheckpointError(
        file.path, "it is a TorchScript program, not weights",
        remedy: "save the weights alone: torch.save(model.state_dict(), path)")
    }
    if let order = archive.entries[root + "byteorder"],
      try archive.read(order, 0, order.count) != Array("little".utf8)
    {
      throw CheckpointError(
        file.path, "its numbers are big-endian", remedy: "save it on a little-endian machine")
    }
    guard pickle.count <= pickleLimit else { throw file.damaged("a pickle above 16 MB") }
    var unpickler = Unpickler(try archive.read(pickle, 0, pickle.count), path: file.path)
    return try unpickler.read { (value, _) throws(CheckpointError) in
      try tensors(in: value, file) { (storage, first, count) throws(CheckpointError) in
        guard let entry = archive.entries["\(root)data/\(storage.key)"],
          entry.count == storage.count * storage.type.byteCount
        else { throw file.damaged("storage \(storage.key)") }
        let size = storage.type.byteCount
        return try archive.read(entry, first * size, count * size)
      }
    }
  }

  // MARK: The legacy form

  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  private static func readLegacy(_ file: ByteFile) throws(CheckpointError) -> [String: Tensor] {
    let head = try file.read(0, min(file.count, pickleLimit))
    let foreign = CheckpointError(
      file.path, "it is neither a .pth file of PyTorch nor a .safetensors file",
      remedy: "give one of these")
    guard head.first == 0x80 else { throw foreign }
    var magicReader = Unpickler(head, path: file.path)
    var at = try magicReader.read { (value, end) throws(CheckpointError) in
      guard case .long(magic) = value else { throw foreign }
      return end
    }
    // The format's version and the writer's machine.
    for _ in 0..<2 {
      var reader = Unpickler(head, at: at, path: file.path)
      at = try reader.read { (value, end) throws(CheckpointError) in
        if case .dictionary(let machine) = value {
          for case (.string("little_endian"), .bool(false)) in machine.pairs {
            throw CheckpointError(
              file.path, "its numbers are big-endian",
              remedy: "save it on a little-endian machine")
          }
        }
        return end
      }
    }
    var unpickler = Unpickler(head, at: at, path: file.path)
    return try unpickler.read { (value, end) throws(CheckpointError) in
      let keys = try storageKeys(head, end, file)
      let named = storages(in: value)
      var starts: [String: Int] = [:]
      var at = keys.end
      for key in keys.keys {
        guard let storage = named[key] else { throw file.damaged("storage \(key) has no tensor") }
        let count = try file.read(at, 8).littleEndian(0, 8)
        guard count == storage.count, storage.count <= file.count / storage.type.byteCount else {
          throw file.damaged("storage \(key)")
        }
        starts[key] = at + 8
        at += 8 + storage.count * storage.type.byteCount
      }
      return try tensors(in: value, file) { (storage, first, count) throws(CheckpointError) in
        guard let start = starts[storage.key], named[storage.key]?.type == storage.type,
          named[storage.key]?.count == storage.count
        else { throw file.damaged("storage \(storage.key)") }
        let size = storage.type.byteCount
        return try file.read(start + first * size, count * size)
      }
    }
  }

  private static func storageKeys(
    _ head: [UInt8], _ at: Int, _ file: ByteFile
  ) throws(CheckpointError) -> (keys: [String], end: Int) {
    var reader = Unpickler(head, at: at, path: file.path)
    return try reader.read { (value, end) throws(CheckpointError) in
      guard case .list(let list) = value else { throw file.damaged("the list of storages") }
      let keys = list.items.compactMap { if case .string(let key) = $0 { key } else { nil } }
      guard keys.count == list.items.count, Set(keys).count == keys.count else {
        throw file.damaged("the list of storages")
      }
      return (keys, end)
    }
  }

  /// The storages of all tensors in nested dictionaries and lists.
  private static func storages(in value: Pickled) -> [String: PickledStorage] {
    var found: [String: PickledStorage] = [:]
    var waiting = [value]
    // A container may stand in many places, even in itself.
    var seen: Set<ObjectIdentifier> = []
    while let next = waiting.popLast() {
      switch next {
      case .tensor(let tensor): found[tensor.storage.key] = tensor.storage
      case .dictionary(let dictionary) where seen.insert(ObjectIdentifier(dictionary)).inserted:
        waiting += dictionary.pairs.map(\.value)
      case .list(let list) where seen.insert(ObjectIdentifier(list)).inserted,
        .tuple(let list) where seen.insert(ObjectIdentifier(list)).inserted:
        waiting += list.items
      default: continue
      }
    }
    return found
  }

  // MARK: Both forms

  private static let maximalDepth = 8

  /// The entries under which trainers keep weights, what to take first first.
  private static let stateNames = [
    "state_dict", "model_state_dict", "model_state", "model", "net", "network", "params_ema",
    "params", "weights", "state_dict_ema", "model_ema", "ema_state_dict", "ema", "module",
  ]

  /// The dictionary of weights: of the outermost one and the well-known entries in it, the one that
  /// holds most tensors.
  private static func stateDictionary(
    _ value: Pickled, _ file: ByteFile
  ) throws(CheckpointError) -> [(String, PickledTensor)] {
    var current = value
    var found: [(String, PickledTensor)] = []
    for _ in 0..<maximalDepth {
      guard case .dictionary(let dictionary) = current else { break }
      var tensors: [(String, PickledTensor)] = []
      for case (.string(let key), .tensor(let tensor)) in dictionary.pairs {
        tensors.append((key, tensor))
      }
      // Trainers lay counters and statistics beside the weights.
      if tensors.count > found.count { found = tensors }
      var next: Pickled?
      for name in stateNames where next == nil {
        for case (.string(name), .dictionary(let inner)) in dictionary.pairs {
          next = .dictionary(inner)
        }
      }
      guard let next else { break }
      current = next
    }
    guard found.isEmpty else { return found }
    throw CheckpointError(
      file.path, "no dictionary of tensors was found in it",
      remedy: "save the weights alone: torch.save(model.state_dict(), path)")
  }

  private typealias StorageReader = (PickledStorage, Int, Int) throws(CheckpointError) -> [UInt8]

  private static func tensors(
    in value: Pickled, _ file: ByteFile, _ read: StorageReader
  ) throws(CheckpointError) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    // Tensors may share a storage, but not so that a small file fills the memory.
    var budget = file.count.multipliedReportingOverflow(by: 4).partialValue
    for (name, tensor) in try stateDictionary(value, file) {
      let layout = try Layout(tensor, name, file)
      budget -= layout.count * tensor.storage.type.byteCount
      guard budget >= 0 else { throw file.damaged("its tensors are larger than the file") }
      let bytes = try read(tensor.storage, tensor.offset, layout.span)
      let type = tensor.storage.type
      guard !layout.isRowMajor else {
        result[name] = try Checkpoint.tensor(bytes, tensor.shape, type, name, file)
        continue
      }
      let span = try Checkpoint.tensor(bytes, [layout.span], type, name, file)
      do throws(TensorError) {
        result[name] = try call1(
          "as_strided", .tensor(span), .ints(tensor.shape), .ints(tensor.strides)
        ).contiguous()
      } catch { throw file.damaged("\(name): \(error.reason)") }
    }
    return result
  }

  /// How a tensor's elements lie in its storage, checked against the storage's size.
  private struct Layout {
    /// The number of elements.
    let count: Int
    /// The number of storage places from the first element to the last.
    let span: Int
    let isRowMajor: Bool

    init(_ tensor: PickledTensor, _ name: String, _ file: ByteFile) throws(CheckpointError) {
      let limit = tensor.storage.count
      var count = 1
      var last = 0
      var rowMajor = true
      for (size, step) in zip(tensor.shape, tensor.strides).reversed() {
        guard size >= 0, step >= 0, size <= max(limit, 1), step <= max(limit, 1) else {
          throw file.damaged("the shape of \(name)")
        }
        if size != 1 && step != count { rowMajor = false }
        let next = count.multipliedReportingOverflow(by: size)
        let reach = max(size - 1, 0).multipliedReportingOverflow(by: step)
        let end = last.addingReportingOverflow(reach.partialValue)
        guard !next.overflow, !reach.overflow, !end.overflow, next.partialValue <= limit,
          end.partialValue < max(limit, 1)
        else { throw file.damaged("the shape of \(name)") }
        count = next.partialValue
        last = end.partialValue
      }
      self.count = count
      self.span = count == 0 ? 0 : last + 1
      self.isRowMajor = rowMajor || count == 0
      guard tensor.offset >= 0, tensor.offset <= limit, span <= limit - tensor.offset else {
        throw file.damaged("the place of \(name)")
      }
    }
  }
}
