import Comparison
public import Domain
public import Files
import Reporting
import Scaling

/// Looks at the votes of a file from every side: one finding for each probe and scene.
public struct VotesAudit: Sendable {
  private let votes: String
  private let scene: SceneID?
  private let replicates: Int
  private let seed: UInt64
  private let fastMilliseconds: Double

  /// Plans an audit.
  ///
  /// - Parameters:
  ///   - votes: the path of the votes.
  ///   - scene: the only scene; nil takes all.
  ///   - replicates: the number of simulated replicates behind every p-value.
  ///   - seed: of all random numbers.
  ///   - fastMilliseconds: an answer faster than this is implausible.
  /// - Throws: `InputError` for numbers without a meaning.
  public init(
    votes: String, scene: SceneID? = nil, replicates: Int = 400, seed: UInt64 = 1,
    fastMilliseconds: Double = 300
  ) throws(InputError) {
    guard replicates >= 100 else {
      throw InputError(
        Setting("replicates"), "\(replicates) replicates give no p-value below .01",
        remedy: "give 100 or more")
    }
    guard fastMilliseconds >= 0, fastMilliseconds.isFinite else {
      throw InputError(
        Setting("fast"), "\(fastMilliseconds) is no time", remedy: "give milliseconds, such as 300")
    }
    (self.votes, self.scene, self.replicates) = (votes, scene, replicates)
    (self.seed, self.fastMilliseconds) = (seed, fastMilliseconds)
  }

  /// What came out.
  public struct Outcome: Hashable, Sendable {
    /// The audits, ascending by scene and attribute.
    public let scenes: [SceneAudit]
    /// What observers show over all scenes of one attribute; empty for attributes with one scene.
    public let observers: [Attribute: [AuditFinding]]
    /// The number of scenes that can't be scaled.
    public let failures: Int
    fileprivate let provenance: Provenance
    fileprivate let file: String

    /// The gravest verdict of all scenes.
    public var verdict: AuditVerdict {
      (scenes.map(\.verdict) + observers.values.flatMap { $0.map(\.verdict) }).max() ?? .fine
    }
  }

  /// Audits every scene; one that can't be scaled doesn't stop the others.
  ///
  /// - Parameter observer: hears progress, findings in words, and failures.
  /// - Returns: the findings, row numbers of the file in them.
  /// - Throws: `InputError` when the votes can't be read.
  public func run(observer: WorkflowObserver = .silent) throws -> Outcome {
    let scenes = try SceneVotes.read(votes, only: scene)
    let rows = try Self.rowNumbers(votes)
    let plan = ScalingPlan()
    var audits: [SceneAudit] = []
    var attributes: [Attribute: [AuditedScene]] = [:]
    var failures = 0
    for (index, judgements) in scenes.enumerated() {
      let name = "\(votes), scene \(judgements.scene), \(judgements.attribute)"
      var settings = AuditSettings()
      (settings.replicates, settings.seed, settings.scenes) = (replicates, seed, scenes.count)
      settings.fastMilliseconds = fastMilliseconds
      let found = observer.attempt(name) {
        let simulation = plan.simulation(of: judgements)
        let audit = try auditScene(judgements, settings: settings, simulation: simulation)
        let choice = try PairChoiceProbe(choice: audit.choice).finding(judgements)
        let numbers = rows[Scale(judgements.scene, judgements.attribute)] ?? []
        return (scene: audit, audit: audit.audit.adding(choice, rowNumbers: numbers))
      }
      if let found {
        audits.append(found.audit)
        attributes[judgements.attribute, default: []].append(found.scene)
      } else {
        failures += 1
      }
      observer.progress("auditing scenes", index + 1, of: scenes.count)
    }
    return Outcome(
      scenes: audits, observers: attributes.mapValues(auditObservers).filter { !$1.isEmpty },
      failures: failures,
      provenance: Provenance(
        command: ["audit"], seed: seed,
        settings: [
          "replicates": .integer(replicates), "fast-milliseconds": .number(fastMilliseconds),
        ], inputs: try Provenance.digests(of: [votes])), file: votes)
  }

  /// Which scale a row belongs to.
  private struct Scale: Hashable {
    let scene: SceneID
    let attribute: Attribute

    init(_ scene: SceneID, _ attribute: Attribute) {
      (self.scene, self.attribute) = (scene, attribute)
    }
  }

  /// The line of every vote in the file, scale by scale.
  private static func rowNumbers(_ path: String) throws(InputError) -> [Scale: [Int]] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["scene", "attribute"])
    var numbers: [Scale: [Int]] = [:]
    for row in table.rows {
      let scale = Scale(
        SceneID(try row.text(columns[0])), Attribute(try row.text(columns[1])))
      numbers[scale, default: []].append(row.number)
    }
    return numbers
  }
}

extension VotesAudit.Outcome {
  /// One row a probe and scene: `scene,attribute,probe,verdict,p,finding`; no scene for observers
  /// over all scenes.
  public var table: CSVWriter {
    var table = CSVWriter(columns: ["scene", "attribute", "probe", "verdict", "p", "finding"])
    func add(_ scene: String, _ attribute: Attribute, _ findings: [AuditFinding]) {
      for finding in findings {
        table.append([
          scene, attribute.text, finding.probe.rawValue, finding.verdict.rawValue,
          CSVWriter.text(finding.p), finding.sentence,
        ])
      }
    }
    for scene in scenes { add(scene.scene.text, scene.attribute, scene.findings) }
    for attribute in observers.keys.sorted() {
      add("", attribute, observers[attribute] ?? [])
    }
    return table
  }

  /// Writes one page for people.
  public func writeReport(to path: String) throws(InputError) {
    try AtomicFile.write(renderAudit(scenes, observers: observers, of: file), to: path)
    try provenance.write(beside: path)
  }

  /// Writes everything that was found as JSON.
  public func writeJSON(to path: String) throws(InputError) {
    let record = AuditRecord(
      file: file, version: VernierVersion.text, verdict: verdict, scenes: scenes,
      observersOverAllScenes: Dictionary(
        uniqueKeysWithValues: observers.map { ($0.key.text, $0.value) }))
    try AtomicFile.write(CanonicalJSON.document(record), to: path)
    try provenance.write(beside: path)
  }
}

/// The JSON of an audit.
private struct AuditRecord: Encodable {
  let file: String
  let version: String
  let verdict: AuditVerdict
  let scenes: [SceneAudit]
  let observersOverAllScenes: [String: [AuditFinding]]
}

extension SceneAudit {
  /// The audit with one more finding, in the order of probes, and places of votes as row numbers of
  /// the file.
  fileprivate func adding(_ finding: AuditFinding, rowNumbers: [Int]) -> SceneAudit {
    func resolved(_ text: String) -> String {
      RowReference.resolved(text) { rowNumbers.indices.contains($0) ? rowNumbers[$0] : $0 + 1 }
    }
    let order = AuditProbe.allCases
    var audit = self
    audit.findings = (findings + [finding])
      .sorted { (order.firstIndex(of: $0.probe) ?? 0) < (order.firstIndex(of: $1.probe) ?? 0) }
      .map { found in
        AuditFinding(
          found.probe, found.verdict, resolved(found.sentence), p: found.p,
          measures: found.measures,
          items: found.items.map { AuditItem(resolved($0.name), p: $0.p, resolved($0.sentence)) })
      }
    return audit
  }
}
