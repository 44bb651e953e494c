import Dispatch
import Domain
import Foundation
import Pixels

// Times the details region's way from a JPEG to a JPEG, and its parts; called by pixels.py.
let arguments = CommandLine.arguments
let numbers = arguments.dropFirst(3).compactMap { Int($0) }
guard arguments.count >= 8, numbers.count == 5 else {
  print("usage: pixels-benchmark PHOTO OUT X Y WIDTH HEIGHT REPEATS")
  exit(2)
}
let photo = arguments[1]
let area = PixelRectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])

/// The processor time that this process has used, in milliseconds.
func processorTime() -> Double {
  1000 * Double(clock()) / Double(CLOCKS_PER_SEC)
}

/// The median of the repeats' processor times in milliseconds.
func median(_ work: () throws -> Void) rethrows -> Double {
  var times: [Double] = []
  for _ in 0..<max(1, numbers[4]) {
    let start = processorTime()
    try work()
    times.append(processorTime() - start)
  }
  return times.sorted()[times.count / 2]
}

let whole = try median {
  try RasterImage.decodeArea(photo, area: area, width: 1837, height: 2449)
    .write(to: arguments[2], as: .jpeg(quality: 95))
}
let decode = try median {
  _ = try RasterImage.decodeArea(photo, area: area, width: area.width, height: area.height)
}
let part = try RasterImage.decodeArea(photo, area: area, width: area.width, height: area.height)
let resize = median { _ = part.resizedBicubic(widthPixels: 1837, heightPixels: 2449) }
let large = part.resizedBicubic(widthPixels: 1837, heightPixels: 2449)
let encode = try median { _ = try large.encoded(as: .jpeg(quality: 95)) }
let png = try median { _ = try large.encoded(as: .png()) }
let shrunk = try median { _ = try RasterImage.decodeShrunk(photo, longSide: 960) }
/// The wall time of eight photos on so many threads, in milliseconds.
func batch(threads: Int) throws -> Double {
  let clock = ContinuousClock()
  let elapsed = clock.measure {
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      for index in stride(from: worker, to: 8, by: threads) {
        let region = try? RasterImage.decodeArea(photo, area: area, width: 1837, height: 2449)
        try? region?.write(to: arguments[2] + "\(index)", as: .jpeg(quality: 95))
      }
    }
  }
  return 1000 * Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-15
}

let scaling = try batch(threads: 1) / batch(threads: 2)
let parts: [(String, Double)] = [
  ("vernier", whole), ("decode", decode), ("resize", resize), ("encode", encode), ("png", png),
  ("shrunk960", shrunk), ("2 threads ×", scaling),
]
print("{" + parts.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
