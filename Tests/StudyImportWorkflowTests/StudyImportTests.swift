import Domain
import Foundation
import Pixels
import Studies
import StudyImportWorkflow
import TestSupport
import Testing

@Suite struct StudyImportTests {
  /// Two scenes with two photos each, a broken photo and a text file.
  private func folder(in scratch: Scratch) throws -> String {
    let root = scratch.file("photos")
    for (index, place) in ["A/1.png", "A/2.png", "B/1.png", "B/2.png"].enumerated() {
      let path = "\(root)/\(place)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      var image = RasterImage(widthPixels: 64, heightPixels: 48, red: 90, green: 90, blue: 90)
      image.samples[index] = 200
      try image.write(to: path, as: .png())
    }
    try Data("GIF89a is not a PNG".utf8).write(to: URL(fileURLWithPath: "\(root)/B/broken.png"))
    try Data("a note".utf8).write(to: URL(fileURLWithPath: "\(root)/B/note.txt"))
    return root
  }

  private func names(_ study: StudyStore) throws -> [String] {
    try study.photos().map { "\($0.scene)/\($0.photo)" }
  }

  @Test func oneBadFileStopsNoOther() throws {
    let scratch = try Scratch()
    let root = try folder(in: scratch)
    let study = try StudyStore.create(scratch.file("study"), name: "Import")
    var faults: [String] = []
    let report = try StudyImport.run(
      SceneFolders.list(root), into: study, onFault: { faults.append($0) })
    #expect(report.added == 4 && report.known == 0)
    #expect(report.refused.count == 1 && faults == report.refused)
    #expect(faults.first?.contains("broken.png") == true)
    #expect(report.leftAlone.count == 1)
    // Once more: nothing new.
    let again = try StudyImport.run(SceneFolders.list(root), into: study)
    #expect(again.added == 0 && again.known == 4)
    #expect(try names(study) == ["A/1.png", "A/2.png", "B/1.png", "B/2.png"])
  }

  @Test func theStudyIsTheSameForAnyNumberOfThreads() throws {
    let scratch = try Scratch()
    let root = try folder(in: scratch)
    let studies = try [1, 4].map { threads in
      let study = try StudyStore.create(scratch.file("study-\(threads)"), name: "Import")
      _ = try StudyImport.run(SceneFolders.list(root), into: study, threads: threads)
      return study
    }
    #expect(try names(studies[0]) == names(studies[1]))
    #expect(
      try studies[0].photos().map { $0.facts?.sha256 }
        == studies[1].photos().map { $0.facts?.sha256 })
  }

  @Test func coverageCountsWhatIsThereAndNamesWhatIsMissing() throws {
    let scratch = try Scratch()
    let study = try StudyStore.create(scratch.file("study"), name: "Import")
    var list = try SceneFolders.list(folder(in: scratch))
    for index in list.candidates.indices { list.candidates[index].metadata.skinType = 2 }
    _ = try StudyImport.run(list, into: study)
    let rows = FactorCoverage.table(of: try study.photos()).filter { $0.factor == .skinType }
    #expect(rows.first { $0.value == "2" }?.photos == 4)
    #expect(rows.first { $0.value == "2" }?.scenes == ["A", "B"])
    #expect(rows.filter { $0.standing == .missing }.map(\.value) == ["1", "3", "4", "5", "6"])
    // Without a backbone the choice rests on what is known of the scenes.
    let selection = try SceneSelection(study, count: 1, backbone: nil)
    #expect(selection.choices.count == 1 && selection.choices[0].represents == ["A", "B"])
  }
}
