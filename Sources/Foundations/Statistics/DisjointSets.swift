/// Numbers joined into groups, step by step (union and find).
///
/// A group is named by its smallest number.
public struct DisjointSets: Sendable {
  private var parent: [Int]

  /// Makes `count` groups of one number each.
  public init(count: Int) { parent = Array(0..<count) }

  /// The smallest number of a number's group.
  public mutating func root(_ number: Int) -> Int {
    var number = number
    while parent[number] != number {
      parent[number] = parent[parent[number]]
      number = parent[number]
    }
    return number
  }

  /// Makes one group of the groups of two numbers.
  public mutating func join(_ one: Int, _ other: Int) {
    let (a, b) = (root(one), root(other))
    parent[max(a, b)] = min(a, b)
  }

  /// The name of every number's group.
  public mutating func roots() -> [Int] { parent.indices.map { root($0) } }
}
