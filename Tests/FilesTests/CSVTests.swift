import Domain
import Files
import Foundation
import TestSupport
import Testing

@Suite struct CSVReading {
  private func cells(_ text: String) throws -> [[String]] {
    let table = try table(text)
    let columns = try table.columns(table.columns)
    return table.rows.map { row in columns.map { row.rawText($0) } }
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["1", "2"]]),
    ("a,b\r1,2\r", [["1", "2"]]),
    ("a,b\n1,2", [["1", "2"]]),
    ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
    ("\n\na,b\n\n1,2\n\n", [["1", "2"]]),
    ("a,b\n,\n", []),
    ("a,b\n\"\",\n", [["", ""]]),
    ("a,b\n1,", [["1", ""]]),
    ("a\n\"\"\n", [[""]]),
    ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["x,y", "say \"hi\""]]),
    ("a,b\n\"one\r\ntwo\",3\n", [["one\r\ntwo", "3"]]),
    ("a,b\n", []),
  ])
  func understandsRFC4180(text: String, expected: [[String]]) throws {
    #expect(try cells(text) == expected)
  }

  @Test func rowNumbersAreLines() throws {
    let table = try table("a,b\n\"one\ntwo\",1\n\nx,2\r\n\"\r\n\r\n\",3\ny,4\n")
    #expect(table.rows.map(\.number) == [2, 5, 6, 9])
  }

  @Test(arguments: [
    ("", "t.csv: is empty; give a CSV file with a header row"),
    ("\n\n", "t.csv: is empty; give a CSV file with a header row"),
    (
      "a,b\n1,2\n3\n",
      "t.csv, row 3, column b: is missing: the row has 1 of 2 fields; add the missing field or its comma"
    ),
    (
      "a,b\n1,2,3,4\n",
      "t.csv, row 2, column b: 2 more fields follow than the header has; "
        + "put a field that holds a comma in quotes"
    ),
    (
      "a,b\n1,\"2\n3,4\n",
      "t.csv, row 2, column b: a quoted field has no end; add the closing quote"
    ),
    (
      "a,b\n\"1\"x,2\n",
      "t.csv, row 2, column a: text follows the closing quote; double the quotes inside a quoted field"
    ),
    (
      "a,b\n1,5\" screen\n",
      "t.csv, row 2, column b: a quote stands inside a field that does not start with one; "
        + "put the whole field in quotes and double the quotes inside"
    ),
    (
      "a,b\n1,\u{0}\n",
      "t.csv, row 2, column b: holds a NUL byte, so this is not UTF-8 text; save the file as CSV in UTF-8"
    ),
    ("a,b,a\n", "t.csv: has two columns named \"a\"; rename or remove one"),
  ])
  func refusesWhatIsDoubtful(text: String, expected: String) {
    #expect(message { _ = try table(text) } == expected)
  }

  @Test func refusesOtherEncodings() {
    let latin1: [UInt8] = Array("scene,n\nok,1\ncaf".utf8) + [0xE9] + Array(",2\n".utf8)
    #expect(
      message { _ = try CSVTable(bytes: latin1, file: "t.csv") }
        == "t.csv, row 3, column scene: is not UTF-8 text; save the file as CSV in UTF-8")
    let utf16: [UInt8] = [0xFF, 0xFE] + "a,b\n".utf8.flatMap { [$0, 0] }
    #expect(message { _ = try CSVTable(bytes: utf16, file: "t.csv") } != nil)
  }

  @Test func namesMissingColumns() throws {
    let table = try table("scene,image,note\n")
    #expect(
      message { _ = try table.columns(["scene", "quality", "attribute"]) }
        == "t.csv: lacks the columns quality, attribute (it has: \"scene, image, note\"); "
        + "name the columns in the first row exactly so")
    let bars = try FilesTests.table("scene|image\n")
    #expect(
      message { _ = try bars.columns(["scene", "image"]) }?
        .contains("commas, semicolons or tabs") == true)
  }

  @Test(arguments: [
    "nan", "inf", "-Infinity", "1e999", "0x1p3", "1,5", "", "--1", "1 2", "e", "٣", "1.5x",
  ])
  func refusesWhatIsNoNumber(text: String) throws {
    let table = try table("n\n\"\(text)\"\n")
    let column = try table.column("n")
    let error = message { _ = try table.rows[0].number(column) }
    #expect(error?.hasPrefix("t.csv, row 2, column n: ") == true)
  }

  @Test func wholeNumbers() throws {
    let table = try table("n\n86.0\n-1.0\n2.5\n1e300\n\n\"\"\n")
    let column = try table.column("n")
    #expect(try table.rows[0].integer(column, in: 0...100) == 86)
    #expect(try table.rows[1].optionalInteger(column, in: -1...100) == -1)
    #expect(
      message { _ = try table.rows[1].integer(column, in: 0...100) }?.contains("at least 0") == true
    )
    #expect(message { _ = try table.rows[2].integer(column, in: 0...100) } != nil)
    #expect(message { _ = try table.rows[3].integer(column, in: 0...100) } != nil)
    #expect(try table.rows[4].optionalInteger(column, in: 0...100) == nil)
  }

  /// Any table of any text comes back as it was, whatever the line ends.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func randomTablesComeBack(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let width = Int.random(in: 1...5, using: &dice)
    let columns = (0..<width).map { "\($0)" + dice.text() }
    let rows = (0..<20).map { _ in (0..<width).map { _ in dice.text() } }
    for lineEnd in [CSVWriter.LineEnd.lineFeed, .carriageReturnLineFeed] {
      var writer = CSVWriter(columns: columns, lineEnd: lineEnd)
      for row in rows { writer.append(row) }
      let table = try CSVTable(bytes: writer.bytes, file: "t.csv")
      #expect(table.columns.map { Array($0.utf8) } == columns.map { Array($0.utf8) })
      let found = try table.columns(columns)
      let texts = table.rows.map { row in found.map { Array(row.rawText($0).utf8) } }
      #expect(texts == rows.map { $0.map { Array($0.utf8) } })
    }
  }

  /// Any finite number comes back with the same bits.
  @Test func numbersComeBackBitForBit() throws {
    var dice = Dice(state: 7)
    let special = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1 / 3, 1.4826]
    let numbers = special + (0..<20_000).map { _ in dice.double() }
    var writer = CSVWriter(columns: ["n"])
    for number in numbers { writer.append([CSVWriter.text(number)]) }
    let table = try CSVTable(bytes: writer.bytes, file: "t.csv")
    let column = try table.column("n")
    let read = try table.rows.map { try $0.number(column).bitPattern }
    #expect(read == numbers.map(\.bitPattern))
    #expect(CSVWriter.text(.nan).isEmpty && CSVWriter.text(.infinity).isEmpty)
  }

  /// Whatever the bytes, the reader answers with a table or an error, and never traps.
  @Test func survivesRandomBytes() {
    var dice = Dice(state: 11)
    let signs: [UInt8] = Array("a,\"\n\r;1".utf8) + [0, 0xC3, 0xA9, 0xFF, 0xEF, 0xBB, 0xBF]
    var tables = 0
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &dice)).map { _ in
        signs[Int.random(in: 0..<signs.count, using: &dice)]
      }
      if let table = try? CSVTable(bytes: bytes, file: "t.csv") {
        tables += 1
        for row in table.rows {
          for name in table.columns { _ = table.column(ifPresent: name).map(row.rawText) }
        }
      }
    }
    #expect(tables > 100)
  }

  @Test func hundredThousandVotesComeBackAsTheyWere() throws {
    let scratch = try Scratch()
    let votes = (0..<100_000).map { index in
      Judgement(
        observer: ObserverID("observer-\(index % 30)"), scene: "Indoor_Scene_12",
        attribute: .details,
        photoA: PhotoID("\(index % 125)_Indoor_Scene_12.jpg"), photoB: "last_Indoor_Scene_12.jpg",
        choice: index % 3 == 0 ? .a : .b, responseMilliseconds: Double(index) / 7)
    }
    try VotesFile.write(votes, to: scratch.file("votes.csv"))
    let read = try VotesFile.read(scratch.file("votes.csv"))
    #expect(read == votes)
  }
}
