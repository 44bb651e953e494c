public import Training

/// How far a run has come.
public enum RunProgress: Sendable {
  /// Files are read, to know their content.
  case reading(done: Int, total: Int)
  /// Steps of the optimiser; the first `known` were done by an earlier run.
  case training(done: Int, total: Int, known: Int)
  /// An epoch is finished.
  case epoch(EpochRecord)
  /// The finished model predicts the photos' scores.
  case evaluating(done: Int, total: Int)
}

/// How a run ended.
public enum RunOutcome: Sendable {
  /// The model is there.
  case finished(RunRecord, [EpochRecord])
  /// It was stopped; the same command resumes it.
  case stopped(epoch: Int, step: Int)
  /// It was finished before; nothing was done.
  case known(RunRecord, [EpochRecord])
}
