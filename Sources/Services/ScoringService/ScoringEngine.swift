import Dispatch
public import Domain
import Foundation
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

/// The one owner of a model: photos wait in line for it, and no more than a limit.
final class ScoringEngine: Sendable {
  /// The model's thread.
  private actor Owner {
    /// A thread of the model's own, so that a photo holds up no connection.
    private final class Lane: SerialExecutor {
      private let queue = DispatchQueue(label: "vernier.scoring")

      func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
      }
    }

    private let lane = Lane()
    nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }
    private var scorer: (any PhotoScorer)?

    func load(_ make: @escaping @Sendable () throws -> any PhotoScorer) throws -> LoadedModel {
      let scorer = try make()
      self.scorer = scorer
      return LoadedModel(
        name: scorer.name, sha256: try scorer.modelSHA256, attribute: scorer.attribute,
        unit: scorer.unit, hasMap: (try? scorer.check(scene: nil, wantsMap: true)) != nil)
    }

    func score(_ task: ScoringTask) throws -> ScoringResult {
      guard let scorer else { throw ScoringRefusal.late }
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

  /// The model.
  let model: LoadedModel
  /// How many photos may wait or be scored at a time.
  let limit: Int
  private let owner: Owner
  // Not `Mutex`: Swift 6.3 inlines it into asynchronous code, where it takes one thread for another
  // after a suspension.
  private let waiting = NIOLockedValueBox(0)

  private init(_ owner: Owner, _ model: LoadedModel, limit: Int) {
    (self.owner, self.model, self.limit) = (owner, model, limit)
  }

  /// Loads a model on its thread.
  ///
  /// - Parameters:
  ///   - limit: How many photos may wait or be scored at a time.
  ///   - make: Loads the model.
  /// - Returns: The model's owner.
  /// - Throws: What loading throws.
  static func load(
    limit: Int, _ make: @escaping @Sendable () throws -> any PhotoScorer
  ) async throws -> ScoringEngine {
    let owner = Owner()
    let model = try await owner.load(make)
    return ScoringEngine(owner, model, limit: limit)
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
    let owner = owner
    let work = Task {
      defer { waiting.withLockedValue { $0 -= 1 } }
      return try await owner.score(task)
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
