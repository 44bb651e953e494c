/// Shows a job of several steps: a heading per step and a progress line below it.
final class StepScreen {
  private var line: ProgressLine?
  private var title = ""

  /// Begins a step.
  func begin(_ step: Int, of steps: Int, _ what: String) {
    line?.finish()
    line = nil
    title = "[\(step)/\(steps)]"
    Messages.say("\(title) \(what)")
  }

  /// Advances the step's progress.
  func advance(_ done: Int, of total: Int) {
    if line == nil { line = ProgressLine("\(title)  ", total: total) }
    line?.update(done)
  }

  /// Prints a fact on a line of its own.
  func note(_ text: String) {
    line?.clear()
    Messages.say("\(title) \(text)")
  }

  /// Ends the job.
  func end() {
    line?.finish()
    line = nil
  }
}
