import Domain
import Foundation
import NeuralModels
import Tensors

// Times the neural models on raw pixels; called by neural.py.
let usage = """
  usage: neural-benchmark import STATE.pth ARCHITECTURE CROP_SIDE CROPS FOLDER
         neural-benchmark score FOLDER PIXELS HEIGHT WIDTH REPEATS float32|bfloat16
         neural-benchmark faces WEIGHTS PIXELS HEIGHT WIDTH REPEATS
  """

/// The largest memory that this process has held, in kilobytes.
func peakKilobytes() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return line.flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }
    .flatMap { Int($0) } ?? 0
}

/// Runs once and prints the seconds, then as often as asked, and prints all.
func measure(_ repeats: Int, _ score: () throws -> [Double]) throws {
  var times: [Double] = []
  var scores: [Double] = []
  for _ in 0...repeats {
    let duration = try ContinuousClock().measure { scores = try score() }
    times.append(duration / .seconds(1))
    if times.count == 1 {
      FileHandle.standardOutput.write(Data("\(times[0])\n".utf8))
    }
  }
  struct Result: Encodable {
    let scores: [Double]
    let times: [Double]
    let peakKilobytes: Int
  }
  let result = Result(
    scores: scores, times: Array(times.dropFirst()), peakKilobytes: try peakKilobytes())
  print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
}

/// Reads raw RGB bytes of `[images, height, width, 3]`.
func pixels(_ path: String, _ height: Int, _ width: Int) throws -> Tensor {
  let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
  return try Tensor(bytes, shape: [bytes.count / (3 * height * width), height, width, 3])
}

let words = CommandLine.arguments
try Runtime.setThreads(2)
switch (words.dropFirst().first, words.count) {
case ("import", 7):
  guard let architecture = Architecture(rawValue: words[3]), let side = Int(words[4]),
    let crops = Int(words[5])
  else { fallthrough }
  let model = try QualityNetwork(
    Weights(loading: Checkpoint.read(words[2])),
    .init(
      architecture: architecture, backbone: .resNet50, cropSide: side, cropsPerImage: crops))
  try model.save(
    to: words[6],
    ModelDescription(
      architecture: model.configuration.architecture.rawValue, attribute: .overall),
    card: "# A model with random weights, for benchmarks\n")
case ("score", 8):
  guard let height = Int(words[4]), let width = Int(words[5]), let repeats = Int(words[6]) else {
    fallthrough
  }
  let type: ElementType = words[7] == "bfloat16" ? .bfloat16 : .float32
  let images = try pixels(words[3], height, width)
  let folder = try ModelFolder(words[2])
  if folder.architecture == Architecture.musiq.rawValue {
    // The peer's resampling, which isn't the default.
    let weights = try Weights(opening: folder.openWeights(), for: .inference(type))
    let model = try MUSIQ(weights)
    try weights.finish()
    try measure(repeats) {
      try withoutGradient {
        let input = try (images.permuted([0, 3, 1, 2]).to(.float32) - 127.5) * (1 / 127.5)
        return try model(MultiscalePatches(images: input, resampling: .bicubic)).scores.doubles()
      }
    }
  } else {
    let model = try QualityNetwork.load(words[2], for: .inference(type))
    // One crop an «image», so that every crop's score is seen.
    let input = QualityNetwork.Input(crops: try images.unsqueezed(1))
    try measure(repeats) { try withoutGradient { try model(input).scores.doubles() } }
  }
case ("faces", 7):
  guard let height = Int(words[4]), let width = Int(words[5]), let repeats = Int(words[6]) else {
    fallthrough
  }
  let detector = try RetinaFace.load(words[2])
  let means = try Tensor([104, 117, 123] as [Float], shape: [1, 3, 1, 1])
  let image = try pixels(words[3], height, width).to(.float32).permuted([0, 3, 1, 2]).flipped([1])
  let input = try (image - means).contiguous()
  try measure(repeats) {
    try withoutGradient { try detector(input).scores.entry(1, along: 2).mean().doubles() }
  }
default:
  print(usage)
  exit(2)
}
