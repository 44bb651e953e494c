import ArgumentParser
import Domain
import Files
import Scoring
import ScoringWorkflow

/// Scores photos with a model.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score photos with a model: trained, imported or hand-crafted.",
    discussion: """
      The model's attribute decides the region (`vernier prepare` shows it); give --region full \
      for photos that are already regions. Models that score crops cover the region with an even \
      grid, so the same photo always gets the same score; --crops N --seed S averages random crops \
      as in the papers. Models with scenes predict the scene and report it, unless --scene or \
      --scenes gives it.

      Scores go to standard output, or with --out to a file that appears when it is complete; the \
      same command resumes a stopped run. Photos that cannot be scored are reported (and listed in \
      FILE.errors.csv); the others are scored, and the exit code is 1. niqe, ilniqe and brisque \
      score whole photos and give no interval; less is better, except for a brisque model fitted \
      to scores.

      With --challenge, the photos come from a list IMAGE,CLASS,CONDITION (NTIRE), which is \
      written back with a column SCORE.
      """)

  @Argument(help: "Photos, or folders of photos.")
  var photos: [String] = []
  @OptionGroup(title: "Model")
  var model: ScoreModelOptions
  @OptionGroup(title: "Output")
  var output: ScoreOutputOptions
  @Option(help: "Override the attribute's region: face or full.")
  var region: String?
  @Option(help: "Score this rectangle instead, x,y,w,h in pixels of the upright photo.")
  var box: String?
  @OptionGroup var reading: PhotoReadingOptions
  @Flag(help: "Include photos in subfolders.")
  var recursive = false
  @Option(help: "The scene that all photos show.")
  var scene: String?
  @Option(help: "A file IMAGE,SCENE: the scene of each photo.")
  var scenes: String?
  @Option(help: "Score the photos of this list and write the list to --out with a column SCORE.")
  var challenge: String?
  @Option(help: "The folder of the list's photos (default: that of the list).")
  var images: String?

  func run() throws {
    let choice = try RegionOption.choice(region: region, box: box)
    let (format, maps) = (try output.chosenFormat(), try output.maps())
    let list = try challengeList()
    let requests = try requests(list)
    let job = try ScoringJob(
      scorer: model.scorer(reading: reading.decoding()), requests: requests, region: choice,
      maps: maps, result: output.out)
    if job.knownCount > 0 { Messages.say("Resuming: \(job.knownCount) photos are scored already") }
    var line = ProgressLine("scoring", total: requests.count)
    var done = 0
    if output.out == nil, let header = format.header { print(header) }
    let outcome = try job.run { event in
      done += 1
      switch event {
      case .failed(_, let reason):
        line.clear()
        Messages.say("Error: \(reason)")
      case .scored(let record) where output.out == nil:
        line.clear()
        print(try format.line(record))
      case .known: line.skip()
      case .scored: break
      }
      line.update(done)
    }
    line.finish()
    PhotoNotes.sayGainMaps(outcome.gainMaps)
    try write(outcome, format, list, job)
    if !outcome.failures.isEmpty {
      Messages.say("\(outcome.failures.count) of \(requests.count) photos failed")
      throw ExitCode.failure
    }
  }

  /// The challenge's list, if one is given.
  private func challengeList() throws -> ChallengeFile? {
    guard let challenge else {
      guard images == nil, !photos.isEmpty else {
        throw InputError(
          images == nil ? "score" : "--images",
          images == nil ? "there are no photos" : "there is no list",
          remedy: "give photos or folders, or --challenge LIST")
      }
      return nil
    }
    guard photos.isEmpty, output.format == nil, !output.json, !output.csv else {
      throw InputError(
        "--challenge", "photos or a format are given too", remedy: "the list names both")
    }
    guard output.out != nil else {
      throw InputError(
        "--challenge", "--out is missing", remedy: "give the file to write with --out")
    }
    return try ChallengeFile(path: challenge)
  }

  /// The photos with the scenes that the user gave.
  private func requests(_ list: ChallengeFile?) throws -> [PhotoRequest] {
    guard scene == nil || scenes == nil else {
      throw InputError("--scenes", "--scene is given too", remedy: "give one of them")
    }
    let paths: [String]
    if let list, let challenge {
      paths = try list.photos(in: ImageFolder(images ?? PhotoList.folder(of: challenge)))
    } else {
      paths = try PhotoList.expand(photos, recursive: recursive)
    }
    let told = try scenes.map { try SceneFile.read($0) }
    return try paths.map { path in
      PhotoRequest(
        photo: path,
        scene: try told.map { try SceneFile.scene(of: path, in: $0, file: scenes ?? "") } ?? scene)
    }
  }

  private func write(
    _ outcome: ScoringJob.Outcome, _ format: ScoreFormat, _ list: ChallengeFile?, _ job: ScoringJob
  ) throws {
    guard let out = output.out else { return }
    if let list {
      try list.write(scores: outcome.records.map { $0?.score }, to: out)
    } else {
      try format.write(outcome.records.compactMap { $0 }, to: out)
    }
    try job.writeProvenance(
      beside: out, outcome, lists: [challenge, scenes].compactMap { $0 })
    if outcome.failures.isEmpty {
      FailureFile.remove(beside: out)
    } else {
      try FailureFile.write(
        outcome.failures.map { ($0.photo, Setting.spelled($0.reason, as: Flags.flag)) }, beside: out
      )
    }
    job.finish()
    let scored = outcome.records.count - outcome.failures.count
    Messages.say("\(scored) photos scored: \(out)")
  }
}
