public import Domain
internal import Statistics

/// What a split may keep apart: no value of it is then in two parts.
public enum SplitUnit: String, Hashable, Sendable, Codable, CaseIterable {
  /// The photo itself, by name and, where known, by the content of its file.
  case image
  /// The camera.
  case device
  /// The scene.
  case scene
  /// The person shown.
  case person
}

/// A photo with everything that could leak from one part of a split into another.
public struct PhotoOrigin: Hashable, Sendable {
  /// The photo and its scene.
  public let photo: ScenePhoto
  /// The camera, if known.
  public let device: String?
  /// The person shown, if known.
  public let person: String?
  /// The SHA-256 of the file, if it was read.
  public let content: String?

  /// Describes a photo.
  public init(
    _ photo: ScenePhoto, device: String? = nil, person: String? = nil, content: String? = nil
  ) {
    self.photo = photo
    self.device = device
    self.person = person
    self.content = content
  }

  /// The values of a unit that link this photo to others.
  func keys(_ unit: SplitUnit) -> [String] {
    switch unit {
    case .image: [photo.crossName.text] + (content.map { ["SHA-256 " + $0] } ?? [])
    case .device: device.map { [$0] } ?? []
    case .scene: [photo.scene.text]
    case .person: person.map { [$0] } ?? []
    }
  }
}

/// How a split is drawn.
public struct SplitSettings: Hashable, Sendable {
  /// What no two parts may share; images never are shared.
  public var apart: Set<SplitUnit>
  /// The share of the photos that is held out for testing.
  public var testShare = 0.3
  /// The share of the remaining photos that chooses the checkpoint; 0 makes no such part.
  public var validShare = 0.15
  /// The same seed gives the same split on every machine.
  public var seed: UInt64 = 1

  /// A 70/30 split that keeps the given units apart.
  public init(apart: Set<SplitUnit>) { self.apart = apart.union([.image]) }
}

/// Draws the parts of photos so that nothing that must stay apart is shared.
///
/// Photos that share a value of a unit to be kept apart go together: whole scenes, all photos of a
/// camera, scenes of one person. Such groups are drawn in random order until a part has its share
/// of the photos, the test part first; the validation part comes out of what is left for training.
/// A split by images alone is drawn inside every scene, so that each scene gives its share.
///
/// - Parameters:
///   - photos: the photos, each scene's photo once.
///   - settings: what to keep apart, and the shares.
///   - fixed: the parts of a published split, in the order of the photos; then only a validation
///     part is drawn, from its training photos.
/// - Returns: the part of each photo, in their order.
/// - Throws: `InputError` when a unit is unknown for a photo, or too few groups are left for a
///   part.
public func drawSplit(
  _ photos: [PhotoOrigin], settings: SplitSettings, fixed: [SplitPart]? = nil
) throws(InputError) -> [SplitPart] {
  try requireKnown(photos, settings.apart)
  let shares = [settings.testShare, settings.validShare]
  guard shares.allSatisfy({ $0 >= 0 && $0 < 1 }), settings.testShare > 0 || fixed != nil else {
    throw InputError("split", "the shares are out of range", remedy: "give 0.3 for 30 %")
  }
  var parts = fixed ?? Array(repeating: .train, count: photos.count)
  let free = photos.indices.filter { parts[$0] == .train }
  let groups = linkedGroups(photos, among: free, by: settings.apart)
  var random = SeededGenerator(seed: settings.seed)
  let sets = strata(groups, photos, apart: settings.apart)
  for stratum in sets {
    var left = random.shuffled(stratum)
    /// Gives a part its share of what is left; the only set of groups gives each part one at least.
    func give(_ part: SplitPart, share: Double, leaving: Int) {
      let wanted = share * Double(left.reduce(0) { $0 + $1.count })
      let taken = take(wanted, from: &left, leaving: sets.count == 1 ? leaving : nil)
      for photo in taken.joined() { parts[photo] = part }
    }
    let wantsValid = settings.validShare > 0 && !(fixed ?? []).contains(.valid)
    if fixed == nil { give(.test, share: settings.testShare, leaving: wantsValid ? 2 : 1) }
    if wantsValid { give(.valid, share: settings.validShare, leaving: 1) }
  }
  let needed: [SplitPart] = settings.validShare > 0 ? SplitPart.allCases : [.train, .test]
  for part in needed where !parts.contains(part) {
    let units = settings.apart.map(\.rawValue).sorted().joined(separator: " and ")
    throw InputError(
      "split",
      "no photos are left for the part \(part.rawValue): \(groups.count) groups of photos "
        + "share no \(units)", remedy: "change the shares, or keep less apart")
  }
  return parts
}

/// Takes groups from the front as long as that brings their photos nearer to a number.
///
/// With `leaving`, that number of groups stays, and one is taken where possible.
private func take(_ wanted: Double, from groups: inout [[Int]], leaving: Int?) -> [[Int]] {
  var taken: [[Int]] = []
  var left: [[Int]] = []
  var count = 0.0
  for group in groups {
    let room = taken.count < groups.count - (leaving ?? 0)
    if room, count + Double(group.count) / 2 <= wanted {
      taken.append(group)
      count += Double(group.count)
    } else {
      left.append(group)
    }
  }
  if let leaving, taken.isEmpty, left.count > leaving,
    let least = left.indices.min(by: { left[$0].count < left[$1].count })
  {
    taken.append(left.remove(at: least))
  }
  groups = left
  return taken
}

/// Refuses photos whose unit is unknown, because it could not be kept apart.
func requireKnown(_ photos: [PhotoOrigin], _ units: Set<SplitUnit>) throws(InputError) {
  for unit in units.sorted(by: { $0.rawValue < $1.rawValue }) {
    let unknown = photos.filter { $0.keys(unit).isEmpty }
    guard let first = unknown.first else { continue }
    throw InputError(
      "photo \(first.photo.photo)",
      "its \(unit.rawValue) is not known (\(unknown.count) photos like it)",
      remedy: "name the \(unit.rawValue) of every photo, or do not ask to keep it apart")
  }
}

/// Photos joined by shared values of the units, the groups in the order of their first photo.
private func linkedGroups(
  _ photos: [PhotoOrigin], among chosen: [Int], by units: Set<SplitUnit>
) -> [[Int]] {
  var sets = DisjointSets(count: photos.count)
  for unit in units {
    var first: [String: Int] = [:]
    for photo in chosen {
      for key in photos[photo].keys(unit) {
        let other = first[key] ?? photo
        first[key] = other
        sets.join(other, photo)
      }
    }
  }
  let groups = Dictionary(grouping: chosen) { sets.root($0) }
  return groups.keys.sorted().compactMap { groups[$0] }
}

/// The sets of groups that are drawn from separately: each scene for splits by images, else all
/// together.
private func strata(
  _ groups: [[Int]], _ photos: [PhotoOrigin], apart: Set<SplitUnit>
) -> [[[Int]]] {
  guard apart == [.image] else { return [groups] }
  let byScene = Dictionary(grouping: groups) { photos[$0[0]].photo.scene }
  return byScene.keys.sorted().compactMap { byScene[$0] }
}
