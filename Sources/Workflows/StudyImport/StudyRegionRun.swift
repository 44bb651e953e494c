import Domain
public import Files
import Foundation
import ModelLibrary
import Pixels
import Preparation
public import Studies
import Tensors

/// Makes the regions of a study's photos with the preparation stage, each only once.
///
/// Faces are remembered by the photo's content; attributes with the same rule share one file.
public struct StudyRegionRun {
  /// One photo with what is to be made of it.
  private struct Job: Sendable {
    let photo: Int64
    let name: String
    let sha256: String
    /// The attributes by rule: those of one entry share their region.
    let rules: [(rule: RegionRule, attributes: [Attribute])]
  }

  /// What came of one photo.
  private struct Outcome: Sendable {
    let made: Int
    let searched: Bool
    let fault: String?
  }

  private let study: StudyStore
  private let plan: StudyRegionPlan
  private let settings: PreparationSettings
  private let detector: String
  private static let detectorName = RetinaFaceDetector.recordName

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - study: the study, whose lock the caller holds.
  ///   - plan: what is to be made.
  ///   - installation: where the face detector lies.
  /// - Throws: `InputError` for an attribute that the study lacks, or a missing installation.
  public init(_ study: StudyStore, plan: StudyRegionPlan, installation: Installation) throws {
    self.study = study
    self.plan = plan
    detector = try installation.model(ScoringFiles.detector)
    let rules = try study.attributes().map(\.rule)
    settings = PreparationSettings(
      rules: rules, faceMargin: plan.margin, decoding: plan.reading)
    for attribute in plan.attributes ?? [] { _ = try settings.rule(for: attribute) }
  }

  /// Makes what is missing; a photo that can't be prepared doesn't stop the others.
  ///
  /// - Parameter progress: called with the number of finished photos and of all, on any thread.
  /// - Returns: what was made, and what could not be.
  /// - Throws: `InputError` for a full disk; what was made stays.
  public func run(
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> StudyRegionReport {
    var report = StudyRegionReport()
    let jobs = try jobs(&report)
    let threads = min(
      max(1, plan.threads ?? ProcessInfo.processInfo.activeProcessorCount), max(1, jobs.count))
    let (study, plan, detector) = (study, plan, detector)
    let needsFaces = jobs.contains { $0.rules.contains { plan.region.needsFace($0.rule) } }
    let outcomes = try PreparationBatch.map(
      count: jobs.count, settings: settings, threads: threads,
      progress: { progress($0, jobs.count) },
      endsBatch: { ($0 as? InputError)?.reason == .diskFull },
      makeDetector: {
        let late = LateFaceDetector {
          // Photos are spread over the threads, so one network takes one.
          if threads > 1 { try Runtime.setThreads(1) }
          return try RetinaFaceDetector(modelPath: detector)
        }
        if needsFaces { try late.load() }
        return late
      },
      body: { preparer, index in try Self.work(jobs[index], preparer, study, plan) })
    for (job, outcome) in zip(jobs, outcomes) {
      switch outcome {
      case .success(let done):
        report.made += done.made
        report.searched += done.searched ? 1 : 0
        if let fault = done.fault { report.refused.append(fault) }
      case .failure(let error): report.refused.append(Self.line(job.name, error))
      }
    }
    try study.writeRegionsTable()
    return report
  }

  /// The photos whose regions are missing or were made by other settings.
  private func jobs(_ report: inout StudyRegionReport) throws -> [Job] {
    let known = try study.regions()
    let wanted = settings.rules.filter { plan.attributes?.contains($0.attribute) ?? true }
    let photos = try study.photos()
    if let named = plan.photos {
      let all = Set(photos.map { ScenePhoto(scene: $0.scene, photo: $0.photo) })
      if let absent = named.subtracting(all).sorted().first {
        throw InputError(
          Setting("photo"), "the study has no photo \(absent.crossName)",
          remedy: "write SCENE/NAME as vernier study list shows them")
      }
    }
    var jobs: [Job] = []
    for photo in photos {
      let place = ScenePhoto(scene: photo.scene, photo: photo.photo)
      guard let facts = photo.facts, plan.photos?.contains(place) ?? true else { continue }
      var rules: [(rule: RegionRule, attributes: [Attribute])] = []
      for rule in wanted {
        let line = settings.line(rule: rule, region: plan.region)
        if let old = known[photo.id]?[rule.attribute], isUpToDate(old, line) {
          report.known += 1
        } else if let same = rules.firstIndex(where: {
          settings.line(rule: $0.rule, region: plan.region) == line
        }) {
          rules[same].attributes.append(rule.attribute)
        } else {
          rules.append((rule, [rule.attribute]))
        }
      }
      guard !rules.isEmpty else { continue }
      jobs.append(
        Job(
          photo: photo.id, name: place.crossName.text, sha256: facts.sha256, rules: rules))
    }
    return jobs
  }

  private func isUpToDate(_ region: StudyRegion, _ line: String) -> Bool {
    let isThere = study.files.byteCount(region.sha256) == region.byteCount
    guard isThere else { return false }
    if region.settings == line { return true }
    // A region that was chosen by hand or came with a data set is not replaced by the rule.
    return region.origin != .rule && plan.region == .automatic && !plan.replacesChoices
  }

  /// Makes the regions of one photo.
  private static func work<Detector>(
    _ job: Job, _ preparer: PhotoPreparer<Detector>, _ study: StudyStore, _ plan: StudyRegionPlan
  ) throws -> Outcome {
    let path = study.files.path(job.sha256)
    var faces: FoundFaces?
    var searched = false
    if job.rules.contains(where: { plan.region.needsFace($0.rule) }) {
      if let stored = try study.faces(sha256: job.sha256, detector: detectorName) {
        faces = stored
      } else {
        let found = try preparer.faces(in: path)
        try study.keep(found, sha256: job.sha256, detector: detectorName)
        (faces, searched) = (found, true)
      }
    }
    var made = 0
    var fault: String?
    for (rule, attributes) in job.rules {
      do {
        let encoded = try preparer.encodedRegion(
          of: path, sha256: job.sha256, rule: rule, region: plan.region, faces: faces)
        let sha256 = try study.files.insert(encoded.bytes)
        let prepared = encoded.record.prepared
        // No path in the study: it may be moved.
        let record = try CanonicalJSON.line(encoded.record.at(photo: ""))
        try study.keep(
          attributes.map {
            StudyRegion(
              photo: job.photo, attribute: $0, sha256: sha256, byteCount: encoded.bytes.count,
              widthPixels: prepared.widthPixels, heightPixels: prepared.heightPixels,
              origin: plan.region == .automatic ? .rule : .choice,
              settings: encoded.record.settings, record: record)
          })
        made += attributes.count
      } catch {
        // The whole photo can still serve another attribute when no face is found.
        if (error as? InputError)?.reason == .diskFull { throw error }
        fault = fault ?? line(job.name, error)
      }
    }
    return Outcome(made: made, searched: searched, fault: fault)
  }

  /// One line about a photo under the name that the user knows, its settings still to be spelled.
  private static func line(_ name: String, _ error: any Error) -> String {
    switch error {
    case let error as PhotoError:
      InputError(name, error.problem, remedy: error.remedy).markedText
    case let error as InputError where error.reason == .noFace:
      InputError(
        name, error.problem,
        remedy: "run it again with \(Setting("photo")) SCENE/NAME and \(Setting("region")) full or "
          + "\(Setting("box")) x,y,w,h"
      ).markedText
    case let error as InputError:
      InputError(name, error.problem, remedy: error.remedy).markedText
    default: InputError(name, "\(error)", remedy: "report this").markedText
    }
  }
}
