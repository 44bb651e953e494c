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

  /// The number of optimiser steps of an epoch.
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

  /// The crops of a photo in an epoch, at places that are each equally likely; the whole region
  /// where no crops are cut.
  func draws(of photo: Int, epoch: Int, width: Int, height: Int) -> [Draw] {
    var generator = SeededGenerator(seed: settings.fitting.seed).stream(2).stream(UInt64(epoch))
      .stream(UInt64(photo))
    let network = settings.network
    let usesCrops = network.architecture.usesCrops
    let side = network.cropSide
    return (0..<(usesCrops ? network.cropsPerImage : 1)).map { _ in
      let x = usesCrops ? generator.index(below: width - side + 1) : 0
      let y = usesCrops ? generator.index(below: height - side + 1) : 0
      let isMirrored = settings.flips && generator.uniform() < 0.5
      return Draw(
        area: PixelRectangle(
          x: x, y: y, width: usesCrops ? side : width, height: usesCrops ? side : height),
        isMirrored: isMirrored)
    }
  }

  /// The crops of a region that evaluation uses: those of `vernier score` with the same limit.
  func grid(width: Int, height: Int) -> [PixelRectangle] {
    settings.network.areas(.grid(limit: settings.gridLimit), width: width, height: height)
  }
}
