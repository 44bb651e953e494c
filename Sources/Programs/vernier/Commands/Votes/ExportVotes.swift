import ArgumentParser
import Domain
import Files
import ScalingWorkflow

/// Writes votes for another program.
struct ExportVotes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write votes for another program: pwcmp, asap, sureal, arena or columns.",
    discussion: """
      pwcmp writes a table of answers, asap an N × N matrix of counts of one scene, sureal a data set of pairs (.py), arena \
      battles as JSON, columns a table with the names of --map. p910 and avrate hold ratings, which votes are not.
      """)

  @Argument(help: "The votes.")
  var votes: String
  @Option(help: "The format: pwcmp, asap, sureal, arena or columns.")
  var format: OpinionFormat
  @Option(help: "The file to write.")
  var out: String
  @Option(help: "Names of columns, such as observer=worker_id.")
  var map: [String] = []
  @Option(help: "How answers are written, such as left=a,right=b.")
  var choices: [String] = []
  @Option(help: "Only this scene.")
  var scene: String?
  @Option(help: "Only this attribute.")
  var attribute: String?
  @Flag(help: "Leave ties out, for formats that can't hold them.")
  var withoutTies = false
  @Option(help: "For asap: write the photos' names here, one a line in the matrix' order.")
  var names: String?

  func run() throws {
    var export = VoteExport(votes, format: format)
    export.columns = try VoteColumns(map, choices)
    export.scene = scene.map { SceneID($0) }
    export.attribute = attribute.map { Attribute($0) }
    (export.leavesTiesOut, export.names) = (withoutTies, names)
    let count = try export.run(to: out, observer: Screen().observer)
    Messages.say("\(count) votes: \(out)")
  }
}
