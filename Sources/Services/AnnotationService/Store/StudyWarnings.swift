import Foundation
import Studies

extension AnnotationStudy {
  /// What whoever starts the server should know of the study: targets that can't be reached, and
  /// too few pairs with a known answer.
  ///
  /// - Returns: one line each.
  /// - Throws: what the database throws.
  public func warnings() async throws -> [String] {
    let tasks = try await coverage().filter { $0.state == .open && $0.photos >= 2 }
    var lines: [String] = []
    let few = tasks.filter { $0.checks < 5 }
    if settings.goldenShare > 0, let first = few.first {
      lines.append(
        "\(few.count) of \(tasks.count) tasks have fewer than five known pairs that check observers,"
          + " such as \(first.name) \(first.attribute) (\(first.checks)); list some in golden.csv")
    }
    let people = try await observerCount()
    let impossible = tasks.filter {
      !TaskFeasibility(photos: $0.photos, observers: people, target: $0.target).isPossible
    }
    if people > 0, let first = impossible.first {
      let can = TaskFeasibility(photos: first.photos, observers: people, target: first.target)
      lines.append(
        "\(people) observers can give \(can.possible) votes on the \(can.pairs) pairs of "
          + "\(first.name) \(first.attribute), fewer than its target of \(can.target); "
          + "invite more, or lower the target to \(can.proposed)")
    }
    return lines
  }
}
