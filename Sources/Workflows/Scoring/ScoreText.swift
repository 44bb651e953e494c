import Documents
public import Domain

/// Scores as people read them.
public enum ScoreText {
  /// One line: photo, score, interval, unit, scene, remark.
  public static func line(_ record: PhotoScore) -> String {
    var line = "\(InputError.oneLine(record.photo)): \(number(record))"
    if let scene = record.scene { line += ", \(self.scene(scene))" }
    if record.isOutside == true { line += " — OUTSIDE what this model knows" }
    if let remark = record.remark { line += " (\(remark))" }
    return line
  }

  /// The score with its interval and unit.
  public static func number(_ record: PhotoScore) -> String {
    var text = NumberFormat.fixed(record.score, 2)
    if let low = record.low, let high = record.high {
      text += " [\(NumberFormat.fixed(low, 2)), \(NumberFormat.fixed(high, 2))]"
    }
    return record.unit.map { "\(text) \(InputError.oneLine($0.text))" } ?? text
  }

  /// The scene and where its name comes from.
  public static func scene(_ scene: SceneFinding) -> String {
    guard let probability = scene.probability else {
      return "scene \(InputError.oneLine(scene.name)) (as given)"
    }
    let percent = Int((100 * probability).rounded())
    return "scene \(InputError.oneLine(scene.name)) (predicted, \(percent) %)"
  }
}
