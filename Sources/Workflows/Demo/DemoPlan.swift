import Domain

/// What the demo does, in numbers.
public struct DemoPlan: Hashable, Sendable {
  /// One scene: a portrait and its part of the split.
  struct Scene: Hashable, Sendable {
    let id: SceneID
    let portrait: String
    let part: SplitPart
  }

  /// The scenes, ascending by name.
  ///
  /// No person of the test scene is in another part; `biden` and `obama3` are two faces of one
  /// photograph, which is why neither is the test scene.
  let scenes: [Scene] = [
    Scene(id: "astronaut", portrait: "astronaut.png", part: .test),
    Scene(id: "biden", portrait: "biden.jpg", part: .valid),
    Scene(id: "obama", portrait: "obama.jpg", part: .train),
    Scene(id: "obama2", portrait: "obama2.jpg", part: .train),
    Scene(id: "obama3", portrait: "obama3.jpg", part: .train),
  ]
  /// The attribute.
  let attribute = Attribute.details
  /// The images of each scene.
  let levels = 24
  /// The simulated observers.
  let observers = 30
  /// The votes inside each scene: 80 per image, as in the published data set's files.
  let votesPerScene = 960
  /// The photos of each scene in the cross-scene set.
  let crossPerScene = 9
  /// The votes across scenes.
  let crossVotes = 1800
  /// The name of the cross-scene set in votes.
  let crossName = SceneID("CrossScenes")
  /// Bootstrap replicates.
  let bootstraps = 1000
  /// The longer side that the model sees, in pixels.
  let longSidePixels = 612
  /// Seed of everything.
  let seed: UInt64

  /// Plans the demo.
  public init(seed: UInt64 = 23) { self.seed = seed }
}

/// How the demo reports what it does.
public struct DemoObserver {
  /// A step begins: its number, the number of steps, and what it does.
  public let step: (Int, Int, String) -> Void
  /// A step makes progress: finished and all parts of its work.
  public let advance: (Int, Int) -> Void
  /// A remark.
  public let note: (String) -> Void

  /// Makes an observer.
  public init(
    step: @escaping (Int, Int, String) -> Void, advance: @escaping (Int, Int) -> Void,
    note: @escaping (String) -> Void
  ) {
    self.step = step
    self.advance = advance
    self.note = note
  }
}
