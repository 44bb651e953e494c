public import Domain
import Files
import Foundation
import Pixels
public import Preparation
import Scoring

/// Scores a list of photos: errors stay with their photo, finished ones aren't done twice, maps are
/// drawn on the way.
public struct ScoringJob: Sendable {
  /// Where maps are drawn, and with which colors.
  public struct Maps: Hashable, Sendable {
    /// The folder.
    public var folder: String
    /// The ends of the color scale; nil for each photo's own range.
    public var range: ClosedRange<Double>?

    /// Names the folder.
    public init(folder: String, range: ClosedRange<Double>? = nil) {
      self.folder = folder
      self.range = range
    }
  }

  /// What happened to one photo.
  public enum Event {
    /// It was scored now.
    case scored(PhotoScore)
    /// An earlier run had scored it.
    case known(PhotoScore)
    /// It can't be scored; settings in the reason are still to be spelled.
    case failed(photo: String, reason: String)
  }

  /// What came out.
  public struct Outcome {
    /// The score of each request, in order; nil for those that failed.
    public fileprivate(set) var records: [PhotoScore?] = []
    /// The photos that can't be scored and why.
    public fileprivate(set) var failures: [(photo: String, reason: String)] = []
    /// How many were known from an earlier run.
    public fileprivate(set) var knownCount = 0
    /// How many of the photos scored now hold a gain map (HDR), which is not applied.
    public fileprivate(set) var gainMaps = 0
    /// The content of each photo that was read for a result file, by its path.
    public fileprivate(set) var digests: [String: String] = [:]
  }

  private let pool: ScoringPool
  private let requests: [PhotoRequest]
  private let region: RegionChoice
  private let maps: Maps?
  private let journal: ScoreJournal?
  private let names: [String]
  private let settings: [String: SettingValue]

  /// Plans a job and refuses what can't work, before any photo is read.
  ///
  /// - Parameters:
  ///   - pool: the model.
  ///   - requests: the photos.
  ///   - region: what to look at.
  ///   - maps: where to draw maps; nil for none.
  ///   - result: the file that the scores will be written to; nil for none. Beside it lies the
  ///     journal.
  /// - Throws: `InputError` that names the option.
  public init(
    pool: ScoringPool, requests: [PhotoRequest], region: RegionChoice, maps: Maps?,
    result: String?
  ) async throws {
    self.pool = pool
    self.requests = requests
    self.region = region
    self.maps = maps
    let scenes = Set(requests.map(\.scene))
    let attribute: Attribute
    (attribute, settings) = try await pool.withScorer { scorer in
      for scene in scenes { try scorer.check(scene: scene, wantsMap: maps != nil) }
      return (scorer.attribute, try scorer.settings)
    }
    if let maps { try AtomicFile.makeFolder(maps.folder) }
    names =
      maps == nil
      ? [] : RegionNames.names(photos: requests.map(\.photo), attribute: attribute)
    if let result, let path = ScoreJournal.path(beside: result) {
      var settings = settings
      settings["region"] = .text("\(region)")
      settings["version"] = .text(VernierVersion.text)
      journal = try ScoreJournal(path, settings: settings)
    } else {
      journal = nil
    }
  }

  /// The number of photos that an earlier run of the same settings finished.
  public var knownCount: Int { journal?.knownCount ?? 0 }

  /// Scores the photos side by side, as far as the model allows.
  ///
  /// - Parameter onEvent: called for every photo, in order.
  /// - Returns: the scores and the failures.
  /// - Throws: an error when the journal or a map can't be written; what was scored stays in the
  ///   journal.
  public func run(onEvent: (Event) throws -> Void) async throws -> Outcome {
    var outcome = Outcome()
    try await pool.inOrder(requests.count, one) { index, result in
      let request = requests[index]
      do {
        let photo = try result.get()
        if journal != nil { outcome.digests[request.photo] = photo.digest }
        if !photo.isKnown { try keep(photo, of: request) }
        outcome.records.append(photo.score)
        outcome.knownCount += photo.isKnown ? 1 : 0
        outcome.gainMaps += photo.hasGainMap ? 1 : 0
        try onEvent(photo.isKnown ? .known(photo.score) : .scored(photo.score))
      } catch let error as WritingError {
        throw error.error
      } catch {
        let text = (error as? any SettingNamingError)?.markedText ?? "\(error)"
        let reason = text.contains(request.photo) ? text : "\(request.photo): \(text)"
        outcome.records.append(nil)
        outcome.failures.append((request.photo, text))
        try onEvent(.failed(photo: request.photo, reason: reason))
      }
    }
    return outcome
  }

  /// Writes what the scores depend on beside the result; results that aren't files have no such
  /// record.
  ///
  /// - Parameters:
  ///   - result: the file of scores.
  ///   - outcome: what came out.
  ///   - lists: the files that named photos or scenes.
  /// - Throws: `InputError` when it can't be written.
  public func writeProvenance(
    beside result: String, _ outcome: Outcome, lists: [String]
  ) throws {
    guard journal != nil else { return }
    var settings = settings
    settings["region"] = .text("\(region)")
    try Provenance(
      command: ["score"], settings: settings,
      inputs: outcome.digests.merging(Provenance.digests(of: lists)) { $1 }
    ).write(beside: result)
  }

  /// Removes the journal, once the result is written.
  public func finish() { journal?.finish() }

  /// An error that isn't about one photo: nothing more can be written.
  private struct WritingError: Error {
    let error: any Error
  }

  /// A photo that was scored, now or before.
  private struct ScoredPhoto {
    var score: PhotoScore
    var digest = ""
    var isKnown = false
    var hasGainMap = false
  }

  @Sendable private func one(_ scorer: any PhotoScorer, _ index: Int) throws -> ScoredPhoto {
    let request = requests[index]
    var digest = ""
    if let journal {
      digest = try FileDigest.sha256(request.photo)
      let hasMap = maps == nil || mapFiles(index).allSatisfy(FileManager.default.fileExists)
      if hasMap, let known = journal.record(of: request, sha256: digest),
        request.scene == (known.scene?.source == .given ? known.scene?.name : nil)
      {
        return ScoredPhoto(score: known, digest: digest, isKnown: true)
      }
    }
    let (score, map) = try scorer.score(request, region: region, wantsMap: maps != nil)
    var photo = ScoredPhoto(score: score, digest: digest)
    if try RasterImage.probe(request.photo, options: scorer.decoding).hasGainMap {
      photo.hasGainMap = true
      photo.score.remark = [score.remark, "its gain map (HDR) is not applied"].compactMap(\.self)
        .joined(separator: "; ")
    }
    do {
      if let maps, let map { try draw(photo.score, map, maps, mapFiles(index)) }
    } catch {
      throw WritingError(error: error)
    }
    return photo
  }

  private func keep(_ photo: ScoredPhoto, of request: PhotoRequest) throws(WritingError) {
    do {
      try journal?.add(photo.score, of: request, sha256: photo.digest)
    } catch {
      throw WritingError(error: error)
    }
  }

  private func mapFiles(_ index: Int) -> [String] {
    guard let maps else { return [] }
    return ["\(maps.folder)/\(names[index])_map.png", "\(maps.folder)/\(names[index])_map.csv"]
  }

  private func draw(
    _ score: PhotoScore, _ map: MapSource, _ maps: Maps, _ files: [String]
  ) throws {
    let patches = map.parts.patches
    var subtitle = ScoreText.number(score) + " · model \(score.model), \(score.attribute)"
    if let scene = score.scene { subtitle += " · " + ScoreText.scene(scene) }
    let picture = MapPicture(
      region: map.region, patches: patches,
      scale: maps.range.map { ColourScale(low: $0.lowerBound, high: $0.upperBound) },
      texts: MapPicture.Texts(
        title: URL(fileURLWithPath: score.photo).lastPathComponent, subtitle: subtitle,
        unit: score.unit?.text ?? "score", note: map.parts.meaning))
    try picture.image().write(to: files[0], as: .png(compression: 6))
    var table = CSVWriter(columns: ["x", "y", "width", "height", "score"])
    for patch in patches {
      table.append(
        [patch.area.x, patch.area.y, patch.area.width, patch.area.height].map(String.init)
          + ["\(patch.score)"])
    }
    try table.write(to: files[1])
  }
}
