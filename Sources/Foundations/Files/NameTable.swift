/// Numbers names in the order in which they first appear, by their bytes.
///
/// A name is made into text, and checked, only once.
struct NameTable {
  /// The names in their order, as ``read`` gives them.
  private(set) var names: [String] = []

  /// Turns text into the name that counts.
  private let read: @Sendable (String) -> String
  /// The numbers of spellings, plus 1, at the places that their hashes point to; a power of two, 0 is free.
  private var slots = [Int32](repeating: 0, count: 64)
  /// The hash, number and bytes of every spelling that was seen.
  private var spellings: [(hash: UInt64, start: Int, count: Int, name: Int32)] = []
  private var numbers: [String: Int32] = [:]
  private var last: Int32 = -1

  init(read: @escaping @Sendable (String) -> String = { $0 }) { self.read = read }

  /// The number of the name in a field; nil for an empty, a doubtful, or not a plain one.
  mutating func index(_ fields: PlainFields, _ field: PlainFields.Field) -> Int32? {
    let bytes = fields.bytes(field)
    // Rows that follow one another often name the same scene, attribute or observer.
    if last >= 0, matches(Int(last), bytes, fields) { return spellings[Int(last)].name }
    let hash = Self.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let spelling = Int(slots[slot] - 1)
      if spellings[spelling].hash == hash, matches(spelling, bytes, fields) {
        last = Int32(spelling)
        return spellings[spelling].name
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(fields, field, hash: hash, slot: slot)
  }

  private func matches(
    _ spelling: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ fields: PlainFields
  ) -> Bool {
    let known = spellings[spelling]
    guard known.count == bytes.count else { return false }
    let other = fields.bytes(from: known.start)
    for place in 0..<bytes.count where bytes[place] != other[place] { return false }
    return true
  }

  private mutating func add(
    _ fields: PlainFields, _ field: PlainFields.Field, hash: UInt64, slot: Int
  ) -> Int32? {
    guard let text = fields.text(field), let first = text.unicodeScalars.first,
      let end = text.unicodeScalars.last, !first.properties.isWhitespace,
      !end.properties.isWhitespace
    else { return nil }
    let name = read(text)
    var number = Int32(names.count)
    if let known = numbers[name] {
      // Equal names of different bytes: which of them stands for both is for the slower reader to say.
      guard names[Int(known)].utf8.elementsEqual(name.utf8) else { return nil }
      number = known
    } else {
      names.append(name)
      numbers[name] = number
    }
    spellings.append((hash, field.start, field.count, number))
    slots[slot] = Int32(spellings.count)
    last = Int32(spellings.count - 1)
    if 2 * spellings.count > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: 4 * slots.count)
    for (spelling, known) in spellings.enumerated() {
      var slot = Int(truncatingIfNeeded: known.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(spelling + 1)
    }
  }

  /// FNV-1a, whose last step is mixed so that the low bits depend on every byte.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ (hash >> 29)
  }
}
