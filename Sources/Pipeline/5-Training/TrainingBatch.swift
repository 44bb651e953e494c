internal import Domain
internal import NeuralModels
internal import Pixels
internal import Tensors

/// The pixels of some photos, cut and ready for a network.
struct TrainingBatch: Sendable {
  /// Pictures of one size, one after the other.
  struct Pictures: Sendable {
    var samples: [UInt8] = []
    var count = 0
    var width = 0
    var height = 0

    /// `[1, count, height, width, 3]`, or so for a batch of photos with as many crops each.
    func tensor(photos: Int = 1) throws(TensorError) -> Tensor {
      try Tensor(samples, shape: [photos, count / max(photos, 1), height, width, 3])
    }
  }

  /// The photos' numbers.
  let photos: [Int]
  /// The crops of all photos together, or each photo's own where photos can't be stacked.
  let pictures: [Pictures]
  /// The complete photos, where they are needed.
  let complete: [Pictures]
}

/// Cuts batches out of regions; runs on loading threads, without libtorch.
struct BatchCutter: Sendable {
  let plan: SamplePlan
  let settings: NetworkSettings
  let source: any RegionSource

  /// Whether the photos of a batch have pictures of one size.
  var canStack: Bool {
    settings.network.architecture.usesCrops && !settings.network.architecture.needsCompleteImage
  }

  /// The batches of one optimiser step.
  func step(epoch: Int, step: Int) throws -> [TrainingBatch] {
    try plan.batches(epoch: epoch, step: step).map { photos in
      try batch(photos) { photo, region in
        plan.draws(
          of: photo, epoch: epoch, width: region.widthPixels, height: region.heightPixels)
      }
    }
  }

  /// One photo as evaluation uses it.
  func evaluation(_ photo: Int) throws -> TrainingBatch {
    try batch([photo]) { _, region in
      plan.grid(width: region.widthPixels, height: region.heightPixels).map {
        SamplePlan.Draw(area: $0, isMirrored: false)
      }
    }
  }

  private func batch(
    _ photos: [Int], _ draws: (Int, RegionPixels) -> [SamplePlan.Draw]
  ) throws -> TrainingBatch {
    var all: [TrainingBatch.Pictures] = []
    for photo in photos {
      if all.isEmpty || !canStack { all.append(TrainingBatch.Pictures()) }
      let last = all.count - 1
      try source.withRegion(photo) { region in
        for draw in draws(photo, region) {
          if all[last].samples.isEmpty, canStack {
            let count = 3 * draw.area.width * draw.area.height
            all[last].samples.reserveCapacity(
              count * settings.network.cropsPerImage * photos.count)
          }
          region.append(draw.area, mirrored: draw.isMirrored, to: &all[last].samples)
          all[last].count += 1
          (all[last].width, all[last].height) = (draw.area.width, draw.area.height)
        }
      }
    }
    let complete = try photos.filter { _ in settings.network.architecture.needsCompleteImage }.map {
      let image = try source.completeImage($0)
      return TrainingBatch.Pictures(
        samples: image.samples, count: 1, width: image.widthPixels, height: image.heightPixels)
    }
    return TrainingBatch(photos: photos, pictures: all, complete: complete)
  }
}
