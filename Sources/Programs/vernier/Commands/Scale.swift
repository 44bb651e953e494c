import ArgumentParser
import Domain
import Files
import Scaling

/// Turns votes into quality scales with intervals.
struct Scale: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn votes into a quality scale per scene, with 95 % intervals.",
    discussion: """
      Writes DIR/Scores_<Attribute>.csv in the columns of the data set PIQ23, one scale for every scene, with quality \
      levels and clusters, and every test behind the clusters to DIR/Clusters_<Attribute>.json. Each scale has its own origin (mean 0): scores of two scenes can't be compared before \
      `vernier unify`.
      """)

  @Option(help: "The votes: observer,scene,attribute,image_a,image_b,choice.")
  var votes: String
  @Option(help: "The folder to write to.")
  var out: String
  @OptionGroup var options: ScalingOptions

  func run() throws {
    let settings = try options.settings()
    let (rule, mode) = (try options.levelRule(), try options.clusterMode())
    let scenes = SceneJudgements.grouping(
      try VotesFile.read(votes, allowsSelfVotes: settings.prior.countsSelfVotes))
    var batch = Batch()
    var results: [SceneAnalysis] = []
    var line = ProgressLine("scaling scenes", total: scenes.count)
    for (index, scene) in scenes.enumerated() {
      batch.attempt("\(votes), scene \(scene.scene), \(scene.attribute)") {
        let scaled = try scaleScene(scene, settings: settings)
        for note in scaled.notes {
          Messages.say("\(scene.scene), \(scene.attribute): \(note)")
        }
        results.append(try analyseScene(scaled, rule: rule, mode: mode))
      }
      line.update(index + 1)
    }
    let provenance = Provenance(
      command: ["scale"], seed: settings.seed, settings: options.record(settings),
      inputs: try Provenance.digests(of: [votes]))
    let groups = Dictionary(grouping: results, by: \.scale.attribute)
    for (attribute, group) in groups.sorted(by: { $0.key < $1.key }) {
      let path = "\(out)/Scores_\(attribute.title).csv"
      try ScoresFile.write(group.map(\.scale), to: path, provenance: provenance)
      try AtomicFile.write(
        CanonicalJSON.document(group.map(ClusterRecord.init)),
        to: "\(out)/Clusters_\(attribute.title).json")
      Messages.say("\(group.count) scenes in \(settings.convention.unitLabel): \(path)")
    }
    try batch.finish(of: scenes.count, "scenes")
  }
}

/// How the clusters of one scene were decided: a scene of `Clusters_<Attribute>.json`.
private struct ClusterRecord: Encodable {
  let scene: SceneID
  let attribute: Attribute
  let photos: [PhotoID]
  let levels: [Int]
  let mode: ClusterMode
  let tests: [LevelTest]
  let edges: [ClusterEdge]
  let clusters: [QualityCluster]

  init(_ analysis: SceneAnalysis) {
    (scene, attribute) = (analysis.scale.scene, analysis.scale.attribute)
    photos = analysis.scale.photos.map(\.photo)
    levels = analysis.levels.levels
    (mode, tests) = (analysis.clusters.mode, analysis.clusters.tests)
    (edges, clusters) = (analysis.clusters.edges, analysis.clusters.clusters)
  }
}

extension ScalePrior {
  /// Whether votes of a photo against itself matter: pwcmp's published scales count them.
  fileprivate var countsSelfVotes: Bool { self == .pwcmp }
}
