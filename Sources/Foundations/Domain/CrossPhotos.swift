/// A photo together with its scene: photos of different scenes may share a file name.
public struct ScenePhoto: Hashable, Comparable, Sendable, Codable {
  /// The scene.
  public let scene: SceneID
  /// The photo.
  public let photo: PhotoID

  /// Makes a photo of a scene.
  public init(scene: SceneID, photo: PhotoID) {
    self.scene = scene
    self.photo = photo
  }

  /// The photo's name in the judgements of a cross-scene set: `scene/photo`.
  public var crossName: PhotoID { PhotoID("\(scene.text)/\(photo.text)") }

  /// Reads a name written by ``crossName``: the scene ends at the first `/`; nil without both
  /// parts.
  public init?(crossName: PhotoID) {
    guard let slash = crossName.text.firstIndex(of: "/") else { return nil }
    let scene = crossName.text[..<slash]
    let photo = crossName.text[crossName.text.index(after: slash)...]
    guard !scene.isEmpty, !photo.isEmpty else { return nil }
    self.init(scene: SceneID(String(scene)), photo: PhotoID(String(photo)))
  }

  /// Orders by scene, then by photo.
  public static func < (left: Self, right: Self) -> Bool {
    (left.scene, left.photo) < (right.scene, right.photo)
  }
}
