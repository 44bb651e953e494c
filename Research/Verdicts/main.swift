// The error rates of verdicts, the tables of docs/verdicts.md: verdict-study [RUNS]
//   from votes, with one look and with eight verdict-study scores PREDICTIONS [RUNS]    from a
//   model's scores with the errors of its held-out predictions
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "scores", arguments.count > 1 {
  let runs = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 400
  try ScoreErrorRates(arguments[1]).printTable(runs: runs)
} else {
  let runs = arguments.first.flatMap { Int($0) } ?? 400
  try ErrorRates.printFixed(runs: runs)
  try ErrorRates.printSequential(runs: runs)
}
