import ArgumentParser
import Domain
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
  @Option(help: "The correction for many contrasts.")
  var correction = MultipleTesting.fdr
  @Option(help: "The difference that counts as visible, in JOD.")
  var visible = 1.0
  @OptionGroup var options: ScalingOptions

  func run() throws {
    var settings = ContrastSettings()
    settings.visible = JOD(visible)
    settings.correction = correction
    settings.scenes = theseScenesOnly ? .theseScenes : .sample
    var contrasts = VoteContrasts(votes: votes, plan: try options.plan(), settings: settings)
    contrasts.scene = scene.map { SceneID($0) }
    (contrasts.groups, contrasts.pairs) = (groups, pairs)
    Messages.show(try contrasts.table(observer: Screen().observer))
  }
}
