import Domain
import Files
import Preparation

/// The lines of a worker's output.
enum WorkerAnswer {
  /// The first line, after the model is loaded; what nobody stated is null.
  struct Ready: Encodable {
    private let task: String
    private let model: String?
    private let unit: ScoreUnit?
    private let attribute: Attribute

    /// Asks the model about itself.
    init(_ job: Worker.Job) async throws {
      switch job {
      case .score(let pool):
        task = "score"
        (model, unit, attribute) = try await pool.withScorer {
          (try $0.modelSHA256.map { "sha256:" + $0 }, $0.unit, $0.attribute)
        }
      case .prepare(let kind, _): (task, model, unit, attribute) = ("prepare", nil, nil, kind)
      }
    }

    private enum Key: CodingKey {
      case type, `protocol`, program, task, model, unit, direction, attribute
    }

    func encode(to encoder: any Encoder) throws {
      var line = encoder.container(keyedBy: Key.self)
      try line.encode("ready", forKey: .type)
      try line.encode(1, forKey: .protocol)
      try line.encode("vernier \(VernierVersion.text)", forKey: .program)
      try line.encode(task, forKey: .task)
      try line.encode(attribute.text, forKey: .attribute)
      guard task == "score" else { return }
      try line.encode(model, forKey: .model)
      try line.encode(unit?.text, forKey: .unit)
      try line.encode(unit?.direction.rawValue, forKey: .direction)
    }
  }

  /// A photo's score; keys without a value are null.
  struct Scored: Encodable {
    let id: WorkerID
    let score: PhotoScore

    private enum Key: CodingKey { case id, score, low, high, outside, scene, remark }

    func encode(to encoder: any Encoder) throws {
      var line = encoder.container(keyedBy: Key.self)
      try line.encode(id, forKey: .id)
      try line.encode(score.score, forKey: .score)
      try line.encode(score.low, forKey: .low)
      try line.encode(score.high, forKey: .high)
      try line.encode(score.isOutside, forKey: .outside)
      try line.encode(score.scene?.name, forKey: .scene)
      try line.encode(score.remark, forKey: .remark)
    }
  }

  /// A region that was cut and written.
  struct Prepared: Encodable {
    let id: WorkerID
    let prepared: PreparedRegion

    private enum Key: CodingKey { case id, region, crop, face, faces, widthPixels, heightPixels }

    func encode(to encoder: any Encoder) throws {
      var line = encoder.container(keyedBy: Key.self)
      try line.encode(id, forKey: .id)
      try line.encode(prepared.region, forKey: .region)
      try line.encode(prepared.crop, forKey: .crop)
      try line.encode(prepared.face, forKey: .face)
      try line.encode(prepared.faces, forKey: .faces)
      try line.encode(prepared.widthPixels, forKey: .widthPixels)
      try line.encode(prepared.heightPixels, forKey: .heightPixels)
    }
  }

  /// A request without a result.
  struct Failed: Encodable {
    let id: WorkerID?
    let error: WorkerFault

    private enum Key: CodingKey { case id, error }

    func encode(to encoder: any Encoder) throws {
      var line = encoder.container(keyedBy: Key.self)
      try line.encode(id, forKey: .id)
      try line.encode(error, forKey: .error)
    }
  }
}
