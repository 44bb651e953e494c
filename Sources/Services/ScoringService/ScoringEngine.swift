public import Domain
import NIOConcurrencyHelpers
import Preparation
import ScoringWorkflow

/// What is known of a loaded model.
public struct LoadedModel: Hashable, Sendable {
  /// The model's name.
  public let name: String
  /// The SHA-256 of its weights; nil for a model without a file.
  public let sha256: String?
  /// The attribute that it was trained on.
  public let attribute: Attribute
  /// The unit of its scores; nil where nobody stated one.
  public let unit: ScoreUnit?
  /// Whether the model scores a photo's parts too.
  public let hasMap: Bool
}

/// One photo that waits to be scored.
struct ScoringTask: Sendable {
  /// The photo's file.
  var photo: String
  /// The scene that it shows, if it is given.
  var scene: String?
  /// What to look at.
  var region = RegionChoice.automatic
  /// When the answer is of no use any more.
  var deadline: ContinuousClock.Instant?
  /// Whether the scores of its parts and its face are wanted too.
  var wantsMap = false
}

/// What is known of one photo.
struct ScoringResult: Sendable {
  /// Its score.
  let score: PhotoScore
  /// The scores of its parts, where they were asked for.
  var map: MapSource?
  /// Its face, where the parts were asked for.
  var face: FaceBox?
}

/// Why a photo was not scored.
enum ScoringRefusal: Error {
  /// As many photos wait as may.
  case full
  /// The deadline passed.
  case late
}

/// Photos wait in line for a model, and no more than a limit.
final class ScoringEngine: Sendable {
  /// The model.
  let model: LoadedModel
  /// How many photos may wait or be scored at a time.
  let limit: Int
  private let pool: ScoringPool
  // Not `Mutex`: Swift 6.3 inlines it into asynchronous code, where it takes one thread for another
  // after a suspension.
  private let waiting = NIOLockedValueBox(0)

  private init(_ pool: ScoringPool, _ model: LoadedModel, limit: Int) {
    (self.pool, self.model, self.limit) = (pool, model, limit)
  }

  /// Stands in front of a model.
  ///
  /// - Parameters:
  ///   - pool: The model.
  ///   - limit: How many photos may wait or be scored at a time.
  /// - Returns: The line before it.
  /// - Throws: What the model throws about itself.
  static func make(_ pool: ScoringPool, limit: Int) async throws -> ScoringEngine {
    let model = try await pool.withScorer { scorer in
      LoadedModel(
        name: scorer.name, sha256: try scorer.modelSHA256, attribute: scorer.attribute,
        unit: scorer.unit, hasMap: (try? scorer.check(scene: nil, wantsMap: true)) != nil)
    }
    return ScoringEngine(pool, model, limit: limit)
  }

  /// How many photos wait or are being scored.
  var count: Int { waiting.withLockedValue { $0 } }

  /// Scores a photo when its turn comes.
  ///
  /// - Throws: `ScoringRefusal` when the line is full or the deadline passes first; what the model
  ///   throws.
  func score(_ task: ScoringTask) async throws -> ScoringResult {
    let isAdmitted = waiting.withLockedValue { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    guard isAdmitted else { throw ScoringRefusal.full }
    let pool = pool
    let work = Task {
      defer { waiting.withLockedValue { $0 -= 1 } }
      return try await pool.withScorer { try Self.score(task, $0) }
    }
    guard let deadline = task.deadline else { return try await work.value }
    // The client hears at its deadline; a photo that is being scored is finished all the same.
    let race = FirstResult()
    let clock = Task {
      try? await Task.sleep(until: deadline, clock: .continuous)
      race.finish(.failure(ScoringRefusal.late))
    }
    Task { race.finish(await work.result) }
    defer { clock.cancel() }
    return try await race.value()
  }
}

extension ScoringEngine {
  /// Scores a photo whose turn has come.
  private static func score(
    _ task: ScoringTask, _ scorer: any PhotoScorer
  ) throws -> ScoringResult {
    if let deadline = task.deadline, ContinuousClock.now >= deadline { throw ScoringRefusal.late }
    try scorer.check(scene: task.scene, wantsMap: task.wantsMap)
    let (score, map) = try scorer.score(
      PhotoRequest(photo: task.photo, scene: task.scene), region: task.region,
      wantsMap: task.wantsMap)
    guard task.wantsMap else { return ScoringResult(score: score) }
    let face = try map?.place.face ?? scorer.face(of: task.photo)
    return ScoringResult(score: score, map: map, face: face)
  }
}

/// The result that comes first.
private final class FirstResult: Sendable {
  private struct State {
    var result: Result<ScoringResult, any Error>?
    var continuation: CheckedContinuation<ScoringResult, any Error>?
  }

  private let state = NIOLockedValueBox(State())

  func finish(_ result: Result<ScoringResult, any Error>) {
    let continuation = state.withLockedValue { state in
      guard state.result == nil else {
        return nil as CheckedContinuation<ScoringResult, any Error>?
      }
      state.result = result
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(with: result)
  }

  func value() async throws -> ScoringResult {
    try await withCheckedThrowingContinuation { continuation in
      let known = state.withLockedValue { state in
        if state.result == nil { state.continuation = continuation }
        return state.result
      }
      if let known { continuation.resume(with: known) }
    }
  }
}
