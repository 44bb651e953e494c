public import Documents
public import Domain
import Files
import Pixels
public import Reporting
import TrainingWorkflow

/// A report made from the files of a study, whichever of them there are.
public struct StudyReport {
  /// The files that a report can be made from.
  public struct Files: Hashable, Sendable {
    /// Per-scene scores.
    public var scales: String?
    /// Cross-scene scores.
    public var cross: String?
    /// Scores of one scale.
    public var unified: String?
    /// The scenes' alignments.
    public var coefficients: String?
    /// Folders of training runs.
    public var runs: [String] = []
    /// The folder of the regions, for pictures.
    public var images: String?

    /// Names no file yet.
    public init() {}
  }

  /// How far devices stand below the references of their scenes.
  public var references: [ReportReferences] = []
  /// What the study's photos differ in.
  public var coverage: ReportTable?

  private let files: Files
  private let title: String
  private let notices: [String]

  /// Plans a report.
  ///
  /// - Parameters:
  ///   - files: what to read.
  ///   - title: the report's title.
  ///   - notices: what every reader must know before the numbers.
  /// - Throws: `InputError` when no file is named.
  public init(files: Files, title: String, notices: [String] = []) throws(InputError) {
    guard files.scales != nil || files.unified != nil || !files.runs.isEmpty else {
      throw InputError(
        "report", "there is nothing to report on",
        remedy:
          "give at least one of \(Setting("scales")), \(Setting("unified")) and \(Setting("run"))")
    }
    self.files = files
    self.title = title
    self.notices = notices
  }

  /// Writes the report as one file.
  ///
  /// - Throws: `InputError` that names the file that can't be read or written.
  public func write(to path: String) throws {
    var content = ReportContent(title: title)
    content.notices = notices
    if let scales = files.scales { content.sceneScales = try ScoresFile.read(scales) }
    if let cross = files.cross { content.crossScale = try CrossScoresFile.read(cross) }
    if let coefficients = files.coefficients {
      content.alignments = try CoefficientsFile.read(coefficients)
    }
    if let unified = files.unified {
      content.unifiedScale =
        try UnifiedScoresFile.read(unified, alignments: content.alignments).scale
    }
    (content.references, content.coverage) = (references, coverage)
    for run in files.runs { try add(run, to: &content) }
    content.samples = try samples(content)
    content.settings = try settings()
    try AtomicFile.write(renderReport(content), to: path)
  }

  private func add(_ run: String, to content: inout ReportContent) throws {
    let record = try RunRecord.read(run)
    let rows = try PredictionsFile.read("\(run)/predictions.csv")
    let name = run.split(separator: "/").last.map(String.init) ?? record.architecture
    content.predictions += rows.map { row in
      ReportPrediction(
        model: name, scene: row.prediction.scene, photo: row.prediction.photo,
        part: row.prediction.part,
        measured: row.prediction.measured, predicted: row.prediction.predicted)
    }
    let test = rows.map(\.prediction).filter { $0.part == .test }
    guard !test.isEmpty else { return }
    content.tables += try EvaluationReport.tables(
      model: name, test, isUnified: record.isUnified
    ).map(\.table)
  }

  /// Small pictures of the photos that lie in the image folder; those that are missing are left
  /// out.
  private func samples(_ content: ReportContent) throws -> [ReportSample] {
    guard let images = files.images else { return [] }
    let attribute =
      content.unifiedScale?.attribute ?? content.sceneScales.first?.attribute ?? .details
    let photos = content.unifiedScale?.photos ?? content.sceneScales.flatMap(\.photos)
    let folder = ImageFolder(images)
    return photos.compactMap { photo in
      guard let path = try? folder.file(of: photo.photo, attribute: attribute),
        // Only shown, not judged: a profile that can't be used doesn't matter here.
        let small = try? RasterImage.decodeShrunk(
          path, longSide: 288, options: DecodingOptions(brokenProfile: .assumeSRGB)
        ).image,
        let bytes = try? small.encoded(as: .jpeg(quality: 82))
      else { return nil }
      return ReportSample(scene: photo.scene, photo: photo.photo, image: bytes)
    }
  }

  /// Where the numbers come from: the inputs' sums and their own provenance.
  private func settings() throws -> [ReportSettings] {
    let inputs = [files.scales, files.cross, files.unified, files.coefficients].compactMap(\.self)
    var groups = [ReportSettings("Program", [.init("Vernier", VernierVersion.text)])]
    for input in inputs {
      var entries = [ReportSettings.Entry("SHA-256", try FileDigest.sha256(input))]
      if let record = try Provenance.read(beside: input) {
        entries.append(.init("Command", record.command.joined(separator: " ")))
        if let seed = record.seed { entries.append(.init("Seed", "\(seed)")) }
        for (name, value) in record.settings.sorted(by: { $0.key < $1.key }) {
          entries.append(.init(name, try CanonicalJSON.line(value)))
        }
      }
      groups.append(ReportSettings(input, entries))
    }
    return groups
  }
}
