import Domain
public import Files
import Foundation
import ModelLibrary
import NeuralModels
import Pixels
import Preparation
import Statistics
public import Studies
import Tensors

/// Proposes which photos of a study show one person, by their main faces.
///
/// Embeddings are biometric data. They are made and compared in this process's memory, which is kept
/// out of core dumps, and end with the run: what is written down are numbers of groups, for somebody
/// to confirm. Only photos whose consent covers identification are looked at, and in each only the
/// main face: bystanders never agreed to anything.
public struct PeopleRun {
  /// One photo with a face to compare.
  private struct Job: Sendable {
    let photo: Int64
    let name: String
    let sha256: String
  }

  private enum Outcome: Sendable {
    case face(FaceBox, FaceEmbedding)
    /// No face, or none whose landmarks are seen.
    case none
    case fault(String)
  }

  /// The networks of one thread.
  private struct Worker {
    let search: FaceSearch<RetinaFaceDetector>
    let embedder: FaceEmbedder
  }

  private let study: StudyStore
  private let plan: PeoplePlan
  private let detector: String
  private let network: String

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - study: the study, whose lock the caller holds.
  ///   - plan: how faces are grouped.
  ///   - installation: where the networks lie.
  /// - Throws: `InputError` when a network is not installed, or the threshold can't be used.
  public init(_ study: StudyStore, plan: PeoplePlan, installation: Installation) throws {
    guard plan.threshold > 0, plan.threshold < 2 else {
      throw InputError(
        Setting("threshold"), "\(plan.threshold) is out of range",
        remedy: "give a distance between 0 and 2, such as 0.6")
    }
    (self.study, self.plan) = (study, plan)
    network = try installation.faceRecognition(FaceRecognition.fileName)
    detector = try installation.model(ScoringFiles.detector)
  }

  /// Looks at the photos and writes the proposal down, instead of the one before.
  ///
  /// - Parameter progress: called with the number of finished photos and of all, on any thread.
  /// - Returns: what was found.
  /// - Throws: `InputError` when no photo may be looked at or none shows a face.
  public func run(
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> PeopleReport {
    Self.refuseCoreDumps()
    var report = PeopleReport()
    let jobs = try jobs(&report)
    let threads = min(
      max(1, plan.threads ?? ProcessInfo.processInfo.activeProcessorCount), jobs.count)
    let (study, plan, detector, network) = (study, plan, detector, network)
    let outcomes = try Parallel.map(
      count: jobs.count, threads: threads, progress: { progress($0, jobs.count) },
      state: {
        Result {
          // Photos are spread over the threads, so one network takes one.
          if threads > 1 { try Runtime.setThreads(1) }
          return Worker(
            search: FaceSearch(
              try RetinaFaceDetector(modelPath: detector), options: plan.reading),
            embedder: try FaceEmbedder(detector: detector, network: network))
        }
      },
      body: { worker, index in try Self.look(at: jobs[index], worker.get(), study, plan) })
    var faces: [(photo: Int64, box: FaceBox)] = []
    var embeddings: [FaceEmbedding] = []
    for (job, outcome) in zip(jobs, outcomes) {
      switch outcome {
      case .face(let box, let embedding):
        faces.append((job.photo, box))
        embeddings.append(embedding)
      case .none: report.withoutFace.append(job.name)
      case .fault(let line): report.faults.append(line)
      }
    }
    guard !faces.isEmpty else {
      throw report.faults.isEmpty
        ? InputError(study.folder, "no photo shows a face", remedy: "nothing can be grouped")
        : InputError(
          study.folder, "no photo could be looked at: \(report.faults[0])",
          remedy: "repair the photos")
    }
    var proposal = FaceGrouping.proposal(faces, threshold: plan.threshold) {
      embeddings[$0].distance(to: embeddings[$1])
    }
    proposal.settings = try settings(report)
    try study.propose(proposal, by: PeopleReviewer())
    report.groups = try study.faceGroups()
    return report
  }

  /// The photos that may be looked at.
  private func jobs(_ report: inout PeopleReport) throws -> [Job] {
    let photos = try study.photos().filter { $0.facts != nil }
    guard !photos.isEmpty else {
      throw InputError(
        study.folder, "holds no photos of its own", remedy: "add some with vernier study add")
    }
    let known = Set(photos.map { ScenePhoto(scene: $0.scene, photo: $0.photo) })
    let unconfirmed = try study.unconfirmed(for: .identification).filter {
      known.contains($0.place)
    }
    var kept = photos
    if let reason = plan.exception, !unconfirmed.isEmpty {
      try study.recordException(for: .identification, reason: reason, photos: unconfirmed.count)
    } else {
      report.leftOut = unconfirmed
      let places = Set(unconfirmed.map(\.place))
      kept.removeAll { places.contains(ScenePhoto(scene: $0.scene, photo: $0.photo)) }
    }
    guard !kept.isEmpty else {
      throw InputError(
        study.folder,
        "no photo's consent covers identification: comparing faces is biometric, and consent to "
          + "other uses does not cover it",
        remedy: "ask the people and add it with vernier study describe (column purposes), or give "
          + "\(Setting("allowUnconfirmedConsent")) with a reason")
    }
    return kept.compactMap { photo in
      photo.facts.map {
        Job(
          photo: photo.id,
          name: ScenePhoto(scene: photo.scene, photo: photo.photo).crossName.text,
          sha256: $0.sha256)
      }
    }
  }

  /// Finds and embeds the main face of one photo.
  private static func look(
    at job: Job, _ worker: Worker, _ study: StudyStore, _ plan: PeoplePlan
  ) throws -> Outcome {
    let path = study.files.path(job.sha256)
    do {
      var found = try study.faces(sha256: job.sha256, detector: RetinaFaceDetector.recordName)
      let header = try RasterImage.probe(path, options: plan.reading)
      if found == nil {
        let searched = try worker.search.faces(in: path).found
        try study.keep(
          searched, sha256: job.sha256, detector: RetinaFaceDetector.recordName)
        found = searched
      }
      guard let box = found?.main,
        let embedding = try worker.embedder.embedding(
          of: box, in: path, header: header, options: plan.reading)
      else { return .none }
      return .face(box, embedding)
    } catch let error as PhotoError {
      return .fault(InputError(job.name, error.problem, remedy: error.remedy).markedText)
    }
  }

  /// What the proposal depends on, for the audit trail.
  private func settings(_ report: PeopleReport) throws -> [String: String] {
    var settings = [
      "threshold": "\(plan.threshold)", "program": VernierVersion.text,
      "network": try FileDigest.sha256(network),
    ]
    if !report.leftOut.isEmpty { settings["left-out"] = "\(report.leftOut.count)" }
    if plan.exception != nil { settings["consent"] = "by an exception" }
    return settings
  }

  /// A crash must not write this process's memory to a disk.
  private static func refuseCoreDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
