import ArgumentParser
import Domain
import Scaling
import ScalingWorkflow

/// Turns votes into quality scales with intervals.
struct Scale: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn votes or ratings into a quality scale per scene, with 95 % intervals.",
    discussion: """
      Writes DIR/Scores_<Attribute>.csv in the columns of the data set PIQ23, one scale per scene, \
      with quality levels and clusters, and every test behind the clusters to \
      DIR/Clusters_<Attribute>.json. Each scale has its own origin (mean 0), so scores of two \
      scenes cannot be compared before `vernier unify`. --figures also writes \
      DIR/Figures_<Attribute>.html: box plots of the replicates before and after clustering. \
      With --ratings, ratings become JOD: beside votes, which say how many points a JOD is, or \
      alone, where the noise of one rating is taken for that of one impression in a comparison.
      """)

  @Option(help: "The votes: observer,scene,attribute,image_a,image_b,choice.")
  var votes: String?
  @Option(
    help: """
      Ratings: scene,attribute,image,rating,observer for each, or averages \
      scene,attribute,image,mos,sd,count; alone or beside votes.
      """)
  var ratings: String?
  @Option(help: "The folder to write to.")
  var out: String
  @Flag(help: "Draw the replicates of every photo before and after clustering.")
  var figures = false
  @OptionGroup var options: ScalingOptions

  func run() throws {
    let plan = try options.plan()
    let screen = Screen()
    let outcome: ScalesFromVotes.Outcome
    if let ratings {
      outcome = try ScalesFromRatings(ratings: ratings, votes: votes, plan: plan)
        .run(to: out, observer: screen.observer)
    } else if let votes {
      outcome = try ScalesFromVotes(votes: votes, plan: plan, drawsFigures: figures)
        .run(to: out, observer: screen.observer)
    } else {
      throw InputError("scale", "there are no votes", remedy: "give --votes, --ratings or both")
    }
    for file in outcome.files {
      Messages.say("\(file.scenes) scenes in \(plan.settings.convention.unitLabel): \(file.path)")
    }
    try Batch.finish(outcome.failures, of: outcome.scenes, "scenes")
  }
}
