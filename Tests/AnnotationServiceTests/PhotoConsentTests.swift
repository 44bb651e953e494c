import AnnotationService
import Domain
import GRDB
import Studies
import Testing

/// Observers see a photo only when its person's consent covers it.
@Suite struct PhotoConsentTests {
  private func setConsent(_ portraits: PortraitStudy, _ sql: String) throws {
    try portraits.study.pool.write {
      try $0.execute(
        sql: "UPDATE study_photo SET \(sql) WHERE name = ?", arguments: [PortraitStudy.photo(1)])
    }
  }

  private func shown(_ portraits: PortraitStudy) throws -> [String] {
    try portraits.study.pool.read {
      try String.fetchAll(
        $0, sql: "SELECT photo FROM annotation_image WHERE state = 'active' ORDER BY photo")
    }
  }

  @Test(arguments: ["consent = NULL", "consent = 'pending'", "purposes = 'training publication'"])
  func isAskedForWhenRegionsComeIn(sql: String) async throws {
    let portraits = try PortraitStudy()
    try setConsent(portraits, sql)
    let report = try await portraits.study.addOwnLists()
    #expect(report.added == 2 && report.unconfirmed == 1)
    #expect(try shown(portraits) == [PortraitStudy.photo(0), PortraitStudy.photo(2)])
    #expect(try portraits.study.store.shownUnconfirmed().isEmpty)
    // An exception is kept with its reason, and holds from then on.
    try portraits.study.store.recordException(
      for: .annotation, reason: "signed on paper", photos: 1)
    let again = try await portraits.study.addOwnLists()
    #expect(again.added == 1 && again.unconfirmed == 0)
    let found = try portraits.study.store.verify()
    #expect(!found.damage.contains { $0.contains("observers are shown") })
    #expect(found.notes.contains { $0.contains("signed on paper") })
  }

  @Test func verifyNamesWhatIsShownWithoutIt() async throws {
    let portraits = try PortraitStudy()
    #expect(try await portraits.study.addOwnLists().added == 3)
    #expect(try portraits.study.store.shownUnconfirmed().isEmpty)
    try setConsent(portraits, "consent = 'pending'")
    let shown = try portraits.study.store.shownUnconfirmed()
    #expect(shown.map(\.place.photo.text) == [PortraitStudy.photo(1)])
    #expect(
      try portraits.study.verify().contains(
        "observers are shown Garden/\(PortraitStudy.photo(1)), although the consent is pending"))
  }

  /// An exception for another purpose is none for this one.
  @Test func anExceptionIsForOnePurpose() async throws {
    let portraits = try PortraitStudy()
    try setConsent(portraits, "consent = NULL")
    try portraits.study.store.recordException(for: .training, reason: "own use", photos: 1)
    #expect(try await portraits.study.addOwnLists().unconfirmed == 1)
  }
}
