import Domain
import Files
import Foundation
import Testing

/// The way from published scores alone to an extended scale.
@Suite struct PublishedScaleTests {
  private func truth(_ photos: Range<Int>, to path: String) throws {
    var table = CSVWriter(columns: ["scene", "attribute", "image", "quality"])
    for photo in photos {
      // Photos from 14 on are new; they lie between and beyond the others.
      let quality = photo < 14 ? Double(photo) * 0.5 : Double(photo - 14) * 1.2
      table.append(["S", "details", "\(photo).png", "\(quality)"])
    }
    try table.write(to: path)
  }

  @Test(arguments: ["jod", "piq23"])
  func newPhotosArePlaced(convention: String) throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ arguments: String...) throws -> Program.Outcome {
      let outcome = try Program.run(arguments, in: folder)
      #expect(outcome.status == 0, "\(arguments[0]): \(outcome.messages)")
      return outcome
    }
    try truth(0..<14, to: "\(folder)/old.csv")
    try truth(0..<20, to: "\(folder)/all.csv")
    _ = try run(
      "simulate", "--truth", "old.csv", "--comparisons", "500", "--out", "old-votes.csv")
    _ = try run(
      "scale", "--votes", "old-votes.csv", "--convention", convention, "--bootstrap", "60",
      "--out", "published")
    let published = "published/Scores_Details.csv"
    var list = CSVWriter(columns: ["scene", "image"])
    for photo in 14..<20 { list.append(["S", "\(photo).png"]) }
    try list.write(to: "\(folder)/new.csv")
    // Without a vote, every pair that tells something has a new photo.
    let pairs = try run(
      "next-pairs", "--published", published, "--new-photos", "new.csv", "--batch", "8")
    let rows = try CSVTable(bytes: Array(pairs.output.utf8), file: "pairs")
    let columns = try rows.columns(["image_a", "image_b"])
    #expect(rows.rowCount == 8)
    let new = Set((14..<20).map { "\($0).png" })
    for row in rows.rows {
      #expect(try new.contains(row.text(columns[0])) || new.contains(row.text(columns[1])))
    }
    _ = try run(
      "simulate", "--truth", "all.csv", "--comparisons", "500", "--seed", "2", "--out",
      "new-votes.csv")
    _ = try run(
      "next-pairs", "--published", published, "--votes", "new-votes.csv", "--batch", "4")
    let extended = try run(
      "extend", "--published", published, "--new", "new-votes.csv", "--out", "extended")
    #expect(extended.messages.contains("6 new photos"))
    #expect(extended.messages.contains("one unit is") == (convention == "piq23"))
    #expect(extended.output.split(separator: "\n").count == 15)
    let scales = try ScoresFile.read("\(folder)/extended/Scores_Details.csv")
    #expect(scales.count == 1 && scales[0].photos.count == 20)
    #expect(scales[0].convention.rawValue == convention)
    let scores = Dictionary(
      scales[0].photos.map { ($0.photo.text, $0.score) }
    ) { first, _ in first }
    // 5 steps of 1.2 JOD apart, votes enough for the order.
    #expect((scores["14.png"] ?? 0) < (scores["17.png"] ?? 0))
    #expect((scores["17.png"] ?? 0) < (scores["19.png"] ?? 0))
  }

  @Test func whatCanNotBeExtendedIsSaid() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try truth(0..<14, to: "\(folder)/old.csv")
    for arguments in [
      ["simulate", "--truth", "old.csv", "--comparisons", "200", "--out", "votes.csv"],
      ["scale", "--votes", "votes.csv", "--bootstrap", "0", "--out", "published"],
    ] { #expect(try Program.run(arguments, in: folder).status == 0) }
    let other = """
      observer,scene,attribute,image_a,image_b,choice
      o,T,details,1.png,2.png,a
      """
    try other.write(toFile: "\(folder)/other.csv", atomically: true, encoding: .utf8)
    let refused = try Program.run(
      [
        "extend", "--published", "published/Scores_Details.csv", "--new", "other.csv", "--out",
        "extended",
      ], in: folder)
    #expect(refused.status == 1 && refused.messages.contains("it has no published scores"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/extended/Scores_Details.csv"))
    let usage = try Program.run(["extend", "--new", "votes.csv"], in: folder)
    #expect(usage.status == 64)
  }
}
