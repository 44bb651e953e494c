public import Domain
import Files
import Preparation
import Scaling
import Statistics
public import Studies

/// Bridges the gaps of a quality scale with pictures made from references (paper 2, «Database
/// extension»).
///
/// The first run finds the gaps, makes pictures by the stated law of their recipes and asks for
/// votes. A run with those votes says which gaps are closed, and proposes pictures for the others by
/// the losses that were measured. Each run can be interrupted at any moment; the next one makes what
/// is missing.
public struct BridgeRun {
  private let study: StudyStore
  private let plan: BridgePlan
  private let scale: BridgeScale
  private let view: BridgeStudy
  private let observer: WorkflowObserver

  /// Reads the scale and the study.
  ///
  /// - Parameters:
  ///   - study: the study, whose lock the caller holds unless the run is dry.
  ///   - plan: what is to be bridged, and how.
  ///   - observer: receives remarks on the scale, progress and failures.
  /// - Throws: `InputError` for a scale that can't be read, a scene or attribute that it lacks, and a
  ///   scene without a reference on it.
  public init(
    _ study: StudyStore, plan: BridgePlan, observer: WorkflowObserver = .silent
  ) throws {
    (self.study, self.plan, self.observer) = (study, plan, observer)
    scale = try BridgeScale(plan)
    view = try BridgeStudy(study, scale, plan)
    let absent = view.members.count { $0 == nil }
    if absent > 0 {
      observer.note(
        "\(absent) photos of the scale are not in the study; they are left out, as if they were "
          + "not on the scale")
    }
    if ScaleConvention(scale.unit) == .piq23 {
      observer.note(
        "the scale is in PIQ23's z-scored unit: widths are in that unit, and recipes are expected "
          + "to take as much of it as of JOD until votes measured them")
    }
    guard !view.references.isEmpty else {
      throw InputError(
        "scene \(plan.scene)", "none of its photos on the scale is marked as a reference",
        remedy:
          "mark one with vernier study describe (column reference), and compare it with others")
    }
  }

  /// Bridges the gaps; a picture that can't be made doesn't stop the others.
  ///
  /// - Returns: gaps, pictures and wanted comparisons.
  /// - Throws: an error when the study can't be changed.
  public func run() throws -> BridgeOutcome {
    let steps = try scaleSteps(scale.estimates, among: view.placed, settings: plan.gaps)
    var proposals = try BridgeProposals(view, plan)
    var found: [(step: ScaleStep, proposals: GapProposals)] = []
    for step in steps where step.gap != nil {
      found.append((step, step.gap == .uncertain ? GapProposals() : proposals.next(step)))
    }
    if !plan.isDryRun { try study.keep(found.compactMap { record($0.step) }) }
    var pairs = BridgePairs(scene: plan.scene, attribute: scale.attribute)
    var outcome = BridgeOutcome(
      scene: plan.scene, attribute: scale.attribute, scale: scale.kind.rawValue, unit: scale.unit,
      pairs: pairs.table, provenance: try provenance())
    outcome.gaps = try gaps(found, steps)
    outcome.pictures = known(&pairs)
    try make(found.flatMap(\.proposals.proposals), &outcome, &pairs)
    outcome.pictures.sort { $0.photo < $1.photo }
    for (step, _) in found where step.gap == .uncertain { addSides(of: step, to: &pairs) }
    pairs.remove(try study.askedPairs(scene: plan.scene, attribute: scale.attribute))
    outcome.pairs = pairs.table
    guard !plan.isDryRun else { return outcome }
    // After a run that was interrupted the list lacks its pictures.
    if !view.pictures.isEmpty || outcome.pictures.contains(where: { $0.state == .made }) {
      try study.writeRegionsTable()
    }
    outcome.queued = try pairs.write(into: study)
    return outcome
  }

  /// The pictures that are there; comparisons are wanted for those that wait.
  private func known(_ pairs: inout BridgePairs) -> [BridgeOutcome.Picture] {
    view.pictures.map { picture in
      if !picture.isPlaced, let position = view.expectedPosition(picture) {
        pairs.add(
          picture.photo.photo, between: view.sides(of: position, in: plan.scene),
          source: picture.source)
      }
      return BridgeOutcome.Picture(
        photo: picture.photo.photo, source: picture.source.photo, recipe: picture.recipe,
        state: picture.isPlaced ? .placed : .waiting,
        expectedLoss: view.expected.jod(of: picture.recipe), loss: picture.loss?.value,
        interval: picture.loss.map { loss in
          let level = plan.gaps.confidenceLevel
          let ends = loss.interval(level: level)
          return ConfidenceInterval(low: ends.low, high: ends.high, level: level)
        }, sha256: view.regions[picture.photo.id]?.sha256)
    }
  }

  /// Makes the proposed pictures, or says what they would be.
  private func make(
    _ proposals: [BridgeProposal], _ outcome: inout BridgeOutcome, _ pairs: inout BridgePairs
  ) throws {
    let maker = BridgePictures(study, plan)
    for (done, proposal) in proposals.enumerated() {
      let source = proposal.source.photo
      var picture = BridgeOutcome.Picture(
        photo: BridgePictures.name(source.photo, proposal.recipe), source: source.photo,
        recipe: proposal.recipe, state: .planned, expectedLoss: proposal.expectedLoss)
      if !plan.isDryRun {
        do {
          (picture.recipe, picture.sha256) = try maker.make(proposal)
          picture.state = .made
        } catch let error as InputError where error.reason == .diskFull {
          throw error
        } catch {
          outcome.failures += 1
          observer.failure(picture.photo.text, error)
          continue
        }
      }
      outcome.pictures.append(picture)
      pairs.add(
        picture.photo, between: view.sides(of: proposal.position, in: plan.scene), source: source)
      observer.progress("making pictures", done + 1, of: proposals.count)
    }
  }

  /// What is to be remembered of a gap; nil for one that errors alone may have made.
  private func record(_ step: ScaleStep) -> RecordedGap? {
    guard step.gap != .uncertain, let lower = view.members[step.lower],
      let upper = view.members[step.upper]
    else { return nil }
    return RecordedGap(
      scene: plan.scene, attribute: scale.attribute, scale: scale.kind, lower: lower.id,
      upper: upper.id, width: step.width)
  }

  /// Asks for more votes on a step that errors alone may have made, where one scene has both photos.
  private func addSides(of step: ScaleStep, to pairs: inout BridgePairs) {
    guard let lower = view.members[step.lower], let upper = view.members[step.upper],
      lower.scene == plan.scene, upper.scene == plan.scene
    else { return }
    pairs.add(lower.photo, upper.photo)
  }

  /// The gaps of today, and those of earlier runs as they stand today.
  private func gaps(
    _ found: [(step: ScaleStep, proposals: GapProposals)], _ steps: [ScaleStep]
  ) throws -> [BridgeOutcome.Gap] {
    let positions = scale.estimates.positions
    var result: [(position: Double, gap: BridgeOutcome.Gap)] = []
    for (step, proposed) in found {
      result.append(
        (
          positions[step.lower],
          BridgeOutcome.Gap(
            lower: scale.photos[step.lower], upper: scale.photos[step.upper],
            firstWidth: step.width, width: step.width, interval: step.interval,
            state: step.gap == .uncertain ? .uncertain : .open,
            pictures: proposed.proposals.count + proposed.waiting, problem: proposed.problem)
        ))
    }
    let recorded = try study.gaps(
      scene: plan.scene, attribute: scale.attribute, scale: scale.kind)
    for gap in recorded {
      guard let lower = name(gap.lower), let upper = name(gap.upper) else { continue }
      guard let low = view.index[gap.lower], let high = view.index[gap.upper] else {
        result.append(
          (
            .infinity,
            BridgeOutcome.Gap(
              lower: lower, upper: upper, firstWidth: gap.width, state: .unknown)
          ))
        continue
      }
      if let same = result.firstIndex(where: { $0.gap.lower == lower && $0.gap.upper == upper }) {
        result[same].gap.firstWidth = gap.width
        continue
      }
      let inside = steps.filter {
        positions[$0.lower] >= positions[low] && positions[$0.upper] <= positions[high]
      }
      let widest = inside.max { $0.width < $1.width }
      let left = Set(inside.compactMap(\.gap))
      let state: BridgeOutcome.GapState =
        left.isEmpty ? .closed : left == [.uncertain] ? .uncertain : .open
      result.append(
        (
          positions[low],
          BridgeOutcome.Gap(
            lower: lower, upper: upper, firstWidth: gap.width, width: widest?.width ?? 0,
            interval: widest?.interval, state: state)
        ))
    }
    return result.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }.map(\.element.gap)
  }

  private func name(_ row: Int64) -> ScenePhoto? {
    view.photos[row].map { ScenePhoto(scene: $0.scene, photo: $0.photo) }
  }

  private func provenance() throws -> Provenance {
    func list(_ values: [Double]) -> SettingValue {
      .text(values.map { "\($0)" }.joined(separator: ","))
    }
    let grid = plan.grid
    return Provenance(
      command: ["study", "bridge"], seed: plan.seed,
      settings: [
        "scene": .text(plan.scene.text), "gap": .number(plan.gaps.widest.value),
        "factors": list(grid.factors), "sharpening": list(grid.sharpeningAmounts),
        "noise": list(grid.noiseVariances),
        "sharpening-sigma-pixels": .number(grid.sharpeningSigmaPixels),
        "scale": .text(scale.kind.rawValue),
      ], inputs: try Provenance.digests(of: scale.inputs), unit: scale.unit)
  }
}
