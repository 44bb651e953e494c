import ArgumentParser
import Domain
import Files
import Scaling
import Statistics

/// Says by how much one photo or device is better than another.
struct Contrast: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "«A is x JOD better than B», with interval and probability, for photos or groups.",
    discussion: """
      Differences under the joint uncertainty of all votes, corrected for their number. With --groups (image,group) the \
      groups, such as devices or builds, are compared over all scenes that show both; else photos inside every scene. \
      CSV on standard output; P(visible) is the probability that the true difference reaches --visible.
      """)

  @Option(help: "The votes.")
  var votes: String
  @Option(help: "The groups: a CSV with image,group.")
  var groups: String?
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
    let scaling = try options.settings()
    let scenes = try SceneChoice.scenes(votes, only: scene)
    let scaled = try scenes.map { try scaleScene($0, settings: scaling) }
    var table = CSVWriter(columns: [
      "scene", "attribute", "first", "second", "difference_jod", "low", "high", "standard_error",
      "p", "adjusted_p", "shown", "preference", "p_visible", "scenes",
    ])
    func add(_ scene: String, _ attribute: Attribute, _ contrasts: [QualityContrast]) {
      for row in contrasts {
        table.append([
          scene, attribute.text, row.first, row.second, "\(row.difference.value)",
          "\(row.interval.low.value)", "\(row.interval.high.value)", "\(row.standardError)",
          "\(row.p)", "\(row.adjustedP)", "\(row.isShown)", "\(row.preference)",
          "\(row.probabilityVisible)", "\(row.scenes)",
        ])
      }
    }
    if let groups {
      let members = try PairList.groups(groups)
      let attributes = Dictionary(grouping: scaled, by: \.scale.attribute)
      for (attribute, group) in attributes.sorted(by: { $0.key < $1.key }) {
        add("", attribute, groupContrasts(group, settings: settings) { members[$0.photo] })
      }
    } else {
      let wanted = try pairs.map(PairList.read)
      for (judgements, result) in zip(scenes, scaled) {
        let list = wanted.map { pairs in
          pairs.filter { judgements.photos.contains($0.0) && judgements.photos.contains($0.1) }
        }
        add(
          judgements.scene.text, judgements.attribute,
          try contrasts(result, pairs: list, settings: settings))
      }
    }
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}
