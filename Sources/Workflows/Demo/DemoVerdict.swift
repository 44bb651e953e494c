import DecisionsWorkflow
import Domain
import Files
import ScalingWorkflow

/// The last step: a verdict on two builds.
struct DemoVerdict {
  let study: DemoStudy
  /// The page.
  let page: String

  /// What the two builds are called.
  private static let builds = (baseline: "build-1", candidate: "build-2")

  /// Takes every other image of the ladder for the next build, one step of degradation behind, and
  /// judges by the simulated votes.
  func run(_ images: [DemoImage]) throws -> String {
    var groups = CSVWriter(columns: ["scene", "image", "group"])
    for image in images {
      groups.append([
        image.scene.text, image.photo.text,
        image.recipe.level.isMultiple(of: 2) ? Self.builds.baseline : Self.builds.candidate,
      ])
    }
    try groups.write(to: study.path("groups.csv"))
    let run = VerdictRun(
      groups: .list(study.path("groups.csv")), baseline: Self.builds.baseline,
      candidate: Self.builds.candidate,
      source: .votes(study.path("votes.csv"), ScalingPlan()))
    let outcome = try run.run()
    var files = VerdictFiles()
    (files.json, files.report) = (study.path("verdict.json"), page)
    try files.write(
      outcome,
      provenance: study.provenance(
        "verdict", inputs: [study.path("votes.csv"), study.path("groups.csv")], [:]))
    return outcome.verdict.sentence
  }
}
