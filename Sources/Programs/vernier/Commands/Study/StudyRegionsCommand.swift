import ArgumentParser
import Domain
import Files
import Preparation
import Studies
import StudyImportWorkflow

/// Makes the regions of a study's photos.
struct StudyRegionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regions", abstract: "Make the missing regions of interest.",
    discussion: """
      Every attribute has its rule (vernier study attribute): the main face with a margin, or the \
      whole photo. Detected faces are stored by the photo's content. STUDY/regions.csv \
      (SCENE,IMAGE,ATTRIBUTE,REGION …) lists every region; the annotation application imports it \
      automatically. A photo without a face is reported; the others are processed, and the exit \
      code is 1. For such a photo give --photo SCENE/NAME with --region full or --box; this choice \
      is kept in later runs.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "details, exposure, overall, colour, one of the study's own, or all.")
  var attribute = "all"
  @Option(help: "Only this photo, as SCENE/NAME; may be given several times.")
  var photo: [String] = []
  @OptionGroup var cut: RegionOptions
  @OptionGroup var reading: PhotoReadingOptions
  @Flag(help: "Also replace regions that were chosen by hand.")
  var replaceChoices = false
  @Option(help: "Also write a contact sheet (JPEG) that shows every box; needs one attribute.")
  var preview: String?
  @Option(help: "The number of threads; one for each processor if not given.")
  var threads: Int?

  func run() throws {
    let plan = try plan()
    let installation = try Installation()
    try StudyAccess.change(study) { opened in
      let run = try StudyRegionRun(opened, plan: plan, installation: installation)
      let line = SharedProgress("making regions", total: try opened.photos().count)
      defer { line.finish() }
      let report = try run.run { done, _ in line.update(done) }
      line.finish()
      for fault in report.refused { Messages.say("Error: \(fault)") }
      if let preview {
        let order = try StudyRegionRun.drawSheet(
          opened, attribute: Attribute(attribute), to: preview, reading: plan.reading)
        Messages.say("\(preview) shows \(order.count) photos in the order of vernier study list")
      }
      Messages.say(
        "\(report.made) regions made, \(report.known) known, \(report.refused.count) photos "
          + "refused; \(study)/regions.csv")
      if !report.refused.isEmpty { throw ExitCode.failure }
    }
  }

  private func plan() throws -> StudyRegionPlan {
    var plan = StudyRegionPlan()
    if attribute != "all" { plan.attributes = [Attribute(attribute)] }
    if preview != nil, attribute == "all" {
      throw InputError("--preview", "shows one attribute", remedy: "give --attribute NAME too")
    }
    if !photo.isEmpty {
      plan.photos = Set(
        try photo.map { text in
          guard let place = ScenePhoto(crossName: PhotoID(text)) else {
            throw InputError("--photo", "«\(text)» is not SCENE/NAME", remedy: "give both")
          }
          return place
        })
    }
    plan.region = try cut.choice
    plan.reading = try reading.decoding()
    if case .box = plan.region, photo.count != 1 {
      throw InputError("--box", "it fits one photo", remedy: "give --photo SCENE/NAME too")
    }
    (plan.margin, plan.threads, plan.replacesChoices) = (cut.margin, threads, replaceChoices)
    return plan
  }
}
