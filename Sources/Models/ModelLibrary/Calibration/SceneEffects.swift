import Statistics

/// The one-way random-effects model of errors: a scene's own shift plus noise.
struct SceneEffects {
  let center: Double
  /// The variance of the scenes' mean errors.
  let between: Double
  /// The variance inside scenes.
  let within: Double
  let scenes: Double
  let photos: Double
  /// The harmonic mean of the scenes' sizes.
  let size: Double

  init?(_ errors: [[Double]]) {
    let means = errors.map(Descriptive.mean)
    scenes = Double(errors.count)
    photos = Double(errors.reduce(0) { $0 + $1.count })
    guard errors.count >= 2, photos > scenes else { return nil }
    center = Descriptive.mean(means)
    between = Descriptive.variance(means)
    let squares = zip(errors, means).reduce(0) { sum, scene in
      sum + scene.0.reduce(0) { $0 + ($1 - scene.1) * ($1 - scene.1) }
    }
    within = squares / (photos - scenes)
    size = scenes / errors.reduce(0) { $0 + 1 / Double($1.count) }
  }

  /// The middle and half the width of the interval of a new photo of a new scene.
  ///
  /// Its variance, `σ²_scene + σ²_photo + Var(center)`, is a weighted sum of both mean squares: the
  /// scenes' means vary by σ²_scene + σ²_photo / size.
  func interval(level: Double) -> (center: Double, half: Double)? {
    let (a, b) = (between * (1 + 1 / scenes), within * (1 - 1 / size))
    let variance = a + b
    guard variance > 0 else { return nil }
    let degrees = variance * variance / (a * a / (scenes - 1) + b * b / (photos - scenes))
    let critical = StudentT(degreesOfFreedom: degrees).quantile((1 + level) / 2)
    return (center, critical * variance.squareRoot())
  }
}
