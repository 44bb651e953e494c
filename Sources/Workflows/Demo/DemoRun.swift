import Domain
import Training
import TrainingWorkflow

/// One finished training run of the demo.
struct DemoRun {
  let record: RunRecord
  let epochs: [EpochRecord]
  let predictions: [Prediction]
}
