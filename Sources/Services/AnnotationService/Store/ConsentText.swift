/// The text that observers agree to.
enum ConsentText {
  /// The version of the text: a new text asks everybody again.
  static let version = "2026-11"
}
