import Domain
import Files
import Foundation
import Testing

@Suite struct VotesCommandTests {
  @Test func pwcmpsTableBecomesAScaleAndGoesBack() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<12).map { "\($0),Window,x,y,\($0 < 8 ? 1 : 0)" }
    try ("observer,scene,condition_A,condition_B,is_A_selected\n" + rows.joined(separator: "\n"))
      .write(toFile: "\(folder)/pwcmp.csv", atomically: true, encoding: .utf8)
    let read = try Program.run(
      ["votes", "import", "pwcmp.csv", "--format", "pwcmp", "--out", "votes.csv"], in: folder)
    #expect(read.status == 0 && read.messages.contains("12 votes: votes.csv"), "\(read.messages)")
    let scaled = try Program.run(
      ["scale", "--votes", "votes.csv", "--out", "s", "--bootstrap", "50"], in: folder)
    #expect(scaled.status == 0, "\(scaled.messages)")
    let scores = try ScoresFile.read("\(folder)/s/Scores_Overall.csv")[0].photos
    #expect(scores[0].score > scores[1].score)
    let written = try Program.run(
      ["votes", "export", "votes.csv", "--format", "asap", "--out", "m.csv", "--names", "n.txt"],
      in: folder)
    #expect(written.status == 0, "\(written.messages)")
    #expect(try String(contentsOfFile: "\(folder)/m.csv", encoding: .utf8) == "0,8\n4,0\n")
    #expect(try String(contentsOfFile: "\(folder)/n.txt", encoding: .utf8) == "x\ny\n")
  }

  @Test func aMappedTableAndItsErrors() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "worker,left,right,answer\nw,p,q,1\n"
      .write(toFile: "\(folder)/t.csv", atomically: true, encoding: .utf8)
    let arguments = [
      "votes", "import", "t.csv", "--format", "columns", "--out", "v.csv", "--map",
      "observer=worker,image_a=left,image_b=right,choice=answer",
    ]
    let unclear = try Program.run(arguments, in: folder)
    #expect(unclear.status == 1)
    #expect(
      unclear.messages.contains("row 2, column answer") && unclear.messages.contains("--choices"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/v.csv"))
    let read = try Program.run(arguments + ["--choices", "1=a,0=b"], in: folder)
    #expect(read.status == 0, "\(read.messages)")
    #expect(try VotesFile.read("\(folder)/v.csv").map(\.choice) == [.a])
  }

  @Test func rowsSentTwiceAreSaidOnce() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<10).map {
      "o\($0),S,details,\($0 % 2 == 0 ? "x;y;a" : "y;x;b")".replacing(";", with: ",") + ",\($0)00"
    }
    try
      ("observer,scene,attribute,image_a,image_b,choice,response_ms\n"
      + (rows + rows[0..<3]).joined(separator: "\n"))
      .write(toFile: "\(folder)/v.csv", atomically: true, encoding: .utf8)
    for command in [
      ["scale", "--votes", "v.csv", "--out", "s", "--bootstrap", "20"],
      ["contrast", "--votes", "v.csv", "--bootstrap", "20"], ["screen", "--votes", "v.csv"],
      ["next-pairs", "--votes", "v.csv", "--batch", "1"],
      ["plan", "--votes", "v.csv", "--width", "1"],
      ["extend", "--old", "v.csv", "--new", "v.csv"],
    ] {
      let run = try Program.run(command, in: folder)
      let remarks = run.messages.split(separator: "\n").filter {
        $0.contains("repeat an earlier row")
      }
      #expect(remarks.count == (command[0] == "extend" ? 2 : 1), "\(command[0]): \(run.messages)")
      #expect(
        remarks.first?.contains("3 rows repeat an earlier row exactly, the first is row 12") == true
      )
    }
  }
}
