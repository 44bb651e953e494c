import Domain
import Files
public import Pixels
import Statistics
public import Studies

/// What an import came to.
public struct StudyImportReport: Hashable, Sendable {
  /// The number of new photos.
  public var added = 0
  /// The number of photos that the study had.
  public var known = 0
  /// The number of photos that the study had and now knows more about.
  public var updated = 0
  /// One line for each file that could not be taken.
  public var refused: [String] = []
  /// The number of photos whose files also hold a gain map, which is not applied.
  public var gainMaps = 0
  /// Files in folders that are not photos.
  public var leftAlone: [String] = []

  /// An empty report.
  public init() {}
}

/// Takes photos into a study.
///
/// Files are copied, hashed and decoded on all processors; rows follow one by one in the order of
/// the list, so that the study is the same for any number of threads, and after any number of
/// interruptions.
public enum StudyImport {
  /// What looking at one file gave.
  private enum Look: Sendable {
    case held
    case photo(ContentStore.Staged, PhotoFacts, PhotoMetadata, hasGainMap: Bool)
    case notAPhoto
    case fault(String)
  }

  /// The number of photos that are checked before their rows are written.
  private static let chunk = 32

  /// Takes the candidates of a list; one that can't be taken doesn't stop the others.
  ///
  /// - Parameters:
  ///   - list: what a folder or a manifest named.
  ///   - study: the study, whose lock the caller holds.
  ///   - reading: limits and color policy.
  ///   - threads: the number of threads; nil takes one for each processor.
  ///   - progress: called with the number of finished files.
  ///   - onFault: called with one line about each file that cannot be imported.
  /// - Returns: what was taken, and what was not.
  /// - Throws: `InputError` for a full disk; what was taken stays.
  public static func run(
    _ list: CandidateList, into study: StudyStore, reading: DecodingOptions = DecodingOptions(),
    threads: Int? = nil, progress: (Int) -> Void = { _ in }, onFault: (String) -> Void = { _ in }
  ) throws -> StudyImportReport {
    var report = StudyImportReport()
    for error in list.refused {
      report.refused.append(error.description)
      onFault(error.description)
    }
    let candidates = list.candidates
    for start in stride(from: 0, to: candidates.count, by: chunk) {
      let part = Array(candidates[start..<min(start + chunk, candidates.count)])
      let looks = try Parallel.map(count: part.count, threads: threads) { index in
        try look(at: part[index], for: study, reading)
      }
      var left = looks[...]
      defer { for case .photo(let staged, _, _, _) in left { study.files.discard(staged) } }
      for (candidate, look) in zip(part, looks) {
        left.removeFirst()
        let fault = try take(candidate, look, into: study, &report)
        if let fault {
          report.refused.append(fault)
          onFault(fault)
        }
      }
      progress(start + part.count)
    }
    return report
  }

  /// Says more about a photo whose content the study is known to have, without reading its file
  /// again.
  ///
  /// - Returns: what was taken; nil when the study holds another content under this name, or none.
  public static func describe(
    _ candidate: StudyCandidate, sha256: String, in study: StudyStore
  ) throws -> StudyImportReport? {
    guard try study.holds(candidate, sha256: sha256) else { return nil }
    var report = StudyImportReport()
    if let fault = try take(candidate, .held, into: study, &report) { report.refused.append(fault) }
    return report
  }

  /// Writes the row of one file; returns the line about one that can't be taken.
  private static func take(
    _ candidate: StudyCandidate, _ look: Look, into study: StudyStore,
    _ report: inout StudyImportReport
  ) throws -> String? {
    switch look {
    case .fault(let line): return line
    case .notAPhoto:
      report.leftAlone.append(candidate.subject)
      return nil
    case .held:
      return try count(&report) { try study.take(candidate, study.facts(of: candidate)) }
    case .photo(let staged, let facts, let exif, let hasGainMap):
      report.gainMaps += hasGainMap ? 1 : 0
      defer { study.files.discard(staged) }
      return try count(&report) { try study.take(candidate, facts, staged: staged, exif: exif) }
    }
  }

  private static func count(
    _ report: inout StudyImportReport, _ work: () throws -> StudyInsertion
  ) throws -> String? {
    do {
      switch try work() {
      case .added: report.added += 1
      case .known: report.known += 1
      case .updated: report.updated += 1
      }
      return nil
    } catch let error as InputError where error.reason != .diskFull {
      return error.description
    }
  }

  /// Copies one file in and decodes the copy.
  private static func look(
    at candidate: StudyCandidate, for study: StudyStore, _ reading: DecodingOptions
  ) throws -> Look {
    let staged: ContentStore.Staged
    do {
      staged = try study.files.stage(candidate.path)
    } catch {
      if error.reason == .diskFull { throw error }
      return .fault(error.description)
    }
    do {
      if try study.holds(candidate, sha256: staged.sha256) {
        study.files.discard(staged)
        return .held
      }
      let header = try PictureCheck.header(
        of: staged.path, named: candidate.subject, reading: reading)
      let facts = PhotoFacts(
        sha256: staged.sha256, byteCount: staged.byteCount, format: header.format.rawValue,
        widthPixels: header.widthPixels, heightPixels: header.heightPixels)
      return .photo(
        staged, facts, PhotoMetadata(exif: header.exif), hasGainMap: header.hasGainMap)
    } catch let error as PhotoError {
      study.files.discard(staged)
      let isNone = error.kind == .unknownFormat || error.kind == .empty
      return candidate.isGuess && isNone ? .notAPhoto : .fault(error.markedText)
    } catch {
      study.files.discard(staged)
      throw error
    }
  }
}
