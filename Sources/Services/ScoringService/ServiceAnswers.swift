import Domain
import Scoring
import ScoringWorkflow

/// A score as the service gives it; keys without a value are null.
struct ScoreAnswer: Encodable {
  let name: String?
  let score: PhotoScore
  let model: LoadedModel
  let region: String

  private enum Key: CodingKey {
    case name, score, low, high, unit, attribute, model, sha256, region, outside, scene, remark
  }

  func encode(to encoder: any Encoder) throws {
    var answer = encoder.container(keyedBy: Key.self)
    if let name { try answer.encode(name, forKey: .name) }
    try answer.encode(score.score, forKey: .score)
    try answer.encode(score.low, forKey: .low)
    try answer.encode(score.high, forKey: .high)
    try answer.encode(model.unit?.text, forKey: .unit)
    try answer.encode(model.attribute.text, forKey: .attribute)
    try answer.encode(model.name, forKey: .model)
    try answer.encode(model.sha256, forKey: .sha256)
    try answer.encode(region, forKey: .region)
    try answer.encode(score.isOutside, forKey: .outside)
    try answer.encode(score.scene?.name, forKey: .scene)
    try answer.encode(score.remark, forKey: .remark)
  }
}

/// Why a request, or one photo of it, has no score.
struct FaultAnswer: Encodable {
  struct Fault: Encodable {
    let kind: String
    let message: String
  }

  let name: String?
  let error: Fault
}

/// How much better one photo is than another.
struct CompareAnswer: Encodable {
  let difference: Double
  let low: Double?
  let high: Double?
  let unit: String?
  let a: ScoreAnswer
  let b: ScoreAnswer

  /// The difference b − a.
  ///
  /// Its interval adds the errors of both scores as if they were independent. Two photos of one
  /// scene share a part of their error, so that the interval is then on the safe side.
  init(a: ScoreAnswer, b: ScoreAnswer) {
    (self.a, self.b) = (a, b)
    difference = b.score.score - a.score.score
    unit = a.model.unit?.text
    if let aLow = a.score.low, let aHigh = a.score.high, let bLow = b.score.low,
      let bHigh = b.score.high
    {
      func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
      low = difference - length(b.score.score - bLow, aHigh - a.score.score)
      high = difference + length(bHigh - b.score.score, a.score.score - aLow)
    } else {
      (low, high) = (nil, nil)
    }
  }
}

/// A photo's score, and what it is made of; rectangles are x, y, width and height in pixels of the
/// upright photo.
struct MapAnswer: Encodable {
  struct Part: Encodable {
    let area: [Int]
    let score: Double
  }

  let score: ScoreAnswer
  /// The upright photo's size.
  let width: Int
  let height: Int
  /// What was scored of it.
  let crop: [Int]
  /// Its main face; null where none was found.
  let face: [Double]?
  let parts: [Part]
  /// What the parts are.
  let meaning: String

  init(score: ScoreAnswer, map: MapSource, face: FaceBox?) {
    self.score = score
    (width, height) = (map.place.photoWidthPixels, map.place.photoHeightPixels)
    crop = Self.numbers(map.place.crop)
    self.face = face.map { [$0.x, $0.y, $0.width, $0.height] }
    parts = map.partsInPhoto.map { Part(area: Self.numbers($0.area), score: $0.score) }
    meaning = map.parts.meaning
  }

  private enum Key: CodingKey { case score, width, height, crop, face, parts, meaning }

  func encode(to encoder: any Encoder) throws {
    var answer = encoder.container(keyedBy: Key.self)
    try answer.encode(score, forKey: .score)
    try answer.encode(width, forKey: .width)
    try answer.encode(height, forKey: .height)
    try answer.encode(crop, forKey: .crop)
    // Null where there is none, as in every answer.
    try answer.encode(face, forKey: .face)
    try answer.encode(parts, forKey: .parts)
    try answer.encode(meaning, forKey: .meaning)
  }

  private static func numbers(_ area: PixelRectangle) -> [Int] {
    [area.x, area.y, area.width, area.height]
  }
}

/// A model that the service has.
struct ModelAnswer: Encodable {
  struct Model: Encodable {
    let model: String
    let sha256: String?
    let attribute: String
    let unit: String?
    let map: Bool
  }

  let models: [Model]
}
