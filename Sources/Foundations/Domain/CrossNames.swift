extension CrossScale {
  /// The same scale with every photo under the name and scene that the per-scene scales use.
  ///
  /// Accepted: the photo's own scene in SCENE; `scene/photo` in IMAGE; and, where SCENE names the
  /// cross-scene set, an IMAGE that only one scene holds.
  ///
  /// - Parameters:
  ///   - scenes: the per-scene scales.
  ///   - path: the cross-scene file, for errors.
  /// - Returns: the scale under the scenes' own names.
  /// - Throws: `InputError` for a photo that belongs to no scene.
  public func naming(scenes: [SceneScale], path: String) throws(InputError) -> CrossScale {
    let own = scenes.filter { $0.attribute == attribute }
    let known = Set(own.map(\.scene))
    var owners: [PhotoID: Set<SceneID>] = [:]
    for scale in own {
      for photo in scale.photos { owners[photo.photo, default: []].insert(scale.scene) }
    }
    var named: [ScaledPhoto] = []
    for photo in photos {
      var place = ScenePhoto(scene: photo.scene, photo: photo.photo)
      if !known.contains(photo.scene) {
        if let both = ScenePhoto(crossName: photo.photo), known.contains(both.scene) {
          place = both
        } else if let owners = owners[photo.photo], owners.count == 1, let scene = owners.first {
          place = ScenePhoto(scene: scene, photo: photo.photo)
        } else {
          throw InputError(
            "\(path), image \(photo.photo)",
            "it belongs to no scene of the per-scene scores (SCENE is \(photo.scene))",
            remedy: "write its own scene in SCENE, or scene/photo in IMAGE")
        }
      }
      named.append(
        ScaledPhoto(
          photo: place.photo, scene: place.scene, score: photo.score,
          standardDeviation: photo.standardDeviation, interval: photo.interval,
          comparisons: photo.comparisons, condition: photo.condition))
    }
    return CrossScale(
      attribute: attribute, convention: convention, origin: origin, photos: named)
  }
}
