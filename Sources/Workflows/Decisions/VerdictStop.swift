import Decision
public import Domain
import Files
import Foundation
public import ScalingWorkflow

/// Says when a study may stop: when the sequential verdict of a plan is in.
public struct VerdictStop: Sendable {
  private let plan: VerdictPlan
  private let run: VerdictRun
  private let votes: String

  /// Reads a plan.
  ///
  /// - Parameters:
  ///   - path: the plan; it must be sequential, for every look at the votes is one more chance to
  ///     be wrong.
  ///   - study: the study's folder, which says what is compared.
  ///   - scaling: how votes become scales.
  /// - Throws: `InputError` for a plan that can't be used.
  public init(plan path: String, study: String, scaling: ScalingPlan = ScalingPlan()) throws {
    plan = try VerdictPlan.read(path)
    guard let baseline = plan.baseline, let candidate = plan.candidate else {
      throw InputError(
        path, "does not say what is compared", remedy: "add \"baseline\" and \"candidate\"")
    }
    guard plan.sequential == true else {
      throw InputError(
        path, "is not sequential, and a study that stops by its votes looks many times",
        remedy: "add \"sequential\": true")
    }
    votes =
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "vernier-\(UUID().uuidString).csv"
      ).path
    var run = VerdictRun(
      groups: .study(study, by: nil), baseline: baseline, candidate: candidate,
      source: .votes(votes, scaling))
    run.attributes = plan.attributes
    run.settings = plan.settings(run.settings)
    try run.settings.validate()
    try run.check()
    self.run = run
  }

  /// Judges the votes so far.
  ///
  /// - Parameter judgements: the votes so far.
  /// - Returns: the verdict in a sentence; nil while it is open.
  /// - Throws: an error when the votes can't be written to a file for a moment.
  public func reason(_ judgements: [Judgement]) throws -> String? {
    guard !judgements.isEmpty else { return nil }
    try VotesFile.write(judgements, to: votes)
    defer { try? FileManager.default.removeItem(atPath: votes) }
    do {
      let verdict = try run.run().verdict
      return verdict.outcome == .inconclusive ? nil : verdict.sentence
    } catch is InputError {
      // Early votes may be about one side or one attribute only.
      return nil
    }
  }
}
