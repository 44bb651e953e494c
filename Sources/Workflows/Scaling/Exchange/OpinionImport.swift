public import Domain
public import Files

/// Brings votes or ratings of another program to `votes.csv` or `ratings.csv`.
///
/// Ratings stay ratings: no pairs are derived from them.
public struct OpinionImport: Sendable {
  /// What was written.
  public struct Outcome: Hashable, Sendable {
    /// The number of votes.
    public let votes: Int
    /// The number of ratings.
    public let ratings: Int
  }

  /// The file to read.
  public var path: String
  /// Its format.
  public var format: OpinionFormat
  /// What the file doesn't tell.
  public var settings: ImportSettings
  /// The file of the photos' names, one a line, for matrices.
  public var names: String?

  /// Plans an import.
  public init(
    _ path: String, format: OpinionFormat, settings: ImportSettings = ImportSettings(),
    names: String? = nil
  ) {
    (self.path, self.format, self.settings, self.names) = (path, format, settings, names)
  }

  /// Writes the votes or ratings.
  ///
  /// - Parameters:
  ///   - out: the file to write.
  ///   - means: for ratings, a second file to write: each photo's mean opinion score, as `vernier train` reads it.
  ///   - observer: hears what was left out and what the format doesn't tell.
  /// - Returns: how many were written.
  /// - Throws: `InputError` when a file can't be read or written.
  public func run(
    to out: String, means: String? = nil, observer: WorkflowObserver = .silent
  ) throws(InputError) -> Outcome {
    var settings = settings
    if let names { settings.photoNames = try Self.lines(names) }
    let opinions = try format.read(path, settings: settings)
    for note in opinions.notes { observer.note(note) }
    if opinions.ratings.isEmpty {
      if means != nil {
        throw InputError(
          Setting("mos"), "\(path) holds votes, which have no mean opinion scores",
          remedy: "leave it out, and scale the votes with `vernier scale`")
      }
      try VotesFile.write(opinions.votes, to: out)
    } else {
      if let means { try OpinionScoresFile.write(opinions.ratings, to: means) }
      try RatingsFile.write(opinions.ratings, to: out)
      observer.note(
        "Ratings are no comparisons: no votes were derived from them, and `vernier scale` does not "
          + "take them.")
    }
    let inputs = [path] + (names.map { [$0] } ?? [])
    try Provenance(
      command: ["votes", "import"], settings: ["format": .text(format.rawValue)],
      inputs: Provenance.digests(of: inputs)
    ).write(beside: out)
    return Outcome(votes: opinions.votes.count, ratings: opinions.ratings.count)
  }

  /// The lines of a file of names.
  private static func lines(_ path: String) throws(InputError) -> [String] {
    let text = String(decoding: try InputFile.read(path), as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
      String.init)
    while lines.last == "" { lines.removeLast() }
    return lines
  }
}
