/// Which part of a data set each scene or each photo belongs to.
public enum DataSplit: Hashable, Sendable {
  /// Whole scenes are kept apart: the test scenes are never seen in training.
  case scenes([SceneID: SplitPart])
  /// Photos are kept apart, by camera: the scenes are known, the test devices are not.
  case photos([PhotoID: SplitPart])

  /// The part of a photo, if the split names it; names are compared exactly.
  public func part(of photo: PhotoID, in scene: SceneID) -> SplitPart? {
    switch self {
    case .scenes(let parts): parts[scene]
    case .photos(let parts): parts[photo]
    }
  }

  /// The part of every photo, in their order.
  ///
  /// - Throws: `InputError` that names the first photo or scene that the split lacks.
  public func parts(of photos: [ScaledPhoto]) throws(InputError) -> [SplitPart] {
    var parts: [SplitPart] = []
    for photo in photos {
      guard let part = part(of: photo.photo, in: photo.scene) else {
        switch self {
        case .scenes:
          throw InputError(
            "scene \(photo.scene)", "is in no part of the split",
            remedy: "add it to the split file, with the same letters")
        case .photos:
          throw InputError(
            "photo \(photo.photo)", "is in no part of the split",
            remedy: "add it to the split file, with the same letters")
        }
      }
      parts.append(part)
    }
    return parts
  }
}
