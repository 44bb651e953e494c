import Domain
import Foundation

// Coverage of the intervals of `vernier scale` under every choice of pairs, behind
// docs/validation.md:
//   swift run -c release coverage-study [--criterion C] [--photos N] [--votes V] [--range JOD]
//   [--observers M]
//     [--opinions JOD] [--batch B] [--random-share S] [--once] [--studies K] [--seed S] [--replay
//     R]
//   swift run -c release coverage-study table [STUDIES]    all rows of the table
//   swift run -c release coverage-study unify [OPTIONS]    lines and scores of five unified scenes
//   swift run -c release coverage-study stated [OPTIONS]   choices of pairs stated rightly, wrongly
// Every number follows from the seeds.
do {
  var arguments = Array(CommandLine.arguments.dropFirst())
  if arguments.first == "table" {
    arguments.removeFirst()
    try CoverageTable.run(studies: arguments.first.flatMap { Int($0) } ?? 16)
  } else if arguments.first == "unify" {
    try UnificationCoverage.run(CoverageDesign(arguments: Array(arguments.dropFirst())))
  } else if arguments.first == "stated" {
    try StatedChoices.run(CoverageDesign(arguments: Array(arguments.dropFirst())))
  } else {
    let design = try CoverageDesign(arguments: arguments)
    print(CoverageResult.header)
    print(try design.run())
  }
} catch {
  FileHandle.standardError.write(Data("coverage-study: \(error)\n".utf8))
  exit(1)
}
