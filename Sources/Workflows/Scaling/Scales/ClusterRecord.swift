import Domain
import Scaling

/// How the clusters of one scene were decided: a scene of `Clusters_<Attribute>.json`.
struct ClusterRecord: Encodable {
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
