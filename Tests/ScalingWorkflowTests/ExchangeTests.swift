import Domain
import Files
import ScalingWorkflow
import TestSupport
import Testing

@Suite struct ExchangeTests {
  private let scratch: Scratch
  private let votes: [Judgement]

  init() throws {
    scratch = try Scratch()
    votes = [("p", "q", Choice.a), ("q", "r", .b), ("p", "r", .tie)].map { a, b, choice in
      Judgement(
        observer: "o", scene: "S", attribute: .overall, photoA: PhotoID(a), photoB: PhotoID(b),
        choice: choice)
    }
    try VotesFile.write(votes, to: scratch.file("votes.csv"))
  }

  @Test(arguments: [OpinionFormat.arena, .sureal, .columns])
  func formatsWithTiesComeBack(format: OpinionFormat) throws {
    let count = try VoteExport(scratch.file("votes.csv"), format: format).run(to: scratch.file("x"))
    #expect(count == 3)
    let outcome = try OpinionImport(scratch.file("x"), format: format).run(
      to: scratch.file("v.csv"))
    #expect(outcome.votes == 3 && outcome.ratings == 0)
    #expect(Set(try VotesFile.read(scratch.file("v.csv"))) == Set(votes))
    #expect(scratch.names.contains("v.csv.provenance.json"))
  }

  @Test(arguments: [OpinionFormat.pwcmp, .asap])
  func formatsWithoutTiesComeBackWithoutThem(format: OpinionFormat) throws {
    var export = VoteExport(scratch.file("votes.csv"), format: format)
    #expect(message { _ = try export.run(to: scratch.file("x")) }?.contains("hold ties") == true)
    export.leavesTiesOut = true
    export.names = scratch.file("names.txt")
    #expect(try export.run(to: scratch.file("x")) == 2)
    var settings = ImportSettings()
    settings.scene = "S"
    let isMatrix = format == .asap
    let again = OpinionImport(
      scratch.file("x"), format: format, settings: settings,
      names: isMatrix ? scratch.file("names.txt") : nil)
    #expect(try again.run(to: scratch.file("v.csv")).votes == 2)
    let read = try VotesFile.read(scratch.file("v.csv"))
    #expect(read.map(\.photoA) == ["p", "q"] && read.map(\.choice) == [.a, .b])
    #expect(read.allSatisfy { $0.observer == (isMatrix ? "unknown" : "o") })
  }

  @Test func ratingsBecomeRatingsAndMeans() throws {
    let path = try scratch.write("5,4\n1,2\n", to: "p910.csv")
    let outcome = try OpinionImport(path, format: .p910)
      .run(to: scratch.file("ratings.csv"), means: scratch.file("mos.csv"))
    #expect(outcome.ratings == 4 && outcome.votes == 0)
    #expect(try RatingsFile.read(scratch.file("ratings.csv")).count == 4)
    #expect(try OpinionScoresFile.read(scratch.file("mos.csv")).photos.map(\.score) == [4.5, 1.5])
  }

  @Test func votesHaveNoMeansAndRatingFormatsTakeNoVotes() throws {
    let path = scratch.file("votes.csv")
    #expect(
      message {
        _ = try OpinionImport(path, format: .columns)
          .run(to: scratch.file("v.csv"), means: scratch.file("m.csv"))
      }?.contains("no mean opinion scores") == true)
    #expect(
      message { _ = try VoteExport(path, format: .p910).run(to: scratch.file("x")) }?
        .contains("holds ratings, not votes") == true)
    #expect(!scratch.names.contains("v.csv") && !scratch.names.contains("x"))
  }
}
