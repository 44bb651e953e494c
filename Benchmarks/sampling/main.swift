import Foundation

// Simulated studies behind docs/active-sampling.md and docs/unification.md:
//   swift run -c release sampling-study sampling|timing|unification [OUTDIR] [STUDIES]
// Every number follows from the seeds in the sources; timings depend on the machine.
let arguments = CommandLine.arguments.dropFirst()
let folder = URL(filePath: arguments.dropFirst().first ?? ".")
let studies = arguments.dropFirst(2).first.flatMap { Int($0) }
switch arguments.first {
case "sampling": try SamplingStudy.run(into: folder, studies: studies)
case "timing": try SamplingStudy.timing()
case "unification": try UnificationStudy.run(into: folder, studies: studies)
default:
  FileHandle.standardError.write(
    Data("usage: sampling-study sampling|timing|unification [OUTDIR] [STUDIES]\n".utf8))
  exit(64)
}
