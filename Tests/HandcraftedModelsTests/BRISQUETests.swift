import Domain
import Foundation
import HandcraftedModels
import Testing

@Test(arguments: ["chelsea.png", "coffee.png"])
func brisqueFeaturesFollowThePublishedDefinition(name: String) throws {
  let (golden, photo) = try Golden.photo(name)
  let features = try BRISQUE.features(GreyPlane(photo))
  // Both compute in double precision; the sums' order differs. coffee.png has odd sides.
  #expect(relativeDifference(features, golden.brisqueFeatures) < 1e-9)
}

@Test(arguments: ["chelsea.png", "coffee.png"])
func brisqueScoresAsPyiqaWithTheAuthorsModel(name: String) throws {
  let regression = try BRISQUEModel.importing(
    model: Place.parameter("allmodel"), range: Place.parameter("allrange"))
  let (golden, photo) = try Golden.photo(name)
  #expect(regression.supportVectorCount == 774)
  let wanted = try #require(golden.pyiqa["brisque"])
  // The peer computes in single precision, on a scale of 100.
  #expect(abs(try regression.score(threeDigitLuma(photo)) - wanted) < 0.02)
}

@Test func photosThatCantBeScoredAreErrorsOfOneLine() throws {
  let tiny = try GreyPlane(
    widthPixels: 10, heightPixels: 20, samples: [UInt8](repeating: 1, count: 200))
  #expect(
    throws: InputError(
      "photo", "10×20 pixels is too small for BRISQUE", remedy: "give at least 16×16 pixels")
  ) {
    try BRISQUE.features(tiny)
  }
  let flat = try GreyPlane(
    widthPixels: 64, heightPixels: 64, samples: [UInt8](repeating: 0, count: 4096))
  #expect(throws: InputError.self) { try BRISQUE.features(flat) }
  #expect(throws: InputError.self) {
    try GreyPlane(widthPixels: 3, heightPixels: 3, samples: [UInt8](repeating: 0, count: 8))
  }
  #expect(throws: InputError.self) {
    try GreyPlane(widthPixels: 1, heightPixels: 1, samples: [Double.nan])
  }
  #expect(throws: InputError.self) {
    try ColourPlane(widthPixels: .max, heightPixels: 2, samples: [])
  }
}

/// Random features and a smooth function of two of them.
private func trainingSet(_ count: Int) -> (features: [[Double]], targets: [Double]) {
  var numbers = Numbers(state: 11)
  let features = (0..<count).map { _ in (0..<36).map { _ in 10 * numbers.next() } }
  return (features, features.map { 0.4 * $0[0] - 0.1 * $0[7] })
}

@Test func trainingKeepsErrorsBelowEpsilonWhereTheyCostEnough() throws {
  let (features, targets) = trainingSet(60)
  var settings = BRISQUEModel.TrainingSettings()
  settings.cost = 1e6
  settings.epsilon = 0.05
  let model = try BRISQUEModel.train(features: features, targets: targets, settings: settings)
  for (row, target) in zip(features, targets) {
    // The optimum's condition, up to the optimizer's tolerance of 0.001.
    #expect(abs(try model.score(features: row) - target) <= 0.05 + 0.002)
  }
  #expect(model.supportVectorCount > 0 && model.supportVectorCount <= 60)
}

@Test func trainingGeneralisesAndIsDeterministic() throws {
  let (features, targets) = trainingSet(300)
  let model = try BRISQUEModel.train(
    features: Array(features[..<200]), targets: Array(targets[..<200]))
  let again = try BRISQUEModel.train(
    features: Array(features[..<200]), targets: Array(targets[..<200]))
  #expect(model == again)
  let errors = try zip(features, targets).dropFirst(200).map {
    abs(try model.score(features: $0) - $1)
  }
  // A linear function of 2 features, spread over 4.5: a constant has a mean error of 1.
  #expect(errors.reduce(0, +) / 100 < 0.5)
}

@Test func modelsSurviveAFile() throws {
  let (features, targets) = trainingSet(20)
  let model = try BRISQUEModel.train(features: features, targets: targets)
  let path = temporaryFile("brisque.json")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try model.save(path)
  #expect(try BRISQUEModel.load(path) == model)
}

@Test func unusableTrainingSetsAreRefused() {
  let (features, targets) = trainingSet(4)
  #expect(throws: InputError.self) { try BRISQUEModel.train(features: [], targets: []) }
  #expect(throws: InputError.self) {
    try BRISQUEModel.train(features: features, targets: Array(targets[..<3]))
  }
  #expect(throws: InputError.self) {
    try BRISQUEModel.train(features: features, targets: [1, 2, .nan, 3])
  }
  var settings = BRISQUEModel.TrainingSettings()
  settings.cost = -1
  #expect(
    throws: InputError(
      "training of BRISQUE", "C <= 0", remedy: "change the settings or the number of photos")
  ) {
    try BRISQUEModel.train(features: features, targets: targets, settings: settings)
  }
}

@Test(arguments: [
  "", "svm_type c_svc\nSV\n",
  "svm_type epsilon_svr\nkernel_type rbf\ngamma 1\ntotal_sv 1\nrho 0\nSV\n",
  "svm_type epsilon_svr\nkernel_type rbf\ngamma 1\ntotal_sv 1\nrho 0\nSV\n1 99:1\n",
  "svm_type epsilon_svr\nkernel_type rbf\ngamma 1\ntotal_sv 1\nrho 0\nSV\nnan 1:1\n",
])
func damagedLibsvmFilesAreRefused(text: String) throws {
  let path = temporaryFile("model")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try text.write(toFile: path, atomically: true, encoding: .utf8)
  #expect(throws: InputError.self) { try BRISQUEModel.importing(model: path, range: path) }
  #expect(throws: InputError.self) { try BRISQUEModel.load(path) }
}
