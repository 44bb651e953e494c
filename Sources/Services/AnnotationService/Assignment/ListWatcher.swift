import Domain
import Foundation
import Studies

/// Follows what other programs do to the study: new photos in its lists join, and a withdrawal by command takes effect.
///
/// No request names a path; the server reads its own folder only.
actor ListWatcher {
  /// The last import.
  struct Result: Sendable {
    let at: Date
    let report: AnnotationImportReport
    /// Why a whole list could not be read.
    let problem: String?
  }

  private let study: AnnotationStudy
  private let planner: StudyPlanner
  private var seen: [String] = []
  private(set) var last: Result?

  init(_ study: AnnotationStudy, planner: StudyPlanner) {
    self.study = study
    self.planner = planner
  }

  /// Looks every five seconds until the task is cancelled.
  func run() async {
    seen = stamps()
    var withdrawn = try? study.store.withdrawnCount()
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(5))
      if stamps() != seen { await take() }
      let count = try? study.store.withdrawnCount()
      // The rows are gone already; the scales that counted them are estimated anew.
      if let count, count != withdrawn { await planner.workOnEverything(isForced: true) }
      withdrawn = count ?? withdrawn
    }
  }

  /// Takes the lists now.
  func take() async {
    seen = stamps()
    do {
      let report = try await study.addOwnLists()
      last = Result(at: study.clock(), report: report, problem: nil)
      if report.added > 0 { await planner.workOnEverything() }
    } catch {
      last = Result(at: study.clock(), report: AnnotationImportReport(), problem: "\(error)")
    }
  }

  /// When and how large the lists are; empty for one that is not there.
  private func stamps() -> [String] {
    AnnotationStudy.List.allCases.map { list in
      guard let path = study.path(of: list),
        let facts = try? FileManager.default.attributesOfItem(atPath: path),
        let changed = facts[.modificationDate] as? Date, let size = facts[.size] as? Int
      else { return "" }
      return "\(changed.timeIntervalSince1970) \(size)"
    }
  }
}
