import ArgumentParser
import Domain
import Files
import Scaling
import ScalingWorkflow
import Statistics

/// Says by how much one photo or device is better than another.
struct Contrast: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "«A is x JOD better than B», with interval and probability, for photos or groups.",
    discussion: """
      Differences under the joint uncertainty of all votes, corrected for multiple testing. With \
      --groups (image,group or scene,image,group) the groups, such as devices or builds, are \
      compared over all scenes that show both; else photos inside every scene. The scenes count as \
      a sample: the interval is about the mean over scenes of the same kind, tau is the standard \
      deviation of the difference between scenes, new_scene_low and new_scene_high bound the \
      difference in a new scene. With --these-scenes-only the interval is about these scenes \
      alone. CSV on standard output; P(visible) is the probability that the true difference \
      reaches --visible.
      """)

  @Option(help: "The votes.")
  var votes: String
  @Option(help: "The groups: a CSV with image,group or scene,image,group.")
  var groups: String?
  @Flag(help: "Compare groups over these scenes alone; the answer holds for no other scene.")
  var theseScenesOnly = false
  @Option(help: "Only these pairs: a CSV with image_a,image_b.")
  var pairs: String?
  @Option(help: "Only this scene.")
  var scene: String?
  @Option(help: "The correction for many contrasts: fdr or holm.")
  var correction = "fdr"
  @Option(help: "The difference that counts as visible, in JOD.")
  var visible = 1.0
  @OptionGroup var options: ScalingOptions

  func run() throws {
    var settings = ContrastSettings()
    settings.visible = JOD(visible)
    switch correction {
    case "fdr": settings.correction = .fdr
    case "holm": settings.correction = .holm
    default:
      throw InputError("--correction", "«\(correction)» is not known", remedy: "give fdr or holm")
    }
    settings.scenes = theseScenesOnly ? .theseScenes : .sample
    let plan = try options.plan()
    let scenes = try SceneVotes.read(
      votes, only: scene.map { SceneID($0) }, observer: Screen().observer)
    let scaled = try scenes.map {
      try scaleScene($0, settings: plan.settings, simulation: plan.simulation(of: $0))
    }
    var table = CSVWriter(columns: [
      "scene", "attribute", "first", "second", "difference_jod", "low", "high", "standard_error",
      "p", "adjusted_p", "shown", "preference", "p_visible", "scenes", "scenes_are", "tau", "i2",
      "new_scene_low", "new_scene_high",
    ])
    func add(_ scene: String, _ attribute: Attribute, _ contrasts: [QualityContrast]) {
      for row in contrasts {
        table.append([
          scene, attribute.text, row.first, row.second, "\(row.difference.value)",
          "\(row.interval.low)", "\(row.interval.high)", "\(row.standardError)",
          "\(row.p)", "\(row.adjustedP)", "\(row.isShown)", "\(row.preference)",
          "\(row.probabilityVisible)", "\(row.scenes)",
          row.heterogeneity == nil ? "these" : "a sample",
          CSVWriter.text(row.heterogeneity?.tau), CSVWriter.text(row.heterogeneity?.share),
          CSVWriter.text(row.heterogeneity?.newScene.low),
          CSVWriter.text(row.heterogeneity?.newScene.high),
        ])
      }
    }
    if let groups {
      let members = try GroupsFile.read(groups)
      let attributes = Dictionary(grouping: scaled, by: \.scale.attribute)
      for (attribute, group) in attributes.sorted(by: { $0.key < $1.key }) {
        let found = groupContrasts(group, settings: settings) { members($0.scene, $0.photo) }
        if !theseScenesOnly, found.contains(where: { $0.scenes == 1 }) {
          Messages.say(
            "\(attribute): groups that share one scene have the answer of that scene, which holds "
              + "for no other one.")
        }
        add("", attribute, found)
      }
    } else {
      let wanted = try pairs.map { path throws(InputError) in try PairsFile.read(path) }
      for (judgements, result) in zip(scenes, scaled) {
        let list = wanted.map { pairs in
          pairs.filter {
            judgements.photos.contains($0.first) && judgements.photos.contains($0.second)
          }
        }
        add(
          judgements.scene.text, judgements.attribute,
          try contrasts(result, pairs: list, settings: settings))
      }
    }
    Messages.show(table)
  }
}
