import Domain
import Synchronization

/// Keeps what a workflow says.
final class Heard: Sendable {
  private let kept = Mutex<[String]>([])

  /// What to hand to a workflow.
  var observer: WorkflowObserver {
    WorkflowObserver { event in
      switch event {
      case .note(let text), .message(let text): self.kept.withLock { $0.append(text) }
      default: break
      }
    }
  }

  /// What was said, in order.
  var texts: [String] { kept.withLock { $0 } }
}
