/// What a restricted pickle may hold.
enum Pickled {
  case none
  case bool(Bool)
  case int(Int)
  case long([UInt8])
  case double(Double)
  case string(String)
  case list(PickledItems)
  case tuple(PickledItems)
  case dictionary(PickledPairs)
  case global(PickledGlobal)
  case storage(PickledStorage)
  case tensor(PickledTensor)
}

/// The items of a list or a tuple.
final class PickledItems {
  var items: [Pickled]
  init(_ items: [Pickled]) { self.items = items }
}

/// The pairs of a dictionary, in their order.
final class PickledPairs {
  var pairs: [(key: Pickled, value: Pickled)] = []
}

/// The names that a file of weights may refer to; everything else is refused.
enum PickledGlobal: Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(ElementType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "FloatStorage"): self = .storage(.float32)
    case ("torch", "DoubleStorage"): self = .storage(.float64)
    case ("torch", "HalfStorage"): self = .storage(.float16)
    case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
    case ("torch", "LongStorage"): self = .storage(.int64)
    case ("torch", "IntStorage"): self = .storage(.int32)
    case ("torch", "ShortStorage"): self = .storage(.int16)
    case ("torch", "CharStorage"): self = .storage(.int8)
    case ("torch", "ByteStorage"): self = .storage(.uint8)
    case ("torch", "BoolStorage"): self = .storage(.bool)
    default: return nil
    }
  }
}

/// A stretch of elements that lies elsewhere in the file.
struct PickledStorage {
  let key: String
  let type: ElementType
  let count: Int
}

/// A view of a storage.
struct PickledTensor {
  let storage: PickledStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// Reads the subset of Python's pickle format that files of weights need, and runs nothing.
///
/// Source: Python's Lib/pickletools.py (the format's documentation), protocols 2 to 4.
struct Unpickler {
  private let bytes: [UInt8]
  private let path: String
  private var at: Int
  private var stack: [Pickled] = []
  private var marks: [Int] = []
  private var memo: [Int: Pickled] = [:]
  // Every container: emptied one by one at the end, so that a deep nest can't exhaust the stack.
  private var lists: [PickledItems] = []
  private var dictionaries: [PickledPairs] = []
  private var objects = 0

  private static let objectLimit = 2_000_000
  private static let dimensionLimit = 16
  /// More elements than any file holds; products with an element's size stay within `Int`.
  private static let elementLimit = 1 << 48

  /// Reads one pickle that starts at an offset of the bytes.
  init(_ bytes: [UInt8], at offset: Int = 0, path: String) {
    self.bytes = bytes
    self.at = offset
    self.path = path
  }

  /// Hands the value to the body together with the offset after the pickle.
  mutating func read<Result>(
    _ body: (Pickled, Int) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    defer {
      for list in lists { list.items = [] }
      for dictionary in dictionaries { dictionary.pairs = [] }
    }
    return try body(try run(), at)
  }

  private func damaged(_ detail: String) -> CheckpointError {
    CheckpointError(path, "damaged or hostile pickle: \(detail)", remedy: "get the file again")
  }

  private func refused(_ what: String) -> CheckpointError {
    CheckpointError(
      path, "it holds \(what), which isn't a tensor",
      remedy: "save the weights alone: torch.save(model.state_dict(), path)")
  }

  private mutating func run() throws(CheckpointError) -> Pickled {
    while true {
      try count(1)
      let code = UInt8(try number(1))
      switch code {
      case 0x80: at += 1  // PROTO
      case 0x95: at += 8  // FRAME
      case UInt8(ascii: "."): return try pop()
      case UInt8(ascii: "("): marks.append(stack.count)
      case UInt8(ascii: "0"): _ = try pop()
      case UInt8(ascii: "N"): stack.append(.none)
      case 0x88: stack.append(.bool(true))
      case 0x89: stack.append(.bool(false))
      case UInt8(ascii: "K"): stack.append(.int(try number(1)))
      case UInt8(ascii: "M"): stack.append(.int(try number(2)))
      case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
      case 0x8A: stack.append(try long(take(number(1))))
      case UInt8(ascii: "G"): stack.append(.double(try double()))
      case 0x8C, UInt8(ascii: "U"): stack.append(try string(number(1)))
      case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(try string(number(4)))
      default: try runContainer(code)
      }
    }
  }

  /// Counts work, so that a small file can't ask for much.
  private mutating func count(_ more: Int) throws(CheckpointError) {
    objects += more
    guard objects <= Self.objectLimit else { throw damaged("too many objects") }
  }

  private mutating func runContainer(_ code: UInt8) throws(CheckpointError) {
    switch code {
    case UInt8(ascii: ")"): push(tuple: [])
    case 0x85, 0x86, 0x87: push(tuple: try pop(count: Int(code) - 0x84))
    case UInt8(ascii: "t"): push(tuple: try popToMark())
    case UInt8(ascii: "]"):
      let list = PickledItems([])
      lists.append(list)
      stack.append(.list(list))
    case UInt8(ascii: "a"): try append([pop()])
    case UInt8(ascii: "e"): try append(popToMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "s"): try set(pop(count: 2))
    case UInt8(ascii: "u"): try set(popToMark())
    case UInt8(ascii: "q"): try memorise(number(1))
    case UInt8(ascii: "r"): try memorise(number(4))
    case 0x94: try memorise(memo.count)
    case UInt8(ascii: "h"): try recall(number(1))
    case UInt8(ascii: "j"): try recall(number(4))
    case UInt8(ascii: "c"):
      let module = try line()
      try push(global: module, line())
    case 0x93:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw damaged("a name that is not text")
      }
      try push(global: module, name)
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try persistent()
    default: throw refused("something other than dictionaries (pickle code \(code))")
    }
  }

  // MARK: Bytes

  private mutating func take(_ length: Int) throws(CheckpointError) -> ArraySlice<UInt8> {
    guard at >= 0, length >= 0, at <= bytes.count, length <= bytes.count - at else {
      throw damaged("it ends early")
    }
    defer { at += length }
    return bytes[at..<at + length]
  }

  private mutating func number(_ length: Int) throws(CheckpointError) -> Int {
    try take(length).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func long(_ bytes: ArraySlice<UInt8>) -> Pickled {
    guard bytes.count <= 8 else { return .long(Array(bytes)) }
    let negative = (bytes.last ?? 0) >= 0x80
    return .int(bytes.reversed().reduce(negative ? -1 : 0) { $0 << 8 | Int($1) })
  }

  private mutating func double() throws(CheckpointError) -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  private mutating func string(_ length: Int) throws(CheckpointError) -> Pickled {
    .string(String(decoding: try take(length), as: UTF8.self))
  }

  private mutating func line() throws(CheckpointError) -> String {
    guard at < bytes.count, let end = bytes[at...].prefix(512).firstIndex(of: 10) else {
      throw damaged("a name without end")
    }
    defer { at = end + 1 }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  // MARK: Stack

  private mutating func pop() throws(CheckpointError) -> Pickled {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw damaged("nothing to take")
    }
    return value
  }

  private mutating func pop(count: Int) throws(CheckpointError) -> [Pickled] {
    guard stack.count - (marks.last ?? 0) >= count else { throw damaged("nothing to take") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(CheckpointError) -> [Pickled] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw damaged("no mark") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func push(tuple items: [Pickled]) {
    let tuple = PickledItems(items)
    lists.append(tuple)
    stack.append(.tuple(tuple))
  }

  private mutating func pushDictionary() {
    let dictionary = PickledPairs()
    dictionaries.append(dictionary)
    stack.append(.dictionary(dictionary))
  }

  private mutating func append(_ items: [Pickled]) throws(CheckpointError) {
    guard case .list(let list)? = stack.last else { throw damaged("items without a list") }
    list.items += items
  }

  private mutating func set(_ items: [Pickled]) throws(CheckpointError) {
    guard case .dictionary(let dictionary)? = stack.last, items.count.isMultiple(of: 2) else {
      throw damaged("pairs without a dictionary")
    }
    for index in stride(from: 0, to: items.count, by: 2) {
      dictionary.pairs.append((items[index], items[index + 1]))
    }
  }

  private mutating func memorise(_ index: Int) throws(CheckpointError) {
    guard let value = stack.last else { throw damaged("nothing to remember") }
    memo[index] = value
  }

  private mutating func recall(_ index: Int) throws(CheckpointError) {
    guard let value = memo[index] else { throw damaged("nothing remembered") }
    stack.append(value)
  }

  // MARK: The allowed names

  private mutating func push(global module: String, _ name: String) throws(CheckpointError) {
    guard let global = PickledGlobal(module: module, name: name) else {
      throw refused("\(module).\(name)")
    }
    stack.append(.global(global))
  }

  private mutating func reduce() throws(CheckpointError) {
    guard case .tuple(let arguments) = try pop(), case .global(let global) = try pop() else {
      throw damaged("a call of nothing")
    }
    let items = arguments.items
    switch global {
    case .orderedDictionary:
      pushDictionary()
      guard let first = items.first else { return }
      guard case .list(let pairs) = first, items.count == 1 else {
        throw damaged("an OrderedDict of something else")
      }
      // One list may be given to many dictionaries.
      try count(pairs.items.count)
      for case .tuple(let pair) in pairs.items { try set(pair.items) }
      for case .list(let pair) in pairs.items { try set(pair.items) }
    case .rebuildTensor: stack.append(.tensor(try tensor(items)))
    case .rebuildParameter:
      guard case .tensor(let tensor)? = items.first else { throw damaged("a parameter of nothing") }
      stack.append(.tensor(tensor))
    case .storage: throw damaged("a storage of its own")
    }
  }

  private func tensor(_ items: [Pickled]) throws(CheckpointError) -> PickledTensor {
    guard items.count >= 4, case .storage(let storage) = items[0], case .int(let offset) = items[1],
      case .tuple(let sizes) = items[2], case .tuple(let steps) = items[3],
      sizes.items.count <= Self.dimensionLimit, steps.items.count == sizes.items.count
    else { throw damaged("a tensor of something else") }
    func numbers(_ list: [Pickled]) -> [Int] {
      list.compactMap { if case .int(let number) = $0 { number } else { nil } }
    }
    let shape = numbers(sizes.items)
    let strides = numbers(steps.items)
    guard shape.count == sizes.items.count, strides.count == steps.items.count else {
      throw damaged("a tensor's shape")
    }
    return PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  /// Takes the state of an object away: only dictionaries have one here, their version numbers.
  private mutating func build() throws(CheckpointError) {
    _ = try pop()
    guard case .dictionary? = stack.last else { throw damaged("a state without an object") }
  }

  private mutating func persistent() throws(CheckpointError) {
    guard case .tuple(let tuple) = try pop(), tuple.items.count >= 5,
      case .string("storage") = tuple.items[0], case .global(.storage(let type)) = tuple.items[1],
      case .string(let key) = tuple.items[2], case .int(let count) = tuple.items[4],
      (0...Self.elementLimit).contains(count)
    else { throw damaged("a storage of something else") }
    if tuple.items.count > 5 {
      guard case .none = tuple.items[5] else {
        throw CheckpointError(
          path, "it uses views of storages, a form given up before PyTorch 0.4",
          remedy: "load and save it once with a newer PyTorch")
      }
    }
    stack.append(.storage(PickledStorage(key: key, type: type, count: count)))
  }
}
