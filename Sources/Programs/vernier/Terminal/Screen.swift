import Domain
import Synchronization

/// Shows what a workflow reports: progress on a terminal, everything else as lines on standard
/// error.
final class Screen: Sendable {
  private struct State {
    var line: ProgressLine?
    var title = ""
    var step = ""
    var known = 0
  }

  private let state = Mutex(State())

  /// What to hand to a workflow.
  var observer: WorkflowObserver { WorkflowObserver { self.show($0) } }

  /// Ends a progress line that is still open.
  func end() {
    state.withLock { state in
      state.line?.finish()
      state.line = nil
    }
  }

  private func show(_ event: WorkflowObserver.Event) {
    state.withLock { state in
      switch event {
      case .step(let step, let steps, let title):
        state.line?.finish()
        state.line = nil
        state.step = "[\(step)/\(steps)]"
        Messages.say("\(state.step) \(title)")
      case .progress(let title, let done, let total, let known):
        Self.advance(&state, title, done, total, known)
      case .note(let text): Self.say("Note: \(text)", &state)
      case .message(let text): Self.say(text, &state)
      case .failure(let subject, let error):
        Self.say("Error: \(Messages.text(error, of: subject))", &state)
      }
    }
  }

  private static func advance(
    _ state: inout State, _ title: String, _ done: Int, _ total: Int, _ known: Int
  ) {
    if state.line == nil || state.title != title {
      state.line?.finish()
      state.line = ProgressLine(state.step.isEmpty ? title : "\(state.step)  ", total: total)
      (state.title, state.known) = (title, 0)
    }
    while state.known < known {
      state.line?.skip()
      state.known += 1
    }
    state.line?.update(done)
  }

  private static func say(_ text: String, _ state: inout State) {
    state.line?.clear()
    Messages.say(state.step.isEmpty ? text : "\(state.step) \(text)")
  }
}
