import Domain
import Foundation
import HandcraftedModels
import Statistics
import Testing

@Test func ilniqeFeaturesFollowThePublishedDefinition() throws {
  let (golden, photo) = try Golden.photo("chelsea.png")
  let blocks = try ILNIQE.blocks(photo)
  #expect(blocks.features.count == 36)
  let wanted = try #require(golden.ilniqeFirstBlock)
  // The reference convolves and fits differently; the shapes' grid of 0.001 keeps most features
  // equal.
  #expect(relativeDifference(blocks.features[0], wanted, floor: 1e-3) < 1e-5)
}

@Test func ilniqeScoresAsTheReferenceWithTheAuthorsModel() throws {
  let model = try ILNIQEModel.load(Place.parameter("templateModel.mat"))
  let (golden, photo) = try Golden.photo("chelsea.png")
  #expect(model.componentCount == 430)
  // The covariance has a condition number of 1e11.
  #expect(relativeDifference([try model.score(photo)], [try #require(golden.ilniqe)]) < 1e-4)
}

@Test func ilniqeIsFittedOnFewPhotos() throws {
  var fitting = ILNIQEModel.Fitting(sharpnessThreshold: 0.3)
  #expect(throws: InputError.self) { try fitting.model() }
  for seed in 1...2 { try fitting.add(scene(UInt64(seed), width: 200, height: 200)) }
  let model = try fitting.model()
  let clean = try model.score(scene(9, width: 200, height: 200))
  let noisy = try model.score(scene(9, width: 200, height: 200, noise: 80))
  #expect(clean < noisy)
  let path = temporaryFile("ilniqe.json")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try model.save(path)
  #expect(try ILNIQEModel.load(path) == model)
}

@Test func ilniqeRefusesTinyPhotos() throws {
  let tiny = try scene(1, width: 31, height: 40)
  #expect(
    throws: InputError(
      "photo", "31×40 pixels is too small for IL-NIQE", remedy: "give at least 32×32 pixels")
  ) {
    try ILNIQE.blocks(tiny)
  }
}

@Test func theTransformIsThatOfItsDefinition() {
  let side = 42
  var numbers = Numbers(state: 5)
  let image = (0..<side * side).map { _ in numbers.next() - 0.5 }
  let transform = FourierTransform(side: side)
  let spectrum = transform.transposedSpectrum(image)
  let (u, v) = (5, 9)
  var (real, imaginary) = (0.0, 0.0)
  for y in 0..<side {
    for x in 0..<side {
      let angle = -2 * Double.pi * Double(u * x + v * y) / Double(side)
      real += image[y * side + x] * cos(angle)
      imaginary += image[y * side + x] * sin(angle)
    }
  }
  // 1764 terms below 1 in size.
  #expect(abs(spectrum.real[u * side + v] - real) < 1e-11)
  #expect(abs(spectrum.imaginary[u * side + v] - imaginary) < 1e-11)
  let back = transform.image(ofTransposed: spectrum)
  #expect(zip(back.real, image).allSatisfy { abs($0 - $1) < 1e-13 })
  #expect(back.imaginary.allSatisfy { abs($0) < 1e-13 })
}

@Test func theWeibullFitFindsItsParameters() {
  var numbers = Numbers(state: 3)
  // Quantiles of shape 2.5 and scale 0.3 at random probabilities.
  let logarithms = (0..<20_000).map { _ in log(0.3 * pow(-log(1 - numbers.next()), 1 / 2.5)) }
  let fit = logarithms.withUnsafeBufferPointer(Weibull.init)
  // The standard errors are 0.014 and 0.0009.
  #expect(abs(fit.shape - 2.5) < 0.06)
  #expect(abs(fit.scale - 0.3) < 0.004)
  let equal = [0.5, 0.5].withUnsafeBufferPointer(Weibull.init)
  #expect(equal.shape == .infinity)
}

@Test func eigenvectorsRebuildTheirMatrix() {
  let count = 24
  var numbers = Numbers(state: 8)
  var matrix = [Double](repeating: 0, count: count * count)
  for i in 0..<count {
    for j in 0...i {
      matrix[i * count + j] = numbers.next() - 0.5
      matrix[j * count + i] = matrix[i * count + j]
    }
  }
  let eigen = SymmetricEigen(matrix, count: count)
  #expect(eigen.values == eigen.values.sorted(by: >))
  for i in 0..<count {
    for j in 0..<count {
      var value = 0.0
      var product = 0.0
      for k in 0..<count {
        value += eigen.values[k] * eigen.vectors[k][i] * eigen.vectors[k][j]
        product += eigen.vectors[i][k] * eigen.vectors[j][k]
      }
      // Some rounding errors of numbers below 3.
      #expect(abs(value - matrix[i * count + j]) < 1e-13)
      #expect(abs(product - (i == j ? 1 : 0)) < 1e-13)
    }
  }
}
