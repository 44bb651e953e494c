/// What happened, as the audit trail names it.
package enum AuditAction: String, CaseIterable, Sendable {
  /// A study was made.
  case study
  /// Settings were changed.
  case settings
  /// Regions came in.
  case regionImport = "import"
  /// The owner's browser sent photos.
  case photoImport = "photo-import"
  /// Photos were grouped by faces, for somebody to look at.
  case peopleProposal = "people-proposal"
  /// Somebody changed the groups, or dropped them.
  case peopleReview = "people-review"
  /// Somebody confirmed that a group's photos show one person.
  case peopleConfirm = "people-confirm"
  /// The owner changed a photo's scene or device.
  case photoChange = "photo-change"
  /// A task was made or extended.
  case task
  /// A list of pairs to be asked was taken.
  case pairs
  /// A stop rule was met.
  case taskDone = "task-done"
  /// Somebody was invited.
  case invite
  /// Somebody came in.
  case enter
  /// A wrong password was sent.
  case loginFailed = "login-failed"
  /// Somebody left.
  case leave
  /// The owner's password was set.
  case password
  /// A station was registered.
  case station
  /// A station was taken out of use.
  case stationRetired = "station-retired"
  /// An observer consented.
  case consent
  /// A screen was checked.
  case calibration
  /// A block of work began.
  case session
  /// A block of work ended.
  case sessionEnd = "session-end"
  /// A vote was cast.
  case vote
  /// A vote was taken back.
  case void
  /// An observer withdrew.
  case withdrawObserver = "withdraw-observer"
  /// A person on photos withdrew.
  case withdrawPerson = "withdraw-person"
  /// Votes on a withdrawn person's photos were erased.
  case eraseVotes = "erase-votes"
  /// The guidelines of an attribute were written.
  case guidelines
  /// The owner paused, closed or opened a task, or an attribute.
  case control
  /// An invitation or an observer's cookies were revoked.
  case revoke
  /// An observer's votes were taken out of the scale, or back in.
  case exclusion
  /// An observer reported something about a pair.
  case remark
  /// The owner decided about a report.
  case decision
}
