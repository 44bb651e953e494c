import Domain
import Files
import Foundation
public import Pixels
import Statistics
public import Studies

/// What taking a data set's pictures came to.
public struct PublicPicturesReport: Hashable, Sendable {
  /// The number of pictures that are new.
  public var added = 0
  /// The number of pictures that the study had.
  public var known = 0
  /// The pictures that the tables name and the folder lacks.
  public var missing: [String] = []
  /// One line for each picture that is there and can't be taken.
  public var refused: [String] = []
}

/// Takes the pictures of a data set in the public layout as given regions.
public enum PublicPictures {
  private enum Look: Sendable {
    case held
    case missing
    case region(ContentStore.Staged, StudyRegion)
    case fault(String)
  }

  /// Takes every picture that the tables name; a missing one is listed.
  ///
  /// - Parameters:
  ///   - layout: the data set, whose tables the study has taken.
  ///   - study: the study, whose lock the caller holds.
  ///   - reading: limits and color policy.
  ///   - threads: the number of threads; nil takes one for each processor.
  ///   - progress: called with the number of finished pictures, and of all.
  ///   - onFault: called with one line about each picture that cannot be imported.
  /// - Returns: what was taken, and what was not.
  /// - Throws: `InputError` for a full disk; what was taken stays.
  public static func take(
    _ layout: PIQLayout, into study: StudyStore, reading: DecodingOptions = DecodingOptions(),
    threads: Int? = nil, progress: (Int, Int) -> Void = { _, _ in },
    onFault: (String) -> Void = { _ in }
  ) throws -> PublicPicturesReport {
    var report = PublicPicturesReport()
    let photos = try study.photos()
    let rows = Dictionary(
      uniqueKeysWithValues: photos.map { (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.id) })
    let known = try study.regions()
    // Photos of people who withdrew have no row: their pictures are not read.
    let pictures = layout.pictures.compactMap { picture in
      rows[picture.place].map { (row: $0, attribute: picture.attribute, path: picture.path) }
    }
    for start in stride(from: 0, to: pictures.count, by: 64) {
      let part = Array(pictures[start..<min(start + 64, pictures.count)])
      let looks = try Parallel.map(count: part.count, threads: threads) { index in
        let (row, attribute, path) = part[index]
        return try look(at: path, row, attribute, known[row]?[attribute], for: study, reading)
      }
      var regions: [StudyRegion] = []
      for (picture, look) in zip(part, looks) {
        switch look {
        case .held: report.known += 1
        case .missing: report.missing.append((try? picture.path.get()) ?? "")
        case .fault(let line):
          report.refused.append(line)
          onFault(line)
        case .region(let staged, let region):
          try study.files.commit(staged)
          regions.append(region)
          report.added += 1
        }
      }
      try study.keep(regions)
      progress(start + part.count, pictures.count)
    }
    try study.writeRegionsTable()
    return report
  }

  private static func look(
    at path: Result<String, InputError>, _ row: Int64, _ attribute: Attribute,
    _ known: StudyRegion?, for study: StudyStore, _ reading: DecodingOptions
  ) throws -> Look {
    let file: String
    switch path {
    case .success(let path): file = path
    case .failure(let error): return .fault(error.description)
    }
    guard access(file, F_OK) == 0 else { return .missing }
    do {
      if let known, try FileDigest.sha256(file) == known.sha256,
        study.files.contains(known.sha256)
      {
        return .held
      }
      let staged = try study.files.stage(file)
      if try study.isWithdrawn(sha256: staged.sha256) {
        study.files.discard(staged)
        return .fault(
          InputError(file, "the person on it withdrew", remedy: "leave the photo out").description)
      }
      do {
        let header = try PictureCheck.header(of: staged.path, named: file, reading: reading)
        return .region(
          staged,
          StudyRegion(
            photo: row, attribute: attribute, sha256: staged.sha256, byteCount: staged.byteCount,
            widthPixels: header.widthPixels, heightPixels: header.heightPixels, origin: .given,
            settings: "given by the data set"))
      } catch {
        study.files.discard(staged)
        return .fault(error.markedText)
      }
    } catch let error as InputError {
      if error.reason == .diskFull { throw error }
      return .fault(error.description)
    }
  }
}
