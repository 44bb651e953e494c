import ArgumentParser
import Domain
import Files
import Scoring
import ScoringWorkflow

/// Scores photos with a model.
struct Score: AsyncParsableCommand {
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

      Golden scores prove that an update of the program changed no score: write them once with \
      --out golden.jsonl, then run vernier score --verify golden.jsonl with the same model and \
      options. Photos whose score, interval or any other field differs in a single bit are \
      printed, and the exit code is 1.
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

  @Option(help: "Score the photos of this golden file again; exit code 1 if anything differs.")
  var verify: String?

  func run() async throws {
    if let verify { return try await compare(with: verify) }
    let choice = try RegionOption.choice(region: region, box: box)
    let (format, maps) = (try output.chosenFormat(), try output.maps())
    let list = try challengeList()
    let requests = try requests(list)
    let decoding = try reading.decoding()
    let job = try await ScoringJob(
      pool: model.pool(photos: requests.count) { decoding }, requests: requests, region: choice,
      maps: maps, result: output.out)
    if job.knownCount > 0 { Messages.say("Resuming: \(job.knownCount) photos are scored already") }
    var line = ProgressLine("scoring", total: requests.count)
    var done = 0
    if output.out == nil, let header = format.header { print(header) }
    let outcome = try await job.run { event in
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

  /// Scores the photos of a golden file again.
  private func compare(with path: String) async throws {
    let others: [(flag: String, isGiven: Bool)] = [
      ("photos", !photos.isEmpty), ("--out", output.out != nil), ("--map", output.map != nil),
      ("--challenge", challenge != nil), ("--scene", scene != nil), ("--scenes", scenes != nil),
    ]
    if let other = others.first(where: \.isGiven) {
      throw InputError(
        "--verify", "\(other.flag) is given too",
        remedy: "the golden file names the photos and their scenes")
    }
    let golden = try GoldenScores(path)
    let choice = try RegionOption.choice(region: region, box: box)
    let decoding = try reading.decoding()
    let pool = try await model.pool(photos: golden.records.count) { decoding }
    var line = ProgressLine("verifying", total: golden.records.count)
    var done = 0
    let differences = try await golden.verify(with: pool, region: choice) { difference in
      done += 1
      if let difference {
        line.clear()
        print("\(difference.photo): \(Setting.spelled(difference.reason, as: Flags.flag))")
      }
      line.update(done)
    }
    line.finish()
    guard differences.isEmpty else {
      Messages.say("\(differences.count) of \(golden.records.count) scores differ from \(path)")
      throw ExitCode.failure
    }
    Messages.say("All \(golden.records.count) scores are those of \(path), bit for bit")
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
