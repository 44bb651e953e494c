public import Domain
public import Files

/// Writes votes in the format of another program.
public struct VoteExport: Sendable {
  /// The votes.
  public var votes: String
  /// The format to write.
  public var format: OpinionFormat
  /// Names of columns and answers, for ``OpinionFormat/columns``.
  public var columns = VoteColumns()
  /// The only scene; nil takes all.
  public var scene: SceneID?
  /// The only attribute; nil takes all.
  public var attribute: Attribute?
  /// Whether ties are left out.
  public var leavesTiesOut = false
  /// Where to write the photos' names, one a line in the order of the matrix.
  public var names: String?

  /// Plans an export.
  public init(_ votes: String, format: OpinionFormat) {
    (self.votes, self.format) = (votes, format)
  }

  /// Writes the votes.
  ///
  /// - Parameters:
  ///   - out: the file to write.
  ///   - observer: hears what was left out.
  /// - Returns: the number of votes written.
  /// - Throws: `InputError` for votes that the format can't hold, and when a file can't be read or written.
  public func run(
    to out: String, observer: WorkflowObserver = .silent
  ) throws(InputError) -> Int {
    let all = try VotesFile.read(votes, observer: observer)
    var chosen = all.filter {
      (scene == nil || $0.scene == scene) && (attribute == nil || $0.attribute == attribute)
    }
    if leavesTiesOut {
      let decided = chosen.filter { $0.choice != .tie }
      observer.note("\(chosen.count - decided.count) ties were left out.")
      chosen = decided
    }
    guard !chosen.isEmpty else {
      throw InputError(
        votes, "holds no such votes",
        remedy: "give a scene and an attribute that it has")
    }
    switch format {
    case .pwcmp: try ForeignTable.write(chosen, to: out)
    case .asap: try writeMatrix(chosen, to: out, observer)
    case .arena: try ArenaFile.write(chosen, to: out)
    case .sureal: try SurealFile.write(chosen, to: out)
    case .columns: try ForeignTable.write(chosen, columns: columns, to: out)
    case .p910, .avrate:
      throw InputError(
        Setting("format"), "\(format.rawValue) holds ratings, not votes",
        remedy: "give pwcmp, asap, sureal, arena or columns")
    }
    return chosen.count
  }

  private func writeMatrix(
    _ votes: [Judgement], to out: String, _ observer: WorkflowObserver
  ) throws(InputError) {
    guard Set(votes.map { [$0.scene.text, $0.attribute.text] }).count == 1 else {
      throw InputError(
        self.votes, "holds several scenes or attributes, and a matrix holds one",
        remedy: "choose with \(Setting("scene")) and \(Setting("attribute"))")
    }
    let photos = try CountMatrix.write(votes, to: out)
    observer.note("A matrix of counts doesn't keep who voted.")
    guard let names else {
      return observer.note("The rows are the photos in ascending order of name.")
    }
    try AtomicFile.write(photos.map { "\($0)\n" }.joined(), to: names)
  }
}
