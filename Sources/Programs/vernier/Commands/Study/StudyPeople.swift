import ArgumentParser
import Domain
import Files
import PeopleWorkflow
import Studies

/// Finds out which photos of a study show one person, and keeps what somebody confirms.
struct StudyPeople: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people",
    abstract: "Group a study's photos by the person they show, for somebody to confirm.",
    discussion: """
      Without an option it compares the photos' main faces and proposes groups; nothing counts \
      before somebody confirms it: on the page People of vernier annotate, with the options below, \
      or in a table (--list > people.csv, edit the column person, --apply people.csv). What the \
      faces look like is biometric data: it stays in memory and is never written. Only photos \
      whose consent names the purpose identification are looked at. Needs Scripts/setup --people, \
      once.

        vernier study people S
        vernier study people S --list
        vernier study people S --merge 2,5 --confirm 2=P7 --confirm 3
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Flag(help: "Print the proposal: photo,group,distance,on_record,person,note.")
  var list = false
  @Option(help: "Make one group of several: their numbers, separated by commas.")
  var merge: [String] = []
  @Option(help: "Put this photo, as SCENE/NAME, into a new group; all that are given, into one.")
  var split: [String] = []
  @Option(help: "Take this photo, as SCENE/NAME, out of the proposal.")
  var leaveOut: [String] = []
  @Option(
    help: """
      Confirm a group under the proposed pseudonym, or GROUP=PSEUDONYM; all for every group whose \
      photos have no other pseudonym on record.
      """)
  var confirm: [String] = []
  @Option(help: "Confirm the persons of an edited table: the columns photo and person.")
  var apply: String?
  @Flag(help: "Replace another pseudonym that is on record.")
  var replace = false
  @Flag(help: "Drop the proposal.")
  var discard = false
  @Option(help: "The largest mean distance of two groups' faces that are taken for one person's.")
  var threshold = PeoplePlan().threshold
  @Option(help: "The number of threads; one for each processor if not given.")
  var threads: Int?
  @Option(
    help: """
      Also look at photos without consent for identification on record; give the reason, which \
      the study records.
      """)
  var allowUnconfirmedConsent: String?
  @OptionGroup var reading: PhotoReadingOptions

  private var changesGroups: Bool {
    !(merge.isEmpty && split.isEmpty && leaveOut.isEmpty && confirm.isEmpty)
  }

  func validate() throws {
    let actions = [list, changesGroups, apply != nil, discard].count { $0 }
    guard actions <= 1 else {
      throw ValidationError("Give one of --list, --apply, --discard and the options for groups.")
    }
    guard !replace || apply != nil || !confirm.isEmpty else {
      throw ValidationError("--replace goes with --confirm or --apply.")
    }
  }

  func run() throws {
    if list {
      let rows = try StudyAccess.read(study, FaceGroupTable.rows)
      guard !rows.isEmpty else { throw Self.nothing(study) }
      return TableOutput.show(columns: FaceGroupTable.columns, rows: rows)
    }
    try StudyAccess.change(study) { opened in
      if discard {
        let count = try opened.discardFaceGroups(by: PeopleReviewer())
        return Messages.say("\(count) faces are in no group any more")
      }
      guard changesGroups || apply != nil else { return try propose(opened) }
      guard try !opened.faceGroups().isEmpty else { throw Self.nothing(study) }
      let changed =
        try apply.map { try confirmTable($0, opened) } ?? PeopleChanges(self, opened).run()
      if let changed { tell(changed: changed, left: try opened.faceGroups().count) }
      try opened.refreshRegionsTable()
    }
  }

  private func propose(_ opened: StudyStore) throws {
    var plan = PeoplePlan()
    (plan.threshold, plan.threads) = (threshold, threads)
    (plan.exception, plan.reading) = (allowUnconfirmedConsent, try reading.decoding())
    let run = try PeopleRun(opened, plan: plan, installation: try Installation())
    let line = SharedProgress("comparing faces", total: try opened.photos().count)
    defer { line.finish() }
    let report = try run.run { done, _ in line.update(done) }
    line.finish()
    for fault in report.faults { Messages.say("Error: \(fault)") }
    if !report.leftOut.isEmpty {
      Messages.say(
        "Note: \(report.leftOut.count) photos are left out, because no consent for identification "
          + "is on record")
    }
    for name in report.withoutFace { Messages.say("Note: \(name): no face is seen well enough") }
    for group in report.groups where group.hasConflict {
      Messages.say("Note: group \(group.id): \(FaceGroupTable.note(on: group))")
    }
    Messages.say(
      "\(report.faces) faces in \(report.groups.count) groups; nothing counts before you confirm "
        + "it: vernier annotate \(study), page People, or vernier study people \(study) --list")
    if !report.faults.isEmpty { throw ExitCode.failure }
  }

  private func confirmTable(_ path: String, _ opened: StudyStore) throws -> Int {
    try opened.confirm(
      photos: FaceGroupTable.read(path, for: opened), replaces: replace, by: PeopleReviewer())
  }

  private func tell(changed: Int, left: Int) {
    Messages.say(
      "\(changed) photos have a new pseudonym; \(left) groups are left to look at")
  }

  private static func nothing(_ study: String) -> InputError {
    InputError(
      study, "no proposal waits for review", remedy: "make one with vernier study people \(study)")
  }
}

/// The changes of groups that a command line asks for, in the order merge, split, leave out,
/// confirm.
private struct PeopleChanges {
  private let command: StudyPeople
  private let study: StudyStore
  private let reviewer = PeopleReviewer()

  init(_ command: StudyPeople, _ study: StudyStore) {
    (self.command, self.study) = (command, study)
  }

  /// Makes the changes.
  ///
  /// - Returns: the number of photos with a new pseudonym; nil when none was to be confirmed.
  func run() throws -> Int? {
    for text in command.merge {
      let numbers = try text.split(separator: ",").map { try number(String($0), "--merge") }
      let kept = try study.merge(groups: numbers, by: reviewer)
      Messages.say("groups \(text) are group \(kept) now")
    }
    if !command.split.isEmpty {
      let made = try study.move(
        faces: photos(command.split, "--split"), to: .newGroup, by: reviewer)
      if let made { Messages.say("\(command.split.count) photos are group \(made) now") }
    }
    if !command.leaveOut.isEmpty {
      try study.move(
        faces: photos(command.leaveOut, "--leave-out"), to: .none, by: reviewer)
      Messages.say("\(command.leaveOut.count) photos are left out")
    }
    return command.confirm.isEmpty ? nil : try study.confirm(all: confirmations(), by: reviewer)
  }

  private func confirmations() throws -> [PersonConfirmation] {
    let names = try study.proposedPseudonyms()
    return try command.confirm.flatMap { text in
      if text == "all" {
        return try study.faceGroups().filter { !$0.hasConflict }.compactMap { group in
          names[group.id].map {
            PersonConfirmation(group: group.id, person: $0, replaces: command.replace)
          }
        }
      }
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let group = try number(String(parts[0]), "--confirm")
      guard let person = parts.count > 1 ? String(parts[1]) : names[group] else {
        throw InputError(
          "--confirm \(text)", "the group is not there, or has several pseudonyms on record",
          remedy: "write GROUP=PSEUDONYM; --list shows the groups")
      }
      return [PersonConfirmation(group: group, person: person, replaces: command.replace)]
    }
  }

  private func number(_ text: String, _ option: String) throws -> Int {
    guard let number = Int(text.trimmingPrefix(" ")) else {
      throw InputError(
        option, "«\(text)» is not the number of a group", remedy: "--list shows the numbers")
    }
    return number
  }

  private func photos(_ names: [String], _ option: String) throws -> Set<Int64> {
    let members = try study.faceGroups().flatMap(\.members)
    return Set(
      try names.map { name in
        guard let member = members.first(where: { $0.place.crossName.text == name }) else {
          throw InputError(
            option, "«\(name)» is in no group",
            remedy: "write SCENE/NAME as vernier study people --list shows them")
        }
        return member.face.photo
      })
  }
}
