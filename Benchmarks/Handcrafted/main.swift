import Foundation
import HandcraftedModels
import Pixels

// Times BRISQUE, NIQE and IL-NIQE on one photo; called by handcrafted.py.
let arguments = CommandLine.arguments
guard arguments.count == 4, let repeats = Int(arguments[3]), repeats > 0 else {
  print("usage: handcrafted-benchmark PHOTO FOLDER_OF_PARAMETERS REPEATS")
  exit(2)
}
let parameters = arguments[2]
let brisque = try BRISQUEModel.importing(
  model: "\(parameters)/allmodel", range: "\(parameters)/allrange")
let niqe = try NIQEModel.load("\(parameters)/niqe_modelparameters.mat")
let ilniqe = try ILNIQEModel.load("\(parameters)/templateModel.mat")
let image = try RasterImage.decode(arguments[1])
let photo = try ColourPlane(
  widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)

/// The processor time that this process has used, in seconds.
func processorTime() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// The score, and the smallest elapsed and processor time of the repeats in seconds.
func measured(_ score: () throws -> Double) throws -> [Double] {
  var value = 0.0
  var elapsed = Double.infinity
  var processor = Double.infinity
  for _ in 0..<repeats {
    let start = processorTime()
    let duration = try ContinuousClock().measure { value = try score() }
    elapsed = min(elapsed, duration / .seconds(1))
    processor = min(processor, processorTime() - start)
  }
  return [value, elapsed, processor]
}

// Each takes the photo in colour, as the peer does.
let results = [
  "brisque": try measured { try brisque.score(GreyPlane(photo)) },
  "niqe": try measured { try niqe.score(GreyPlane(photo)) },
  "ilniqe": try measured { try ilniqe.score(photo) },
]
let encoder = JSONEncoder()
encoder.outputFormatting = .sortedKeys
print(String(decoding: try encoder.encode(results), as: UTF8.self))
