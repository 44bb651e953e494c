import Domain

/// One scene's scale with the photos that it shares with the cross-scene set.
struct Link {
  let scale: SceneScale
  let shared: [PhotoID]
  /// The shared photos' positions on the scene's scale and in the cross-scene set.
  let ownIndices: [Int]
  let crossIndices: [Int]
  /// The scores on the scene's scale.
  let x: [Double]
  /// What the line is fitted to: the scores, or the qualities that they let expect.
  private(set) var fitted: [Double]
  /// The scores on the cross-scene scale.
  let y: [Double]
  /// The mean error variances of `x` and `y`, from the standard deviations of the photos; nil if
  /// unknown.
  let errorVariances: (x: Double, y: Double)?
  /// Photos of the cross-scene set that the scene does not have.
  let unknown: [PhotoID]

  /// Matches photos by scene and name.
  ///
  /// - Parameters:
  ///   - scale: the scene's scale.
  ///   - cross: the scene's photos in the cross-scene set, with their places there.
  /// - Throws: `InputError` for photos that occur twice, scores that are not finite, fewer than 2
  ///   shared photos.
  init(scale: SceneScale, cross: [(place: Int, photo: ScaledPhoto)]) throws(InputError) {
    self.scale = scale
    let subject = "scene \(scale.scene)"
    var known: [PhotoID: Int] = [:]
    for (place, photo) in scale.photos.enumerated() {
      guard photo.score.isFinite else {
        throw InputError(
          subject, "the score of \(photo.photo) is not a finite number",
          remedy: "scale the scene again, or leave the photo out")
      }
      guard known.updateValue(place, forKey: photo.photo) == nil else {
        throw InputError(
          subject, "the photo \(photo.photo) occurs twice", remedy: "keep one of its rows")
      }
    }
    var shared: [PhotoID] = []
    var x: [Double] = []
    var y: [Double] = []
    var unknown: [PhotoID] = []
    var variances = (x: 0.0, y: 0.0)
    var ownIndices: [Int] = []
    var crossIndices: [Int] = []
    for (place, photo) in cross.sorted(by: { $0.photo.photo < $1.photo.photo }) {
      guard let ownPlace = known[photo.photo] else {
        unknown.append(photo.photo)
        continue
      }
      let own = scale.photos[ownPlace]
      shared.append(photo.photo)
      ownIndices.append(ownPlace)
      crossIndices.append(place)
      x.append(own.score)
      y.append(photo.score)
      variances.x += own.standardDeviation * own.standardDeviation
      variances.y += photo.standardDeviation * photo.standardDeviation
    }
    self.shared = shared
    self.ownIndices = ownIndices
    self.crossIndices = crossIndices
    self.x = x
    fitted = x
    self.y = y
    self.unknown = unknown
    let usable =
      variances.x > 0 && variances.y > 0 && variances.x.isFinite && variances.y.isFinite
    let count = Double(max(shared.count, 1))
    errorVariances = usable ? (variances.x / count, variances.y / count) : nil
    guard shared.count >= 2 else {
      throw InputError(
        subject,
        shared.isEmpty
          ? "it shares no photo with the cross-scene set"
          : "it shares 1 photo with the cross-scene set, a line needs 2",
        remedy: "add photos of this scene to the cross-scene set, from both ends of its scale, "
          + "or leave the scene out")
    }
  }

  /// The same link, its line fitted to expected qualities.
  func fitted(to qualities: ExpectedQualities) -> Self {
    var copy = self
    copy.fitted = ownIndices.map { qualities.values[$0] }
    return copy
  }

  /// The ratio of the error variances that a method takes; nil for least squares.
  func ratio(_ method: AlignmentMethod) throws(InputError) -> Double? {
    let subject = "scene \(scale.scene)"
    switch method {
    case .leastSquares, .calibrated: return nil
    case .deming(let given?):
      guard given > 0, given.isFinite else {
        throw InputError(
          "Deming's ratio", "\(given) is not above 0",
          remedy: "give the error variance of the cross-scene scale over that of the scenes' scales"
        )
      }
      return given
    case .deming(nil):
      guard let errorVariances else {
        throw InputError(
          subject, "its photos carry no standard deviations, from which Deming's ratio comes",
          remedy: "scale with a bootstrap, or give the ratio of the error variances")
      }
      return errorVariances.y / errorVariances.x
    }
  }

  /// Fits the line; a scene without spread or with a falling line is an error.
  func fit(_ method: AlignmentMethod) throws(InputError) -> LineFit {
    let subject = "scene \(scale.scene)"
    guard let line = LineFit(x: fitted, y: y, ratio: try ratio(method)) else {
      throw InputError(
        subject, "its \(shared.count) shared photos have no spread in quality",
        remedy: "choose cross-scene photos along the scene's whole scale")
    }
    guard line.a > 0 else {
      throw InputError(
        subject,
        "the cross-scene set orders its photos the other way round (slope \(short(line.a)))",
        remedy: "check whether photos or answers were exchanged in one of the two tasks, "
          + "or collect more cross-scene votes")
    }
    return line
  }
}
