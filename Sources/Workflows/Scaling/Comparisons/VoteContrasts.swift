public import Domain
public import Files
public import Scaling
import Statistics

/// Contrasts of the photos or the groups of a votes file.
public struct VoteContrasts: Sendable {
  /// The votes.
  public var votes: String
  /// How they are scaled.
  public var plan: ScalingPlan
  /// The correction, what is visible and what scenes represent.
  public var settings: ContrastSettings
  /// The only scene; nil takes all.
  public var scene: SceneID?
  /// The file of the groups to compare; nil compares the photos inside every scene.
  public var groups: String?
  /// The file of the only pairs of photos to compare, `image_a,image_b`.
  public var pairs: String?

  /// Plans the contrasts of all photos inside every scene.
  public init(votes: String, plan: ScalingPlan, settings: ContrastSettings) {
    (self.votes, self.plan, self.settings) = (votes, plan, settings)
  }

  /// Scales the votes and contrasts their photos or groups.
  ///
  /// - Parameter watcher: receives a message where the answer holds for one scene only.
  /// - Returns: A row for each contrast; differences and their ends in JOD.
  /// - Throws: An error when a file can't be read or a scene can't be scaled.
  public func table(observer watcher: WorkflowObserver = .silent) throws -> CSVWriter {
    let scenes = try SceneVotes.read(votes, only: scene, observer: watcher)
    let scaled = try scenes.map(plan.scaled)
    var table = CSVWriter(columns: [
      "scene", "attribute", "first", "second", "difference_jod", "low", "high", "standard_error",
      "p", "adjusted_p", "shown", "preference", "p_visible", "scenes", "scenes_are", "tau", "i2",
      "new_scene_low", "new_scene_high",
    ])
    if let groups {
      let members = try GroupsFile.read(groups)
      let attributes = Dictionary(grouping: scaled, by: \.scale.attribute)
      for (attribute, group) in attributes.sorted(by: { $0.key < $1.key }) {
        let found = groupContrasts(group, settings: settings) { members($0.scene, $0.photo) }
        if settings.scenes == .sample, found.contains(where: { $0.scenes == 1 }) {
          watcher.message(
            "\(attribute): groups that share one scene have the answer of that scene, which holds "
              + "for no other one.")
        }
        for contrast in found { Self.add(contrast, "", attribute, to: &table) }
      }
      return table
    }
    let wanted = try pairs.map { path throws(InputError) in try PairsFile.read(path) }
    for (judgements, result) in zip(scenes, scaled) {
      let list = wanted.map { pairs in
        pairs.filter {
          judgements.photos.contains($0.first) && judgements.photos.contains($0.second)
        }
      }
      for contrast in try contrasts(result, pairs: list, settings: settings) {
        Self.add(contrast, judgements.scene.text, judgements.attribute, to: &table)
      }
    }
    return table
  }

  private static func add(
    _ contrast: QualityContrast, _ scene: String, _ attribute: Attribute, to table: inout CSVWriter
  ) {
    table.append([
      scene, attribute.text, contrast.first, contrast.second, "\(contrast.difference.value)",
      "\(contrast.interval.low)", "\(contrast.interval.high)", "\(contrast.standardError)",
      "\(contrast.p)", "\(contrast.adjustedP)", "\(contrast.isShown)", "\(contrast.preference)",
      "\(contrast.probabilityVisible)", "\(contrast.scenes)",
      contrast.heterogeneity == nil ? "these" : "a sample",
      CSVWriter.text(contrast.heterogeneity?.tau), CSVWriter.text(contrast.heterogeneity?.share),
      CSVWriter.text(contrast.heterogeneity?.newScene.low),
      CSVWriter.text(contrast.heterogeneity?.newScene.high),
    ])
  }
}
