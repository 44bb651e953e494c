/// Numbers names in the order in which they first appear, by their bytes.
///
/// A name is made into text, and checked, only once.
struct NameTable {
  /// The names in their order, as ``read`` gives them.
  private(set) var names: [String] = []

  /// One way in which a name is written.
  private struct Spelling {
    let hash: UInt64
    let start: Int
    let count: Int
    let name: Int32
  }

  /// Turns text into the name that counts.
  private let read: @Sendable (String) -> String
  /// The numbers of spellings, plus 1, at the places that their hashes point to; a power of two, 0 is free.
  private var slots = [Int32](repeating: 0, count: 64)
  private var spellings: [Spelling] = []
  private var numbers: [String: Int32] = [:]
  private var last: Int32 = -1

  init(read: @escaping @Sendable (String) -> String = { $0 }) { self.read = read }

  /// The number of the name in a field; nil for an empty, a doubtful, or not a plain one.
  mutating func index(_ fields: PlainFields, _ field: PlainFields.Field) -> Int32? {
    let hash = fields.hash(field)
    // Rows that follow one another often name the same scene, attribute or observer.
    if last >= 0, matches(Int(last), hash, fields, field) { return spellings[Int(last)].name }
    var slot = Int(truncatingIfNeeded: hash >> 32) & (slots.count - 1)
    while slots[slot] != 0 {
      let spelling = slots[slot] - 1
      if matches(Int(spelling), hash, fields, field) {
        last = spelling
        return spellings[Int(spelling)].name
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(fields, field, hash: hash, slot: slot)
  }

  private func matches(
    _ spelling: Int, _ hash: UInt64, _ fields: PlainFields, _ field: PlainFields.Field
  ) -> Bool {
    let known = spellings[spelling]
    guard known.hash == hash, known.count == field.count else { return false }
    // Up to 8 bytes, no two names of one length share a hash.
    return field.count <= 8 || fields.areEqual(known.start, field.start, count: field.count)
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
    spellings.append(Spelling(hash: hash, start: field.start, count: field.count, name: number))
    slots[slot] = Int32(spellings.count)
    last = Int32(spellings.count - 1)
    if 2 * spellings.count > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: 4 * slots.count)
    for (spelling, known) in spellings.enumerated() {
      var slot = Int(truncatingIfNeeded: known.hash >> 32) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(spelling + 1)
    }
  }
}
