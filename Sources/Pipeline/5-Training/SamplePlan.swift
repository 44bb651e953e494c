internal import Domain
internal import NeuralModels
internal import Statistics

/// Which photos, crops and mirrorings every step of a run uses: a pure function of the settings and
/// the step's number.
///
/// Nothing depends on what was drawn before, so a run that resumes at any step uses the same crops.
struct SamplePlan: Sendable {
  private let photos: [Int]
  private let scenes: [Int: String]
  private let settings: NetworkSettings

  /// Plans for the numbers of the training photos and their scenes.
  init(photos: [Int], scenes: [Int: String], settings: NetworkSettings) {
    self.photos = photos
    self.scenes = scenes
    self.settings = settings
  }

  /// The number of optimizer steps of an epoch.
  var stepsPerEpoch: Int {
    (photos.count + settings.photosPerStep - 1) / settings.photosPerStep
  }

  /// The photos of a step, batch by batch.
  func batches(epoch: Int, step: Int) -> [[Int]] {
    let order = order(epoch: epoch)
    let first = step * settings.photosPerStep
    let end = min(first + settings.photosPerStep, order.count)
    return stride(from: first, to: end, by: settings.fitting.batchSize).map {
      Array(order[$0..<min($0 + settings.fitting.batchSize, end)])
    }
  }

  /// The order of an epoch; where pairs count, photos of one scene stand side by side two by two.
  private func order(epoch: Int) -> [Int] {
    var generator = SeededGenerator(seed: settings.fitting.seed).stream(1).stream(UInt64(epoch))
    guard settings.pairWeight > 0 else { return generator.shuffled(photos) }
    let groups = Dictionary(grouping: photos) { scenes[$0] ?? "" }
    var couples: [[Int]] = []
    for scene in groups.keys.sorted() {
      let members = generator.shuffled(groups[scene] ?? [])
      couples += stride(from: 0, to: members.count, by: 2).map {
        Array(members[$0..<min($0 + 2, members.count)])
      }
    }
    return generator.shuffled(couples).flatMap(\.self)
  }

  /// One crop of a photo in an epoch.
  struct Draw: Equatable {
    let area: PixelRectangle
    let isMirrored: Bool
  }

  /// The crops of a photo in an epoch, at places that are each equally likely; the whole region or
  /// a window of it where no crops are cut.
  func draws(of photo: Int, epoch: Int, width: Int, height: Int) -> [Draw] {
    var generator = SeededGenerator(seed: settings.fitting.seed).stream(2).stream(UInt64(epoch))
      .stream(UInt64(photo))
    let network = settings.network
    guard network.architecture.usesCrops else {
      let share =
        settings.smallestWindow.map { $0 + (1 - $0) * generator.uniform() } ?? 1
      func side(_ length: Int) -> Int {
        max(min(QualityNetwork.smallestSide, length), Int((Double(length) * share).rounded()))
      }
      return [draw(side(width), side(height), of: width, height, &generator)]
    }
    let side = network.cropSide
    return (0..<network.cropsPerImage).map { _ in
      draw(side, side, of: width, height, &generator)
    }
  }

  /// One window of a size, at a place that is equally likely as any other.
  private func draw(
    _ columns: Int, _ rows: Int, of width: Int, _ height: Int, _ generator: inout SeededGenerator
  ) -> Draw {
    let usesAll = columns == width && rows == height && !settings.network.architecture.usesCrops
    let x = usesAll ? 0 : generator.index(below: width - columns + 1)
    let y = usesAll ? 0 : generator.index(below: height - rows + 1)
    let isMirrored = settings.flips && generator.uniform() < 0.5
    return Draw(
      area: PixelRectangle(x: x, y: y, width: columns, height: rows), isMirrored: isMirrored)
  }

  /// The crops of a region that evaluation uses: those of `vernier score` with the same limit.
  func grid(width: Int, height: Int) -> [PixelRectangle] {
    settings.network.areas(.grid(limit: settings.gridLimit), width: width, height: height)
  }
}
