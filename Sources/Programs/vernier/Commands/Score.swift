import ArgumentParser
import Domain
import Laboratory
import Storage

/// Scores photos with a model.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Score photos with a model: JOD with a 95 % interval, or a hand-crafted model's score.",
    discussion: """
      Results on standard output: text, CSV or one JSON object a line. The region is the one of the model's attribute; \
      give --region full for photos that are regions already. A photo that can't be scored is reported, the others go on. \
      niqe, ilniqe and brisque look at whole photos, give no interval, and less is better.
      """)

  @Argument(help: "Photos, or folders of photos.")
  var photos: [String]
  @Option(help: "A run's folder, or niqe, ilniqe, brisque.")
  var model: String
  @Option(help: "A hand-crafted model's file; brisque takes two (allmodel, allrange), niqe none.")
  var parameters: [String] = []
  @Option(help: "Override the attribute's region: face or full.")
  var region: String?
  @Flag(help: "Print one JSON object a line.")
  var json = false
  @Flag(help: "Print CSV.")
  var csv = false

  func run() throws {
    guard !(json && csv) else {
      throw InputError("--csv", "--json is given too", remedy: "give one of them")
    }
    let choice = try RegionOption.choice(region: region, box: nil)
    let photos = try PhotoList.expand(photos)
    let scoring = try scorer()
    var (batch, line) = (Batch(), ProgressLine("scoring", total: photos.count))
    if csv { print("photo,model,attribute,score,low,high") }
    for (index, photo) in photos.enumerated() {
      batch.attempt(photo) {
        let score = try scoring.score(photo, region: choice)
        line.clear()
        if json {
          print(try CanonicalJSON.line(score))
        } else if csv {
          print(Self.row(score))
        } else {
          print(Self.text(score))
        }
      }
      line.update(index + 1)
    }
    try batch.finish(of: photos.count, "photos")
  }

  private func scorer() throws -> any PhotoScorer {
    HandcraftedScoring.names.contains(model)
      ? try HandcraftedScoring(
        name: model, parameters: parameters, installation: Installation())
      : try PhotoScoring(model: model, installation: Installation())
  }

  private static func text(_ score: QualityScore) -> String {
    let number = NumberFormat.fixed(score.score, 2)
    guard let low = score.low, let high = score.high else {
      return "\(score.photo): \(score.model) \(number)"
    }
    return "\(score.photo): \(number) JOD "
      + "[\(NumberFormat.fixed(low, 2)), \(NumberFormat.fixed(high, 2))]"
  }

  private static func row(_ score: QualityScore) -> String {
    var table = CSVWriter(columns: [])
    table.append([
      score.photo, score.model, score.attribute.text, "\(score.score)",
      score.low.map { "\($0)" } ?? "", score.high.map { "\($0)" } ?? "",
    ])
    return String(decoding: table.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).last
      .map(String.init) ?? ""
  }
}
