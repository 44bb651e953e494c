internal import GRDB

/// What somebody may do in a study.
package enum ObserverRole: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// Runs the study.
  case owner
  /// Invites observers and follows the study, but changes nothing that decides what is measured.
  case `operator`
  /// Looks at the owner's pages and takes exports.
  case reader
  /// Compares photos.
  case observer
}

/// Whether a photo may be shown.
package enum ImageState: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// It may.
  case active
  /// The person on it withdrew; the row is a tombstone.
  case withdrawn
}

/// Whether a task wants votes.
package enum TaskState: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// It does.
  case open
  /// Its stop rule was met; new photos open it again.
  case done
  /// The owner holds it back for now; new photos don't open it.
  case paused
  /// The owner ended it; new photos don't open it.
  case closed
}

/// How far a block of work is.
package enum SessionState: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// The observer is at work.
  case open
  /// The clock stands still.
  case paused
  /// It is over.
  case ended
}

/// What a pair is shown for.
package enum LeaseKind: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// The scale.
  case active
  /// The observer's consistency: it was shown before with the sides exchanged.
  case `repeat`
  /// The observer's attention: the better photo is known.
  case golden
  /// Practice; it counts for nothing.
  case training
}

/// What became of a pair in an observer's hands.
package enum LeaseState: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// It is held.
  case open
  /// It was answered.
  case voted
  /// It was given back; an answer still counts while nobody else holds the pair.
  case released
  /// It was given to somebody else.
  case expired
}

/// An answer.
package enum VoteChoice: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// The left photo is better.
  case left
  /// The right photo is better.
  case right
  /// Neither is.
  case tie
}

/// What a pair with a known answer is for; a pair never serves both.
package enum GoldenPurpose: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// Practice, with feedback.
  case training
  /// A check of the observer's attention among the pairs that count.
  case check
}

/// What an observer reports about a pair.
package enum RemarkKind: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// Both photos are the same picture.
  case same
  /// A photo or the page is broken.
  case broken
  /// Anything else.
  case comment
}

/// What the owner decided about a report.
package enum RemarkDecision: String, CaseIterable, Codable, Sendable, DatabaseValueConvertible {
  /// The pair is set aside: it is never shown again, and its votes don't count.
  case aside
  /// Nothing follows from it.
  case kept
}
