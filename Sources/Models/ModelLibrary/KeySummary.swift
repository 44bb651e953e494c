import Tensors

/// Keys of a checkpoint in few words: all where there are few, else their places with counts.
enum KeySummary {
  private static let limit = 6

  /// The missing, the unexpected and the misshapen keys.
  static func text(_ error: WeightsError) -> String {
    let kinds = [
      ("missing", error.missing), ("unexpected", error.unexpected), ("misshapen", error.misshapen),
    ]
    return kinds.compactMap { name, keys in
      keys.isEmpty ? nil : "\(keys.count) \(name) (\(list(keys)))"
    }.joined(separator: ", ")
  }

  private static func list(_ keys: [String]) -> String {
    guard keys.count > limit else { return keys.joined(separator: ", ") }
    var counts: [String: Int] = [:]
    var order: [String] = []
    for key in keys {
      let place = key.split(separator: ".").prefix(2).joined(separator: ".")
      if counts[place] == nil { order.append(place) }
      counts[place, default: 0] += 1
    }
    guard order.count <= 2 * limit, counts.values.contains(where: { $0 > 1 }) else {
      return keys.prefix(limit).joined(separator: ", ") + ", …"
    }
    return order.map { "\($0).* × \(counts[$0, default: 0])" }.joined(separator: ", ")
  }
}
