public import Domain
import Foundation

/// How a study is annotated; kept with the study.
public struct AnnotationSettings: Codable, Hashable, Sendable {
  /// What the viewing check does.
  public enum Gate: String, Codable, Hashable, Sendable, CaseIterable {
    /// An observer whose screen fails can't vote.
    case strict
    /// Failures are shown and recorded; the observer may continue.
    case advisory
    /// No check.
    case off
  }

  /// What the viewing check does.
  public var gate = Gate.advisory
  /// Whether «not sure» is a choice.
  public var allowsTies = false
  /// The active time of one block, in seconds.
  public var blockSeconds = 300
  /// The shortest break between two blocks, in seconds.
  public var breakSeconds = 60
  /// How long a pair is held without activity, in seconds.
  public var leaseSeconds = 90
  /// How long a pair stays reserved after its page was left, in seconds: a reload finds it again.
  public var graceSeconds = 10
  /// The scale that a pair on a face must be looked at, 1 for 1:1; 0 for none.
  ///
  /// A vote without it is marked, and refused where the gate is strict.
  public var wantedScale = 1.0
  /// How many days old a declared calibration of a screen may be.
  public var calibrationDays = 180
  /// How many plates for color vision the viewing check shows; 0 for none.
  public var colorPlates = 0
  /// How many of them must be read right.
  public var leastPlatesRight = 0
  /// The visual acuity that the viewing check asks for, decimal (1 is 20/20); 0 for no test.
  public var leastAcuity = 0.0
  /// Whether the viewing check asks about experience with image quality.
  public var asksExperience = false
  /// The number of pairs planned at once for one task.
  public var batchSize = 24
  /// What pairs are chosen for.
  public var criterion = PairCriterion.errorReduction
  /// The share of pairs that are random whatever the criterion says.
  public var randomShare = 0.0
  /// The share of planned pairs that lie far apart on the scale so far, for its length.
  public var anchorShare = 0.0
  /// After how many other answers a pair may return to an observer who judged it, where fewer than
  /// ten take part and the plan holds nothing new for him; 0 for never.
  public var returnAfter = 60
  /// The share of pairs shown a second time to the same observer.
  public var repeatShare = 0.05
  /// The share of pairs whose better photo is known.
  public var goldenShare = 0.03
  /// The number of training pairs before the first vote on an attribute.
  public var trainingPairs = 3
  /// The number of comparisons after which a task is complete.
  public var targetComparisons = 4000
  /// The number of comparisons for each photo after which its task is complete.
  ///
  /// Zero takes ``targetComparisons``, whatever the number of photos.
  public var targetPerPhoto = 0.0
  /// The median width of the 95 % intervals at which a task is complete, in JOD.
  ///
  /// Zero turns this part of the stop rule off.
  public var targetMedianWidth = 0.0
  /// The shrinkage of the median width per 100 votes below which a task is complete, in JOD.
  ///
  /// Zero turns this part of the stop rule off.
  public var leastShrinkage = 0.0
  /// The plan of a sequential verdict in the study's folder, such as `verdict.json`: the study is
  /// complete when the verdict is in; empty for none.
  public var verdict = ""
  /// How many wrong invitations and passwords one address may send in ten minutes.
  public var entryTries = 10
  /// How many requests one address may send at once; half as many a second.
  public var addressRequests = 600
  /// How many requests one cookie may send at once; a quarter as many a second.
  public var cookieRequests = 120
  /// The seed of every random choice of the assignment.
  public var seed: UInt64 = 1

  /// The settings of the papers' protocol.
  public init() {}
}

extension AnnotationSettings {
  /// Settings with some values changed by name, such as `["blockSeconds": "300"]`.
  ///
  /// - Throws: `InputError` for an unknown name or a value that does not fit.
  public func changing(_ values: [String: String]) throws -> AnnotationSettings {
    var fields = try Self.fields(of: self)
    for (name, text) in values.sorted(by: { $0.key < $1.key }) {
      guard fields[name] != nil else {
        throw InputError(
          name, "there is no such setting",
          remedy: "choose one of " + fields.keys.sorted().joined(separator: ", "))
      }
      fields[name] = text == "true" ? true : text == "false" ? false : Self.plain(text)
      guard let changed = try? Self.decode(fields), changed.isSound else {
        throw InputError(
          "\(name)=\(text)", "the value does not fit", remedy: "see docs/annotation.md")
      }
    }
    return try Self.decode(fields)
  }

  /// Every setting as its text.
  var texts: [String: String] {
    let fields = (try? Self.fields(of: self)) ?? [:]
    return fields.mapValues { value in
      // JSON's own words: `true` and numbers as they are written.
      if let number = value as? NSNumber, !(value is String) {
        let data = try? JSONSerialization.data(
          withJSONObject: number, options: .fragmentsAllowed)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
      }
      return "\(value)"
    }
  }

  /// Settings as they were stored; what an older program did not know has the protocol's value.
  static func stored(_ text: String) throws -> AnnotationSettings {
    let stored = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    return try decode(fields(of: AnnotationSettings()).merging(stored) { $1 })
  }

  private static func fields(of settings: AnnotationSettings) throws -> [String: Any] {
    let data = try JSONEncoder().encode(settings)
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  private static func decode(_ fields: [String: Any]) throws -> AnnotationSettings {
    try JSONDecoder().decode(
      AnnotationSettings.self, from: try JSONSerialization.data(withJSONObject: fields))
  }

  private static func plain(_ text: String) -> Any {
    if let whole = Int(text) { return whole }
    if let number = Double(text) { return number }
    return text
  }

  /// Whether every number can be worked with.
  private var isSound: Bool {
    let positive = [
      blockSeconds, leaseSeconds, batchSize, targetComparisons, entryTries, addressRequests,
      cookieRequests, calibrationDays,
    ]
    let others = [
      colorPlates, leastPlatesRight, breakSeconds, graceSeconds, trainingPairs, returnAfter,
    ]
    return positive.allSatisfy { (1...10_000_000).contains($0) }
      && others.allSatisfy { (0...10_000_000).contains($0) }
      && colorPlates <= 12 && leastPlatesRight <= colorPlates && (0...2).contains(leastAcuity)
      && [repeatShare, goldenShare].allSatisfy { (0...0.5).contains($0) }
      && [randomShare, anchorShare, wantedScale].allSatisfy { (0...1).contains($0) }
      && (0...100_000).contains(targetPerPhoto) && targetMedianWidth >= 0 && leastShrinkage >= 0
  }
}
