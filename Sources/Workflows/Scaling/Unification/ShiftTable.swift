import Domain
import Files

/// How old photos moved when their scenes were extended: a row for each.
struct ShiftTable {
  private(set) var writer = CSVWriter(columns: [
    "scene", "attribute", "image", "before", "after", "shift", "shift_sd",
  ])

  /// Adds a photo of the scene and attribute of some judgements.
  mutating func append(
    _ scene: SceneJudgements, _ photo: PhotoID, before: Double, after: Double, deviation: Double
  ) {
    writer.append([
      scene.scene.text, scene.attribute.text, photo.text, CSVWriter.text(before),
      CSVWriter.text(after), CSVWriter.text(after - before), CSVWriter.text(deviation),
    ])
  }
}
