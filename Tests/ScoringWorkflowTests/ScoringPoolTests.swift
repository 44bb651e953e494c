import Domain
import Files
import Pixels
import Preparation
import Scoring
import ScoringWorkflow
import Synchronization
import Testing

/// What several copies of a model do at the same time.
private final class Meeting: Sendable {
  private struct State {
    var busy = 0
    var most = 0
    var made = 0
  }

  private let state = Mutex(State())

  var most: Int { state.withLock { $0.most } }
  var made: Int { state.withLock { $0.made } }

  func make() { state.withLock { $0.made += 1 } }

  func enter() {
    state.withLock {
      $0.busy += 1
      $0.most = max($0.most, $0.busy)
    }
  }

  func leave() { state.withLock { $0.busy -= 1 } }
}

/// A scorer that is held once for each processor, or once at all.
private struct CopiedScorer: PhotoScorer {
  let isSmall: Bool
  let meeting: Meeting
  var name: String { "copied" }
  var attribute: Attribute { .details }
  var settings: [String: SettingValue] { [:] }
  var modelSHA256: String? { nil }
  var decoding: DecodingOptions { DecodingOptions() }
  var unit: ScoreUnit? { nil }

  func check(scene: String?, wantsMap: Bool) throws {}

  func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?) {
    meeting.enter()
    defer { meeting.leave() }
    guard request.photo != "broken" else {
      throw InputError("broken", "there is no face", remedy: "give another photo")
    }
    let score = PhotoScore(
      photo: request.photo, model: name, attribute: attribute, score: Double(request.photo.count))
    return (score, nil)
  }
}

struct ScoringPoolTests {
  private func pool(
    isSmall: Bool, processors: Int, photos: Int = .max, _ meeting: Meeting = Meeting()
  ) async throws -> ScoringPool {
    try await ScoringPool.load(processors: processors, photos: photos) {
      meeting.make()
      return CopiedScorer(isSmall: isSmall, meeting: meeting)
    }
  }

  @Test func aSmallModelIsHeldOncePerProcessor() async throws {
    let meeting = Meeting()
    #expect(try await pool(isSmall: true, processors: 3, meeting).width == 3)
    #expect(meeting.made == 3)
    #expect(try await pool(isSmall: true, processors: 3, photos: 2).width == 2)
    #expect(try await pool(isSmall: true, processors: 3, photos: 0).width == 1)
    #expect(try await pool(isSmall: false, processors: 3).width == 1)
  }

  @Test(arguments: [1, 2, 4]) func eventsComeInTheOrderOfThePhotos(processors: Int) async throws {
    let meeting = Meeting()
    let photos = (0..<200).map { $0 % 7 == 3 ? "broken" : String(repeating: "x", count: $0 + 1) }
    let job = try await ScoringJob(
      pool: pool(isSmall: true, processors: processors, meeting),
      requests: photos.map { PhotoRequest(photo: $0) }, region: .full, maps: nil, result: nil)
    // The photos don't exist: every score fails after its copy has looked at it, but in order.
    var seen: [String] = []
    let outcome = try await job.run { event in
      switch event {
      case .failed(let photo, _): seen.append(photo)
      case .scored(let score), .known(let score): seen.append(score.photo)
      }
    }
    #expect(seen == photos)
    #expect(outcome.records.count == photos.count)
    #expect(meeting.most <= processors)
  }

  @Test func whatAReportThrowsEndsTheJob() async throws {
    struct Stop: Error {}
    let job = try await ScoringJob(
      pool: pool(isSmall: true, processors: 2),
      requests: (0..<50).map { PhotoRequest(photo: "\($0)") }, region: .full, maps: nil,
      result: nil)
    var count = 0
    await #expect(throws: Stop.self) {
      _ = try await job.run { _ in
        count += 1
        if count == 5 { throw Stop() }
      }
    }
    #expect(count == 5)
  }

  @Test func eachAskerHasOneCopyToItself() async throws {
    let meeting = Meeting()
    let pool = try await pool(isSmall: true, processors: 2, meeting)
    let answers = try await withThrowingTaskGroup(of: Double.self) { group in
      for length in 1...100 {
        group.addTask {
          try await pool.withScorer {
            try $0.score(
              PhotoRequest(photo: String(repeating: "x", count: length)), region: .full,
              wantsMap: false
            ).score.score
          }
        }
      }
      var answers: [Double] = []
      for try await answer in group { answers.append(answer) }
      return answers
    }
    #expect(answers.sorted() == (1...100).map(Double.init))
    #expect(meeting.most <= 2)
  }
}
