internal import Domain
internal import Files
internal import Foundation

/// What photos leave a study for.
public struct ExportPermission: Hashable, Sendable {
  /// The purpose; photos without consent for it are left out.
  public var purpose: ConsentPurpose
  /// Why photos without confirmed consent go out all the same; nil leaves them out.
  public var exception: String?
  /// The terms of use, as text; nil for those of ``defaultTerms``.
  public var terms: String?

  /// Permits photos with consent for a purpose.
  public init(
    purpose: ConsentPurpose = .publication, exception: String? = nil, terms: String? = nil
  ) {
    self.purpose = purpose
    self.exception = exception
    self.terms = terms
  }

  /// The terms that go with an export where none are given.
  ///
  /// - Parameter unconfirmed: how many of the photos are there by an exception.
  /// - Returns: the text.
  func defaultTerms(unconfirmed: Int) -> String {
    let consent =
      unconfirmed == 0
      ? "They agreed to their use for: \(purpose.rawValue)."
      : "They are given for: \(purpose.rawValue). For \(unconfirmed) of them no consent to that is "
        + "on record; the reason given for including them: \(exception ?? "none")."
    return """
      Terms of use

      These photos show people. \(consent)
      Use the photos for nothing else. Do not try to find out who is shown. Do not pass the photos on.
      People may withdraw at any time: delete a photo, what was derived from it and all copies as
      soon as you are told so, and look for notices before every use.

      """
  }
}

extension StudyStore {
  /// The photos that may go out and those that may not; records an exception that is needed.
  func permitted(
    _ permission: ExportPermission
  ) throws -> (photos: [StudyPhoto], leftOut: [UnconfirmedPhoto], excepted: Int) {
    let all = try photos()
    let unconfirmed = try unconfirmed(for: permission.purpose)
    guard !unconfirmed.isEmpty else { return (all, [], 0) }
    if let reason = permission.exception {
      try recordException(for: permission.purpose, reason: reason, photos: unconfirmed.count)
      return (all, [], unconfirmed.count)
    }
    let places = Set(unconfirmed.map(\.place))
    let kept = all.filter { !places.contains(ScenePhoto(scene: $0.scene, photo: $0.photo)) }
    guard !kept.isEmpty else {
      throw InputError(
        folder, "no photo's consent covers \(permission.purpose.rawValue)",
        remedy: "add it with vernier study describe, or give "
          + "\(Setting("allowUnconfirmedConsent")) with a reason")
    }
    return (kept, unconfirmed, 0)
  }

  /// Writes the terms of use and the list of what was left out.
  func write(
    _ permission: ExportPermission, leftOut: [UnconfirmedPhoto], excepted: Int, to folder: String,
    _ report: inout StudyExportReport
  ) throws {
    try AtomicFile.write(
      permission.terms ?? permission.defaultTerms(unconfirmed: excepted),
      to: "\(folder)/TERMS-OF-USE.txt")
    report.leftOut = leftOut
    let path = "\(folder)/left-out.csv"
    guard !leftOut.isEmpty else {
      try? FileManager.default.removeItem(atPath: path)
      return
    }
    var table = CSVWriter(columns: ["scene", "image", "reason"])
    for photo in leftOut {
      table.append([photo.place.scene.text, photo.place.photo.text, photo.reason])
    }
    try table.write(to: path)
  }
}

extension PIQLayout {
  /// Public tables without the photos that are left out.
  static func without(
    _ leftOut: [UnconfirmedPhoto], kept photos: [StudyPhoto],
    _ tables: (scores: [ScoreTable], lists: [List])
  ) -> (scores: [ScoreTable], lists: [List]) {
    guard !leftOut.isEmpty else { return tables }
    let places = Set(leftOut.map(\.place))
    let names = Set(photos.map(\.photo.text))
    let gone = Set(places.map(\.photo.text)).subtracting(names)
    var counts: [String: Int] = [:]
    for photo in photos { counts[photo.scene.text, default: 0] += 1 }
    let touched = Set(places.map(\.scene.text))
    let scores = tables.scores.map { table in
      var table = table
      table.scores.removeAll {
        places.contains(ScenePhoto(scene: $0.photo.scene, photo: $0.photo.photo))
      }
      return table
    }
    let lists = tables.lists.map { list in
      var list = list
      if list.file == "Scene Split.csv" {
        list.entries = list.entries.compactMap { entry in
          guard touched.contains(entry.name) else { return entry }
          guard let count = counts[entry.name] else { return nil }
          var entry = entry
          if entry.extra != nil { entry.extra = "\(count)" }
          return entry
        }
      } else {
        list.entries.removeAll { gone.contains($0.name) }
      }
      return list
    }
    return (scores, lists)
  }
}
