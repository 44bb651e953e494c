import Foundation

// Simulated studies behind docs/active-sampling.md and docs/unification.md:
//   swift run -c release sampling-study sampling|unification [OUTDIR] [STUDIES]
//   swift run -c release sampling-study timing VOTES     (rows winner,loser; see Benchmarks/sampling.py)
// Every number follows from the seeds in the sources; timings depend on the machine.
let arguments = CommandLine.arguments.dropFirst()
let folder = URL(filePath: arguments.dropFirst().first ?? ".")
let studies = arguments.dropFirst(2).first.flatMap { Int($0) }
do {
  switch arguments.first {
  case "sampling": try SamplingStudy.run(into: folder, studies: studies)
  case "timing": try SamplingStudy.timing(votes: arguments.dropFirst().first ?? "")
  case "unification": try UnificationStudy.run(into: folder, studies: studies)
  default:
    FileHandle.standardError.write(
      Data("usage: sampling-study sampling|unification [OUTDIR] [STUDIES] | timing VOTES\n".utf8))
    exit(64)
  }
} catch {
  FileHandle.standardError.write(Data("sampling-study: \(error)\n".utf8))
  exit(1)
}
