import Foundation

/// A progress line with rate and remaining time on a terminal; nothing in a pipe.
struct ProgressLine {
  private let title: String
  private let total: Int
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastDrawn = ContinuousClock.now - .seconds(1)
  private var isOpen = false
  private var skipped = 0

  /// Starts a line about `total` steps.
  init(_ title: String, total: Int) {
    self.title = title
    self.total = max(total, 1)
  }

  /// Leaves a step that cost nothing out of the rate.
  mutating func skip() { skipped += 1 }

  /// Draws the line after `done` steps, at most ten times a second.
  mutating func update(_ done: Int) {
    let now = ContinuousClock.now
    guard isTerminal, now - lastDrawn >= .milliseconds(100) || done >= total else { return }
    lastDrawn = now
    let elapsed = (now - start) / .seconds(1)
    let rate = Double(max(0, done - skipped)) / max(elapsed, 1e-3)
    let remaining = Double(total - done) / max(rate, 1e-9)
    let text = "\(title) \(done)/\(total) (\(100 * done / total) %)  \(Self.short(rate))/s"
    let tail = done < total ? "  \(Self.clock(remaining)) left" : "  in \(Self.clock(elapsed))\n"
    draw("\r\u{1B}[2K\(text)\(tail)")
    isOpen = done < total
  }

  /// Takes the line away before other text is printed.
  mutating func clear() {
    guard isOpen else { return }
    draw("\r\u{1B}[2K")
    isOpen = false
  }

  /// Ends a line whose work stopped before the last step.
  mutating func finish() {
    guard isOpen else { return }
    draw("\n")
    isOpen = false
  }

  private func draw(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// A number with three significant digits.
  private static func short(_ value: Double) -> String {
    String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)
  }

  /// Seconds as `m:ss`.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 359_999).rounded())
    return String(format: "%d:%02d", whole / 60, whole % 60)
  }
}
