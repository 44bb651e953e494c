public import Domain
public import Evaluation
import Files

/// Numbers from papers, to stand beside one's own: a CSV with
/// `source,protocol,attribute,model,statistic,metric,value,margin`.
///
/// `statistic` is `mean` or `median` over scenes, or `global`; `metric` is one of
/// ``Evaluation/Metric``; `margin` may be empty.
public struct PublishedNumbers: Hashable, Sendable {
  /// One number.
  public struct Entry: Hashable, Sendable {
    /// Where it was published.
    public let source: String
    /// The attribute.
    public let attribute: Attribute
    /// The model's name.
    public let model: String
    /// How it was summarised.
    public let statistic: TableStatistic
    /// The metric.
    public let metric: Metric
    /// The value.
    public let value: Double
    /// The published error margin, if there is one.
    public let margin: Double?
  }

  /// The numbers, in the order of the file.
  public let entries: [Entry]

  /// Reads the numbers of one protocol.
  ///
  /// - Throws: `InputError` that names the file and the row, and lists the protocols when there is
  ///   none of that name.
  public init(path: String, protocol name: String) throws(InputError) {
    let table = try CSVTable(path: path)
    let column = try table.columns([
      "source", "protocol", "attribute", "model", "statistic", "metric", "value", "margin",
    ])
    var entries: [Entry] = []
    var known: Set<String> = []
    for row in table.rows {
      known.insert(row.rawText(column[1]))
      guard row.rawText(column[1]) == name else { continue }
      guard let statistic = TableStatistic(rawValue: row.rawText(column[4])) else {
        throw row.error(column[4], "is not a statistic", remedy: "write mean, median or global")
      }
      guard let metric = Metric(rawValue: row.rawText(column[5])) else {
        throw row.error(
          column[5], "is not a metric",
          remedy: "write one of \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      entries.append(
        Entry(
          source: try row.text(column[0]), attribute: Attribute(try row.text(column[2])),
          model: try row.text(column[3]), statistic: statistic, metric: metric,
          value: try row.number(column[6]), margin: try row.optionalNumber(column[7])))
    }
    guard !entries.isEmpty else {
      throw InputError(
        path, "it has no protocol «\(name)»",
        remedy: "give one of \(known.sorted().joined(separator: ", "))")
    }
    self.entries = entries
  }

  /// The models, in the order of the file.
  var models: [String] {
    var seen: Set<String> = []
    return entries.map(\.model).filter { seen.insert($0).inserted }
  }

  /// One number, if it was published.
  func entry(
    _ model: String, _ attribute: Attribute, _ statistic: TableStatistic, _ metric: Metric
  ) -> Entry? {
    entries.first {
      $0.model == model && $0.attribute == attribute && $0.statistic == statistic
        && $0.metric == metric
    }
  }
}
