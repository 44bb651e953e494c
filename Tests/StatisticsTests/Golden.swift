import Foundation

/// The values of `Fixtures/statistics.json`, made by `Scripts/golden/statistics.py`.
struct Golden: Decodable {
  struct Normal: Decodable {
    let x, cdf, logCdf, inverseMills, complement, lambda: Double
  }
  struct Quantile: Decodable {
    let p, x: Double
  }
  struct StudentCase: Decodable {
    let df, t, cdf, survival, quantile: Double
  }
  struct FisherCase: Decodable {
    let d1, d2, f, cdf, survival: Double
  }
  struct ChiCase: Decodable {
    let df, x, cdf, survival, quantile: Double
  }
  struct Correlations: Decodable {
    let x, y: [Double]
    let pearson, spearman, kendall: Double
  }
  struct EmpiricalQuantile: Decodable {
    let p, value: Double
  }
  struct Anova: Decodable {
    let scores: [[Double]]
    let f, p, d1, d2, epsilon, correctedP: Double
  }
  struct Paired: Decodable {
    let t, p: Double
  }
  struct Multiple: Decodable {
    let p, holm, fdr: [Double]
  }
  struct Partitions: Decodable {
    struct Run: Decodable {
      let k: Int
      let inertia: Double
    }
    let points: [[Double]]
    let runs: [Run]
  }
  struct Graph: Decodable {
    let name: String
    let nodes: Int
    let edges: [[Double]]
    let labels: [Int]
    let modularity: Double
  }

  let normal: [Normal]
  let quantile: [Quantile]
  let studentT: [StudentCase]
  let fisherF: [FisherCase]
  let chiSquared: [ChiCase]
  let correlation: Correlations
  let quantiles: [EmpiricalQuantile]
  let anova: Anova
  let pairedT: Paired
  let multiple: Multiple
  let kMeans: Partitions
  let louvain: [Graph]

  static func load() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/statistics.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// Whether two numbers agree to a relative tolerance, or to the absolute one near 0.
func close(_ a: Double, _ b: Double, relative: Double, absolute: Double = 0) -> Bool {
  a == b || abs(a - b) <= max(relative * max(abs(a), abs(b)), absolute)
}
