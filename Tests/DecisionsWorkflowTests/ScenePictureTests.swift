import DecisionsWorkflow
import Domain
import Files
import Foundation
import Pixels
import Reporting
import ScalingWorkflow
import Scoring
import Studies
import TestSupport
import Testing

@Suite struct ScenePictureTests {
  private func outcome(_ campaign: StudyCampaign) throws -> VerdictRun.Outcome {
    try VerdictRun(
      groups: .study(campaign.study.folder, by: nil), baseline: "1.9", candidate: "2.0",
      source: .votes(try campaign.votes(share: 2), ScalingPlan())
    ).run()
  }

  @Test func thePageShowsWhatChanged() throws {
    let campaign = try StudyCampaign()
    let outcome = try outcome(campaign)
    #expect(outcome.verdict.outcome == .worse && outcome.examples.count == 3)
    let page = campaign.scratch.file("verdict.html")
    let result = try ScenePictures.make(
      outcome.examples, groups: .study(campaign.study.folder, by: nil), page: page)
    #expect(result.missing == nil && result.pictures.count == 3)
    let picture = try #require(result.pictures.first)
    #expect(picture.difference < 0 && picture.map == nil)
    let changes = Dictionary(
      picture.changes.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    // The candidate's photos are blurred and half as bright in sRGB.
    #expect(changes["sharpness"]?.hasPrefix("\u{2212}") == true, "\(changes)")
    #expect(changes["noise"]?.hasPrefix("\u{2212}") == true)
    #expect(changes["exposure"]?.hasPrefix("\u{2212}2.") == true)
    let crop = try RasterImage.decode(bytes: picture.candidate.crop, name: "crop")
    #expect(crop.widthPixels == 200 && crop.heightPixels == 160)
    // The link leads to the photo from the page's folder.
    let link = try #require(picture.baseline.link)
    #expect(link.hasPrefix("study/files/"))
    #expect(FileManager.default.fileExists(atPath: campaign.scratch.file(link)))
    var files = VerdictFiles()
    files.report = page
    try files.write(outcome, provenance: Provenance(command: ["verdict"]), pictures: result)
    let html = String(decoding: try InputFile.read(page), as: UTF8.self)
    #expect(html.contains("Where, and what changed") && html.contains("./study/files/"))
    #expect(html.contains("data:image/jpeg;base64,"))
    // A withdrawal finds the page.
    _ = try campaign.study.withdraw(person: "P\(picture.scene)")
    #expect(!FileManager.default.fileExists(atPath: page))
  }

  @Test func aModelsMapsAreCompared() throws {
    let campaign = try StudyCampaign()
    let outcome = try outcome(campaign)
    let result = try ScenePictures.make(
      outcome.examples, groups: .study(campaign.study.folder, by: nil),
      page: campaign.scratch.file("v.html")
    ) { path, _ in
      let region = try RasterImage.decode(path)
      let areas = [0, 100].map { PixelRectangle(x: $0, y: 0, width: 100, height: 160) }
      let patches = areas.enumerated().map { index, area in
        PatchScore(area: area, score: Double(index) * Double(region.samples[0]) / 100)
      }
      return (region, PatchScores(patches, meaning: "test"))
    }
    let map = try #require(result.pictures.first?.map)
    #expect(map.meaning.contains("blue gains"))
    let picture = try RasterImage.decode(bytes: map.picture, name: "map")
    #expect(picture.widthPixels == 520)
  }

  @Test func photosWithoutConsentAreNotShown() throws {
    let campaign = try StudyCampaign(consent: nil)
    let result = try ScenePictures.make(
      try outcome(campaign).examples, groups: .study(campaign.study.folder, by: nil),
      page: campaign.scratch.file("v.html"))
    #expect(result.pictures.isEmpty && result.missing?.contains("consent is unknown") == true)
    try campaign.study.recordException(for: .publication, reason: "public domain", photos: 20)
    let allowed = try ScenePictures.make(
      try outcome(campaign).examples, groups: .study(campaign.study.folder, by: nil),
      page: campaign.scratch.file("v.html"))
    #expect(allowed.pictures.count == 3)
  }

  @Test func aListHasNoPhotosAndSaysSo() throws {
    let scratch = try Scratch()
    let files = try Campaign(Array(repeating: 1.5, count: 4)).write(to: scratch)
    let outcome = try VerdictRun(
      groups: .list(files.groups), baseline: "old", candidate: "new",
      source: .votes(files.votes, ScalingPlan())
    ).run()
    let result = try ScenePictures.make(
      outcome.examples, groups: .list(files.groups), page: scratch.file("v.html"))
    #expect(result.pictures.isEmpty && result.missing?.contains("list") == true)
  }

  @Test func measuresFollowBlurAndBrightness() throws {
    var sharp = RasterImage(widthPixels: 64, heightPixels: 64, red: 0, green: 0, blue: 0)
    for index in sharp.samples.indices {
      sharp.samples[index] = UInt8((index &* 2_654_435_761) % 97 + 80)
    }
    let flat = RasterImage(widthPixels: 64, heightPixels: 64, red: 188, green: 188, blue: 188)
    let (one, two) = (
      try #require(PictureMeasures(sharp)), try #require(PictureMeasures(flat))
    )
    #expect(one.sharpness > 10 && one.noise > 5)
    #expect(two.sharpness < 1e-3 && two.noise < 1e-3)
    // sRGB 188 is half of the light.
    #expect(abs(two.luminance - 0.5) < 0.005)
    #expect(
      PictureMeasures(RasterImage(widthPixels: 2, heightPixels: 9, red: 1, green: 1, blue: 1))
        == nil)
  }
}
