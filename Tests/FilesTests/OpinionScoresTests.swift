import Domain
import Files
import TestSupport
import Testing

@Suite struct OpinionScoresTests {
  @Test func aPlainRatingFileIsOneScene() throws {
    let scratch = try Scratch()
    let path = try scratch.write("IMAGE,MOS\nss03 (1).jpg,0.84\nb.jpg,0.2\n")
    #expect(OpinionScoresFile.isOpinionScores(try CSVTable(path: path)))
    let (attribute, photos) = try OpinionScoresFile.read(path)
    #expect(attribute == .overall)
    #expect(photos.map(\.photo) == ["ss03 (1).jpg", "b.jpg"])
    #expect(photos.map(\.scene) == ["all", "all"])
    #expect(photos.map(\.score) == [0.84, 0.2])
    #expect(photos[0].interval.low == photos[0].interval.high)
  }

  @Test func scenesAndDeviationsAreRead() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "MOS STD,IMAGE,SCENE,MOS,ATTRIBUTE\n0.5,a.jpg,S,3,details\n0,a.jpg,T,4,details\n")
    let (attribute, photos) = try OpinionScoresFile.read(path)
    #expect(attribute == .details)
    #expect(photos.map(\.scene) == ["S", "T"])
    // 3 − 1.96 · 0.5.
    #expect(abs(photos[0].interval.low - 2.02) < 1e-12)
  }

  @Test(arguments: [
    ("IMAGE,MOS\na.jpg,1\na.jpg,2\n", "row 3, column IMAGE"),
    ("IMAGE,MOS\na.jpg,good\n", "row 2, column MOS"),
    ("IMAGE,MOS,MOS STD\na.jpg,1,-1\n", "row 2, column MOS STD"),
    ("IMAGE,MOS,ATTRIBUTE\na.jpg,1,details\nb.jpg,1,exposure\n", "row 3, column ATTRIBUTE"),
    ("IMAGE,MOS\n", "holds no scores"),
  ])
  func badRowsAreNamed(text: String, part: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(text)
    #expect(message { _ = try OpinionScoresFile.read(path) }?.contains(part) == true)
  }

  @Test func scalesOfComparisonsAreNoOpinionScores() throws {
    let scratch = try Scratch()
    let path = try scratch.write("IMAGE,JOD,MOS\na.jpg,1,1\n")
    #expect(!OpinionScoresFile.isOpinionScores(try CSVTable(path: path)))
  }
}
