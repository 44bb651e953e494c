import Domain
import Files
import Preparation

/// The lines of a worker's output.
enum WorkerAnswer {
  /// The first line, after the model is loaded; what nobody stated is null.
  struct Ready: Encodable {
    let task: Worker.Task

    private enum Key: CodingKey {
      case type, `protocol`, program, task, model, unit, direction, attribute
    }

    func encode(to encoder: any Encoder) throws {
      var line = encoder.container(keyedBy: Key.self)
      try line.encode("ready", forKey: .type)
      try line.encode(1, forKey: .protocol)
      try line.encode("vernier \(VernierVersion.text)", forKey: .program)
      switch task {
      case .score(let scorer):
        try line.encode("score", forKey: .task)
        try line.encode(try scorer.modelSHA256.map { "sha256:" + $0 }, forKey: .model)
        try line.encode(scorer.unit?.text, forKey: .unit)
        try line.encode(scorer.unit?.direction.rawValue, forKey: .direction)
        try line.encode(scorer.attribute.text, forKey: .attribute)
      case .prepare(let attribute, _):
        try line.encode("prepare", forKey: .task)
        try line.encode(attribute.text, forKey: .attribute)
      }
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
