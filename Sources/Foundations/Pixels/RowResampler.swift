/// Resamples an RGB image row by row: across first, then down, in 32-bit floating point.
///
/// Only as many rows as the kernel is tall are kept, so that memory doesn't grow with the image.
/// Values are rounded to 8 bits once, at the end. An object belongs to one call and never crosses
/// threads.
final class RowResampler {
  /// Weights along a row.
  private let horizontal: AxisWeights
  /// Weights down the columns.
  private let vertical: AxisWeights
  /// Rows that are already resampled across, in turn.
  private let ring: UnsafeMutablePointer<Float>
  /// One input row as floats, with room for a load past its end.
  private let line: UnsafeMutablePointer<Float>
  /// One output row as bytes.
  private let bytes: UnsafeMutablePointer<UInt8>
  /// One output row as floats.
  private let sums: UnsafeMutablePointer<Float>
  /// Floats in a row of the ring, a whole number of vectors.
  private let stride: Int
  /// The number of input rows taken so far.
  private var taken = 0
  /// The number of output rows given so far.
  private var given = 0

  /// Makes a resampler for one image.
  init(horizontal: AxisWeights, vertical: AxisWeights) {
    self.horizontal = horizontal
    self.vertical = vertical
    stride = (3 * horizontal.outputCount + 4 + 15) / 16 * 16
    ring = .allocate(capacity: stride * vertical.taps)
    ring.initialize(repeating: 0, count: stride * vertical.taps)
    line = .allocate(capacity: 3 * horizontal.inputCount + 16)
    line.initialize(repeating: 0, count: 3 * horizontal.inputCount + 16)
    bytes = .allocate(capacity: stride)
    bytes.initialize(repeating: 0, count: stride)
    sums = .allocate(capacity: stride)
    sums.initialize(repeating: 0, count: stride)
  }

  deinit {
    ring.deallocate()
    line.deallocate()
    bytes.deallocate()
    sums.deallocate()
  }

  /// Takes the next input row and gives the output rows that it completes, as bytes.
  func feed(_ row: UnsafePointer<UInt8>, emit: (Int, UnsafePointer<UInt8>) -> Void) {
    take(row)
    while let output = nextOutput() {
      blend(output)
      Self.round(sums, to: bytes, count: stride)
      emit(output, bytes)
    }
  }

  /// Takes the next input row and gives the output rows that it completes, as floats.
  func feed(_ row: UnsafePointer<UInt8>, emit: (Int, UnsafePointer<Float>) -> Void) {
    take(row)
    while let output = nextOutput() {
      blend(output)
      emit(output, sums)
    }
  }

  /// The next output row, if all of its input rows are there.
  private func nextOutput() -> Int? {
    guard given < vertical.outputCount, vertical.starts[given] + vertical.taps <= taken else {
      return nil
    }
    given += 1
    return given - 1
  }

  /// Resamples one input row across and keeps it in the ring.
  private func take(_ row: UnsafePointer<UInt8>) {
    let count = 3 * horizontal.inputCount
    for index in 0..<count { line[index] = Float(row[index]) }
    let target = ring + stride * (taken % vertical.taps)
    taken += 1
    horizontal.starts.withUnsafeBufferPointer { starts in
      horizontal.weights.withUnsafeBufferPointer { weights in
        guard let weights = weights.baseAddress else { return }
        if horizontal.taps == 4 {
          acrossFourTaps(starts, weights, to: target)
        } else {
          across(starts, weights, taps: horizontal.taps, to: target)
        }
      }
    }
  }

  // Each load and store covers one pixel and the next one's red, which is written over later.

  /// Sums any number of taps along the row.
  private func across(
    _ starts: UnsafeBufferPointer<Int>, _ weights: UnsafePointer<Float>, taps: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    var weight = weights
    for output in 0..<starts.count {
      var source = UnsafeRawPointer(line + 3 * starts[output])
      var sum = SIMD4<Float>.zero
      for tap in 0..<taps {
        sum += source.loadUnaligned(as: SIMD4<Float>.self) * weight[tap]
        source += 12
      }
      UnsafeMutableRawPointer(target + 3 * output).storeBytes(of: sum, as: SIMD4<Float>.self)
      weight += taps
    }
  }

  /// Sums four taps along the row: every enlargement.
  private func acrossFourTaps(
    _ starts: UnsafeBufferPointer<Int>, _ weights: UnsafePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    var weight = UnsafeRawPointer(weights)
    for output in 0..<starts.count {
      let source = UnsafeRawPointer(line + 3 * starts[output])
      let w = weight.loadUnaligned(as: SIMD4<Float>.self)
      var sum = source.loadUnaligned(as: SIMD4<Float>.self) * w.x
      sum += source.loadUnaligned(fromByteOffset: 12, as: SIMD4<Float>.self) * w.y
      sum += source.loadUnaligned(fromByteOffset: 24, as: SIMD4<Float>.self) * w.z
      sum += source.loadUnaligned(fromByteOffset: 36, as: SIMD4<Float>.self) * w.w
      UnsafeMutableRawPointer(target + 3 * output).storeBytes(of: sum, as: SIMD4<Float>.self)
      weight += 16
    }
  }

  /// Sums the rows of the ring for one output row.
  private func blend(_ output: Int) {
    let taps = vertical.taps
    let start = vertical.starts[output]
    vertical.weights.withUnsafeBufferPointer { weights in
      guard let weight = weights.baseAddress.map({ $0 + output * taps }) else { return }
      if taps == 4 {
        downFourTaps(start, weight)
      } else {
        down(start, weight, taps: taps)
      }
    }
  }

  /// Sums any number of taps down the columns.
  private func down(_ start: Int, _ weight: UnsafePointer<Float>, taps: Int) {
    var column = 0
    while column < stride {
      var low = SIMD8<Float>.zero
      var high = SIMD8<Float>.zero
      var slot = start % taps
      for tap in 0..<taps {
        let row = UnsafeRawPointer(ring + stride * slot + column)
        low += row.loadUnaligned(as: SIMD8<Float>.self) * weight[tap]
        high += row.loadUnaligned(fromByteOffset: 32, as: SIMD8<Float>.self) * weight[tap]
        slot += 1
        if slot == taps { slot = 0 }
      }
      let target = UnsafeMutableRawPointer(sums + column)
      target.storeBytes(of: low, as: SIMD8<Float>.self)
      target.storeBytes(of: high, toByteOffset: 32, as: SIMD8<Float>.self)
      column += 16
    }
  }

  /// Sums four taps down the columns: every enlargement.
  private func downFourTaps(_ start: Int, _ weight: UnsafePointer<Float>) {
    let first = ring + stride * (start % 4)
    let second = ring + stride * ((start + 1) % 4)
    let third = ring + stride * ((start + 2) % 4)
    let fourth = ring + stride * ((start + 3) % 4)
    let (w0, w1, w2, w3) = (weight[0], weight[1], weight[2], weight[3])
    var column = 0
    while column < stride {
      var sum = UnsafeRawPointer(first + column).loadUnaligned(as: SIMD8<Float>.self) * w0
      sum += UnsafeRawPointer(second + column).loadUnaligned(as: SIMD8<Float>.self) * w1
      sum += UnsafeRawPointer(third + column).loadUnaligned(as: SIMD8<Float>.self) * w2
      sum += UnsafeRawPointer(fourth + column).loadUnaligned(as: SIMD8<Float>.self) * w3
      UnsafeMutableRawPointer(sums + column).storeBytes(of: sum, as: SIMD8<Float>.self)
      column += 8
    }
  }

  /// Rounds to the nearest level, halves to even, and clamps to 0…255.
  static func round(
    _ values: UnsafePointer<Float>, to bytes: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    // Adding 2²³ leaves the rounded integer in the low bits of the float.
    let shift: Float = 8_388_608
    for index in 0..<count {
      let value = min(max(values[index], 0), 255) + shift
      bytes[index] = UInt8(truncatingIfNeeded: value.bitPattern)
    }
  }
}
