import Domain
import Files
import TestSupport
import Testing

@Suite struct SpreadsheetTables {
  private func cells(_ text: String) throws -> [[String]] {
    let table = try table(text)
    let columns = try table.columns(table.columns)
    return [table.columns] + table.rows.map { row in columns.map { row.rawText($0) } }
  }

  @Test(arguments: [
    "a;b\n1;2\n", "a\tb\n1\t2\n", "sep=;\na;b\n1;2\n", "sep=,\r\na,b\r\n1,2\r\n",
    "\u{FEFF}sep=\t\na\tb\n1\t2\n", "\"sep=;\"\na;b\n1;2\n", "SEP=|\na|b\n1|2\n",
    "a,b,,\n1,2,,\n", "a,b\n1,2,,\n", "a,b,,\n1,2\n", "a;b;;\n1;2;;\n",
    "a,b\n\n,\n1,2\n,\n , \n,,,\n", ",,\na,b,\n1,2,\n",
    "a , b\n 1,2 \n", "a, \"b\" \n\"1\" ,2\u{A0}\n", "a,\tb\n1,\t2\n",
  ])
  func areReadAsTheyAreMeant(text: String) throws {
    #expect(try cells(text) == [["a", "b"], ["1", "2"]])
  }

  @Test(arguments: [
    // A comma-separated file stays one, whatever stands in its fields.
    ("a,b\n\"x;y\",2\n", [["a", "b"], ["x;y", "2"]]),
    ("a,b\nx;y,2\n", [["a", "b"], ["x;y", "2"]]),
    ("\"a;c\",b\n1,2\n", [["a;c", "b"], ["1", "2"]]),
    ("\"a;c;d;e\",b\n1;2;3;4,5\n", [["a;c;d;e", "b"], ["1;2;3;4", "5"]]),
    ("a\nx;y\n", [["a"], ["x;y"]]),
    ("a\nx\ty\n", [["a"], ["x\ty"]]),
    // The same for other separators.
    ("\"a,c\";b\n1;2\n", [["a,c", "b"], ["1", "2"]]),
    ("a;b\n1,5;\"x;y\"\n", [["a", "b"], ["1,5", "x;y"]]),
    ("a\tb\n x ;\t1,5\n", [["a", "b"], ["x ;", "1,5"]]),
    // Where names hold another separator, the next row decides.
    ("score, JOD;b\n1,2;2\n", [["score", "JOD;b"], ["1", "2;2"]]),
    ("score, JOD;b\n1;2\n", [["score, JOD", "b"], ["1", "2"]]),
    // One column without a name, as pandas writes its index, stays.
    (",a\n0,x\n", [["", "a"], ["0", "x"]]),
    // Quotes keep spaces.
    ("a,b\n\" 1 \",2\n", [["a", "b"], [" 1 ", "2"]]),
  ])
  func areNotMistaken(text: String, expected: [[String]]) throws {
    #expect(try cells(text) == expected)
  }

  @Test(arguments: [
    ("a,,\n1,2,3\n", "t.csv: has several columns without a name"),
    (",,\n", "t.csv: is empty"), ("sep=;\n", "t.csv: is empty"),
    ("\"\",\"\"\n", "t.csv: has no named column"),
    ("sep=:\na:b\n", "t.csv, row 1: the line sep= names a separator that is not read"),
    ("a;b\n1\n", "t.csv, row 2, column b: is missing"),
    ("a;b\n1;2;3\n", "t.csv, row 2, column b: 1 more fields follow than the header has; put a"),
    ("a,b\n1,2,,3\n", "t.csv, row 2, column b: 2 more fields follow"),
  ])
  func whatIsDoubtfulIsRefused(text: String, expected: String) {
    #expect(message { _ = try table(text) }?.hasPrefix(expected) == true)
  }

  @Test func rowNumbersCountEveryLine() throws {
    #expect(try table("sep=;\na;b\n;\n1;2\n;\n3;4\n").rows.map(\.number) == [4, 6])
  }

  @Test(arguments: [
    ("n;m\n0,5;x\n", [0.5]), ("n;m\n1,234;x\n", [1.234]), ("n;m\n-1,5e-3;x\n7;y\n", [-0.0015, 7]),
    ("n;m\n1.5;x\n", [1.5]), ("n\tm\n0,5\tx\n1,234\ty\n", [0.5, 1.234]),
    ("n\tm\n1,25\tx\n", [1.25]), ("n\tm\n1.5\t2,3,4\n", [1.5]),
    // A text column may hold anything.
    ("n;m\n0,5;1,2,3\n", [0.5]),
  ])
  func decimalCommasAreRead(text: String, expected: [Double]) throws {
    let table = try table(text)
    let column = try table.column("n")
    #expect(try table.rows.map { try $0.number(column) } == expected)
  }

  @Test(arguments: [
    // May be 1234 or 1.234.
    "n\tm\n1,234\tx\n", "n\tm\n1,234\tx\n1.5\ty\n",
    "n;m\n1,5;x\n1.5;y\n",
    "n;m\n1.234;0,5\n", "n;m\n1.234,5;x\n", "n\tm\n1,234,567\tx\n",
  ])
  func unclearMarksAreRefused(text: String) throws {
    let table = try table(text)
    let column = try table.column("n")
    let error = message { for row in table.rows { _ = try row.number(column) } }
    #expect(error?.contains("may be decimal or stand between thousands") == true)
  }

  /// A table in any dialect is the table that was meant: separators, `sep=` line, empty rows and
  /// columns, spaces.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func anyDialectComesBack(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let width = Int.random(in: 2...5, using: &dice)
    let columns = (0..<width).map { "\($0)" + dice.text() }
    let rows = (0..<10).map { _ in (0..<width).map { _ in dice.text() } }
    let separator = [",", ";", "\t"].randomElement(using: &dice) ?? ","
    let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &dice) ?? "\n"
    let hasLine = Bool.random(using: &dice)
    let emptyColumns = Int.random(in: 0...2, using: &dice)
    func spelled(_ field: String, _ dice: inout Dice) -> String {
      let special = field.unicodeScalars.contains {
        [",", ";", "\t", "\"", "\n", "\r", " ", "\u{FEFF}", "\u{A0}"].contains($0)
      }
      let text =
        special || field.isEmpty ? "\"" + doubled(field) + "\"" : field
      return Bool.random(using: &dice) ? text : " \(text) "
    }
    var text =
      (Bool.random(using: &dice) ? "\u{FEFF}" : "") + (hasLine ? "sep=\(separator)\(lineEnd)" : "")
    for row in [columns] + rows {
      while Int.random(in: 0..<4, using: &dice) == 0 {
        text += [separator, "", " \(separator) "].randomElement(using: &dice) ?? ""
        text += lineEnd
      }
      text += row.map { spelled($0, &dice) }.joined(separator: separator)
      text += String(repeating: separator, count: emptyColumns) + lineEnd
    }
    let table = try CSVTable(bytes: Array(text.utf8), file: "t.csv")
    #expect(table.columns.map { Array($0.utf8) } == columns.map { Array($0.utf8) })
    let found = try table.columns(columns)
    let texts = table.rows.map { row in found.map { Array(row.rawText($0).utf8) } }
    #expect(texts == rows.map { $0.map { Array($0.utf8) } })
  }

  /// A text with its quotes doubled; bytes, because a combining mark would hide one.
  private func doubled(_ text: String) -> String {
    let quote = UInt8(ascii: "\"")
    return String(
      decoding: text.utf8.flatMap { $0 == quote ? [$0, $0] : [$0] }, as: UTF8.self)
  }

  /// Numbers with decimal commas are the same numbers.
  @Test func numbersWithDecimalCommasComeBackBitForBit() throws {
    var dice = Dice(state: 3)
    let numbers = [0.5, 0.123] + (0..<5000).map { _ in dice.double() }
    for separator in [";", "\t"] {
      let rows = numbers.map { "\($0)".replacing(".", with: ",") + separator + "x" }
      let table = try table("n\(separator)m\n" + rows.joined(separator: "\n"))
      let column = try table.column("n")
      #expect(
        try table.rows.map { try $0.number(column).bitPattern } == numbers.map(\.bitPattern))
    }
  }
}

@Suite struct RepeatedVotes {
  private static let head = "observer,scene,attribute,image_a,image_b,choice"

  private func remarks(_ text: String) throws -> [String] {
    let scratch = try Scratch()
    let path = try scratch.write(text)
    let heard = Heard()
    _ = try VotesFile.read(path, observer: heard.observer)
    return heard.texts
  }

  @Test func rowsWithTimesAreCounted() throws {
    let rows = ["o,S,x,1,2,a,900", "o,S,x,1,2,a,901", "p,S,x,1,2,a,900"]
    let head = Self.head + ",response_ms\n"
    #expect(try remarks(head + rows.joined(separator: "\n")).isEmpty)
    let told = try remarks(head + (rows + rows[0...1] + [rows[0]]).joined(separator: "\n"))
    #expect(told.count == 1)
    #expect(told[0].contains("3 rows repeat an earlier row exactly, the first is row 5"))
  }

  @Test func answersThatAnObserverGaveTwiceAreNone() throws {
    let rows = ["o,S,x,1,2,a", "o,S,x,1,2,a", "o,S,x,2,3,a", "o,S,x,1,2,a", "o,S,x,1,2,a"]
    #expect(try remarks(Self.head + "\n" + rows.joined(separator: "\n")).isEmpty)
  }

  @Test func aFileSentTwiceIsNoticedWithoutTimes() throws {
    let rows = (0..<40).map { "o\($0 % 7),S,x,\($0),\($0 + 1),a" }
    let text = Self.head + "\n" + (rows + rows[10..<30]).joined(separator: "\n")
    let told = try remarks(text)
    #expect(told.count == 1)
    #expect(told[0].contains("20 rows repeat an earlier row exactly, the first is row 42"))
  }

  @Test func namesWithSpacesAtTheEndAreTheSameNames() throws {
    let votes = try VotesFile.read(table(Self.head + "\no ,S,details, 1.jpg,2.jpg ,a \n"))
    #expect(
      votes == [
        Judgement(
          observer: "o", scene: "S", attribute: .details, photoA: "1.jpg", photoB: "2.jpg",
          choice: .a)
      ])
  }
}
