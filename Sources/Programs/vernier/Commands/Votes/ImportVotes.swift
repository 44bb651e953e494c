import ArgumentParser
import Domain
import Files
import ScalingWorkflow

/// Reads another program's votes or ratings.
struct ImportVotes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn another program's file into votes.csv, or ratings into ratings.csv.",
    discussion: """
      pwcmp    a table observer,scene,condition_A,condition_B,is_A_selected; or counts (see asap)
      asap     N × N counts (row preferred to column), or a row of N × N counts for each observer
      p910     ratings: a row for each photo, a column for each subject, nan where none was given
      sureal   a data set of SUREAL, .py or .json: ratings, or pairs
      avrate   the _ratings.csv of AVRateNG: ratings, or pairs with --choices
      arena    battles of Chatbot Arena, JSON or CSV: model_a, model_b, winner, judge
      columns  any table, with --map and --choices

      Matrices of counts lose who voted: all votes are of one observer, and intervals can't allow for observers who \
      differ. Ratings become observer,scene,attribute,image,rating; no votes are derived from them. --mos also writes \
      their means, IMAGE,MOS, on which models can be trained. What a file doesn't tell is taken from --scene and --attribute.
      """)

  @Argument(help: "The file to read.")
  var file: String
  @Option(help: "Its format.")
  var format: OpinionFormat
  @Option(help: "The file to write: votes.csv, or ratings.csv.")
  var out: String
  @Option(
    help: """
      Which column holds what, such as observer=worker_id,image_a=left,image_b=right,choice=answer; several joined by +. \
      Parts: observer, scene, attribute, image_a, image_b, choice, response_ms, image, rating.
      """)
  var map: [String] = []
  @Option(help: "What each answer means, such as left=a,right=b,same=tie.")
  var choices: [String] = []
  @Option(help: "The photos' names for a matrix, one a line in its order.")
  var names: String?
  @Option(help: "The scene, where the file tells none (default: all).")
  var scene: String?
  @Option(help: "The attribute, where the file tells none (default: overall).")
  var attribute: String?
  @Flag(help: "A matrix of ratings has a row for each observer, not for each photo.")
  var observersInRows = false
  @Option(help: "For ratings: also write the photos' mean opinion scores, IMAGE,MOS.")
  var mos: String?

  func run() throws {
    var settings = ImportSettings()
    settings.columns = try VoteColumns(map, choices)
    settings.scene = scene.map { SceneID($0) }
    settings.attribute = attribute.map { Attribute($0) }
    settings.observersInRows = observersInRows
    let outcome = try OpinionImport(file, format: format, settings: settings, names: names)
      .run(to: out, means: mos, observer: Screen().observer)
    Messages.say(
      outcome.ratings > 0 ? "\(outcome.ratings) ratings: \(out)" : "\(outcome.votes) votes: \(out)")
  }
}
