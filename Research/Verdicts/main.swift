// The error rates of verdicts: `verdict-study [RUNS]` prints the tables of docs/verdicts.md.
let runs = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 400

try ErrorRates.printFixed(runs: runs)
try ErrorRates.printSequential(runs: runs)
