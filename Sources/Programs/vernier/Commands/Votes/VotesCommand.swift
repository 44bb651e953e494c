import ArgumentParser

/// Votes from and for other programs.
struct VotesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "votes",
    abstract: "Bring votes and ratings of other programs in, and votes out.",
    discussion: "docs/votes.md describes votes.csv and every format.",
    subcommands: [ImportVotes.self, ExportVotes.self])
}
