import Foundation
import Tensors
import Testing

@Suite struct DlibFileTests {
  /// A number as dlib writes it.
  private func number(_ value: Int) -> [UInt8] {
    var rest = value.magnitude
    var bytes: [UInt8] = []
    repeat {
      bytes.append(UInt8(rest & 0xFF))
      rest >>= 8
    } while rest > 0
    return [UInt8(bytes.count) | (value < 0 ? 0x80 : 0)] + bytes
  }

  private func name(_ text: String) -> [UInt8] { number(text.utf8.count) + Array(text.utf8) }

  private func tensor(_ sizes: [Int], _ values: [Float]) -> [UInt8] {
    number(2) + sizes.flatMap(number)
      + values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } }
  }

  private func network() -> [UInt8] {
    // The elements of the first look like the name of a layer.
    let trap = [1, 5, 0x63, 0x6F, 0x6E, 0x5F, 0x34, 0] as [UInt8]
    let floats = [0, 4].map { at in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(trap[at + $1]) << (8 * UInt32($1)) })
    }
    return number(1) + name("loss_metric_2") + number(-7) + name("con_4")
      + tensor([1, 2, 1, 1], floats) + number(32) + name("affine_")
      + tensor([3, 1, 1, 1], [1, -2.5, 3e-9]) + name("relu_") + name("fc_2") + number(2)
      + number(1) + tensor([1, 2, 1, 1], [0.5, 8]) + number(0)
  }

  @Test func layersComeInOrder() throws {
    let folder = try TemporaryFolder()
    let layers = try DlibFile.layers(folder.write(network()))
    #expect(layers.map(\.kind) == [.convolution, .affine, .linear])
    #expect(layers[0].values.count == 2)
    #expect(layers[1].values == [1, -2.5, 3e-9] && layers[2].values == [0.5, 8])
  }

  @Test func damagedFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let whole = network()
    #expect(throws: CheckpointError.self) { try DlibFile.layers(folder.path + "/none") }
    #expect(throws: CheckpointError.self) { try DlibFile.layers(folder.write([])) }
    #expect(throws: CheckpointError.self) {
      try DlibFile.layers(folder.write(Array("no network".utf8)))
    }
    let huge = name("affine_") + number(2) + number(1 << 40) + number(1 << 40) + number(1)
    #expect(throws: CheckpointError.self) { try DlibFile.layers(folder.write(huge + number(1))) }
    // Whatever byte is changed or wherever the file ends: an error or layers, never a crash.
    var read = 0
    for end in whole.indices {
      if (try? DlibFile.layers(folder.write(Array(whole[..<end])))) != nil { read += 1 }
      for value in [0, 1, 0x7F, 0x88, 0xFF] as [UInt8] {
        var changed = whole
        changed[end] = value
        if (try? DlibFile.layers(folder.write(changed))) != nil { read += 1 }
      }
    }
    #expect(read > 0 && read < 6 * whole.count)
  }
}
