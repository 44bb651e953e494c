import Foundation

// Simulated studies behind figures of the documentation:
//   sampling-study sampling [OUTDIR] [STUDIES]      docs/active-sampling.md
//   sampling-study unification [OUTDIR] [STUDIES]   docs/unification.md
//   sampling-study scaling [STUDIES]                docs/validation.md, coverage and priors
// Every number follows from the seeds in the sources.
let arguments = CommandLine.arguments.dropFirst()
let folder = URL(filePath: arguments.dropFirst().first ?? ".")
let studies = arguments.dropFirst(2).first.flatMap { Int($0) }
do {
  switch arguments.first {
  case "sampling": try SamplingStudy.run(into: folder, studies: studies)
  case "unification": try UnificationStudy.run(into: folder, studies: studies)
  case "scaling":
    try ScaleAccuracyStudy.run(
      studies: arguments.dropFirst().first.flatMap { Int($0) } ?? 60)
  default:
    FileHandle.standardError.write(
      Data(
        "usage: sampling-study sampling|unification [OUTDIR] [STUDIES] | scaling [STUDIES]\n".utf8))
    exit(64)
  }
} catch {
  FileHandle.standardError.write(Data("sampling-study: \(error)\n".utf8))
  exit(1)
}
