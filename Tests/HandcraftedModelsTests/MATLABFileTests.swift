import Domain
import Foundation
import HandcraftedModels
import Testing

private func little(_ value: Int, _ count: Int = 4) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func element(_ type: Int, _ data: [UInt8]) -> [UInt8] {
  little(type) + little(data.count) + data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
}

/// A double matrix, column by column.
private func matrix(_ name: String, _ rows: Int, _ columns: Int, _ values: [Double]) -> [UInt8] {
  element(
    14,
    element(6, little(6) + little(0)) + element(5, little(rows) + little(columns))
      + element(1, Array(name.utf8))
      + element(9, values.flatMap { little(Int(bitPattern: UInt($0.bitPattern)), 8) }))
}

private let header =
  Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 32, count: 105) + [0, 1]
  + Array("IM".utf8)

private let cells = element(
  14,
  element(6, little(1) + little(0)) + element(5, little(1) + little(2)) + element(1, [])
    + matrix("", 1, 2, [5, 6]) + matrix("", 1, 1, [7]))

@Test func matricesAndCellsAreRead() throws {
  // Bytes in the small form of an element, as MATLAB stores short integers.
  let small =
    element(
      14,
      element(6, little(6) + little(0)) + element(5, little(1) + little(3))
        + little(1 | 1 << 16) + [UInt8(ascii: "b"), 0, 0, 0] + little(2 | 3 << 16) + [8, 9, 10, 0])
  let file = header + matrix("a", 2, 2, [1, 2, 3, 4.5]) + small + cells
  let variables = try MATLABFile.read(file, "test.mat")
  #expect(variables["a"]?.matrix?.values == [1, 3, 2, 4.5])
  #expect(variables["b"]?.matrix?.values == [8, 9, 10])
  guard case .cells(let found) = variables[""] else {
    Issue.record("no cells")
    return
  }
  #expect(found.map { $0.matrix?.values } == [[5, 6], [7]])
}

@Test func everyCutIsRefusedOrLeavesWholeVariables() throws {
  let file = header + matrix("a", 2, 2, [1, 2, 3, 4]) + cells
  for count in 0..<file.count {
    let found = try? MATLABFile.read(Array(file[..<count]), "test.mat")
    #expect((found?.count ?? 0) < 2)
  }
}

@Test func noFlippedByteDoesHarm() throws {
  readDamaged(header + matrix("a", 2, 2, [1, 2, 3, 4]) + cells)
}

@Test func noFlippedByteOfTheAuthorsFileDoesHarm() throws {
  let path = try Place.parameter("niqe_modelparameters.mat")
  readDamaged(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
}

/// Reads the file 3,000 times with one to three wrong bytes: values or an error of one line.
private func readDamaged(_ file: [UInt8]) {
  var numbers = Numbers(state: 21)
  for _ in 0..<3000 {
    var damaged = file
    for _ in 0..<1 + Int(3 * numbers.next()) {
      let place = Int(Double(file.count) * numbers.next())
      damaged[place] = UInt8(255.99 * numbers.next())
    }
    do {
      _ = try MATLABFile.read(damaged, "test.mat")
    } catch {
      #expect(!error.description.contains("\n"))
    }
  }
}

@Test func hugeSizesAreRefused() {
  let claims = [
    matrix("a", 0x7FFF_FFFF, 0x7FFF_FFFF, [1]), matrix("a", -1, 2, [1]),
    element(
      14,
      element(6, little(1) + little(0)) + element(5, little(30_000) + little(30_000))
        + element(1, [])),
    little(15) + little(4) + [1, 2, 3, 4],
  ]
  for claim in claims {
    #expect(throws: InputError.self) { try MATLABFile.read(header + claim, "test.mat") }
  }
}
