import Domain
import Files
import Foundation
import Studies
import Testing

/// `vernier study people` as a user runs it.
@Suite(.needsSetup, .serialized) struct PeopleCommandTests {
  private func people(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(["study", "people", "S"] + arguments, in: folder, environment: environment)
  }

  /// A study of four portraits; the people agreed to be identified.
  private func prepare(_ folder: String) throws {
    let portraits = "\(Program.root)/.deps/portraits"
    var manifest = "image,scene,person,consent,purposes\n"
    for (name, person) in [
      ("obama.jpg", "P1"), ("obama2.jpg", ""), ("obama3.jpg", "P2"), ("biden.jpg", ""),
    ] {
      manifest += "\(portraits)/\(name),A,\(person),given,annotation identification\n"
    }
    try manifest.write(toFile: "\(folder)/m.csv", atomically: true, encoding: .utf8)
    #expect(try Program.run(["study", "new", "S"], in: folder).status == 0)
    #expect(try Program.run(["study", "add", "S", "m.csv"], in: folder).status == 0)
  }

  private func skipWithoutNetwork() throws {
    let path = ".deps/people/dlib_face_recognition_resnet_model_v1.dat"
    if !FileManager.default.fileExists(atPath: "\(Program.root)/\(path)") {
      try Test.cancel("\(path) is missing; run Scripts/setup --people")
    }
  }

  private func persons(_ folder: String) throws -> [String: String] {
    let study = try StudyStore.open("\(folder)/S")
    defer { try? study.close() }
    let known = try study.photos().map { ($0.photo.text, $0.metadata.person ?? "") }
    return Dictionary(uniqueKeysWithValues: known)
  }

  @Test func withoutTheNetworkOneLineSaysWhatToRun() throws {
    try inFolder { folder in
      try prepare(folder)
      try AtomicFile.makeFolder("\(folder)/deps/models")
      let refused = try people([], in: folder, environment: ["VERNIER_DEPS": "\(folder)/deps"])
      #expect(refused.status != 0)
      #expect(
        refused.messages
          == "Error: \(folder)/deps/people/dlib_face_recognition_resnet_model_v1.dat: "
          + "the file is not installed; run Scripts/setup --people in Vernier's folder\n")
      let nothing = try people(["--list"], in: folder)
      #expect(
        nothing.messages
          == "Error: S: no proposal waits for review; make one with vernier study people S\n")
      #expect(try people(["--list", "--discard"], in: folder).status != 0)
      #expect(try people(["--replace"], in: folder).status != 0)
      let exported = try Program.run(
        [
          "study", "export", "S", "--format", "manifest", "--out", "E", "--purpose",
          "identification",
        ], in: folder)
      #expect(exported.status != 0 && exported.messages.contains("not given to others"))
    }
  }

  @Test func groupsAreListedMergedSplitAndConfirmed() throws {
    try skipWithoutNetwork()
    try inFolder { folder in
      try prepare(folder)
      let found = try people([], in: folder)
      #expect(found.status == 0, "\(found.messages)")
      #expect(found.messages.contains("Note: group 1: on record as P1 and P2\n"))
      #expect(found.messages.contains("4 faces in 2 groups; nothing counts before you confirm it"))
      #expect(try persons(folder)["obama2.jpg"] == "")
      let list = try people(["--list"], in: folder)
      let lines = list.output.split(separator: "\n")
      #expect(lines.first == "photo,group,distance,on_record,person,note" && lines.count == 5)
      #expect(list.output.contains("A/biden.jpg,2,0.0,,person-2,"))
      // The group with two pseudonyms waits for a decision.
      let safe = try people(["--confirm", "all"], in: folder)
      #expect(
        safe.messages == "1 photos have a new pseudonym; 1 groups are left to look at\n",
        "\(safe.messages)")
      let unclear = try people(["--confirm", "1"], in: folder)
      #expect(unclear.status != 0 && unclear.messages.contains("write GROUP=PSEUDONYM"))
      let kept = try people(["--confirm", "1=P1"], in: folder)
      #expect(kept.status != 0)
      #expect(kept.messages.contains("A/obama3.jpg: its person is P2 on record"))
      let split = try people(["--split", "A/obama3.jpg"], in: folder)
      #expect(split.messages == "1 photos are group 2 now\n", "\(split.messages)")
      let merged = try people(["--merge", "1,2", "--confirm", "1=P1", "--replace"], in: folder)
      #expect(
        merged.messages.contains("groups 1,2 are group 1 now")
          && merged.messages.contains("2 photos have a new pseudonym; 0 groups are left"))
      #expect(
        try persons(folder) == [
          "obama.jpg": "P1", "obama2.jpg": "P1", "obama3.jpg": "P1", "biden.jpg": "person-2",
        ])
      let again = try people([], in: folder)
      #expect(again.status == 0 && !again.messages.contains("Note"), "\(again.messages)")
      let wrong = try people(["--leave-out", "A/none.jpg"], in: folder)
      #expect(wrong.status != 0 && wrong.messages.contains("«A/none.jpg» is in no group"))
      #expect(try people(["--leave-out", "A/biden.jpg"], in: folder).status == 0)
      let list2 = try people(["--list"], in: folder)
      try list2.output.replacingOccurrences(of: "P1,", with: "Z,").replacingOccurrences(
        of: ",Z,Z,", with: ",P1,Z,"
      ).write(toFile: "\(folder)/edited.csv", atomically: true, encoding: .utf8)
      #expect(try people(["--apply", "edited.csv"], in: folder).status != 0)
      #expect(try people(["--apply", "edited.csv", "--replace"], in: folder).status == 0)
      #expect(try persons(folder)["obama.jpg"] == "Z")
      #expect(try Program.run(["study", "verify", "S"], in: folder).status == 0)
      let gone = try Program.run(["study", "withdraw", "S", "--person", "Z"], in: folder)
      #expect(gone.messages.contains("3 photos"), "\(gone.messages)")
      let rest = try people([], in: folder)
      #expect(rest.messages.contains("1 faces in 1 groups"), "\(rest.messages)")
      #expect(try people(["--discard"], in: folder).messages.hasPrefix("1 faces"))
    }
  }

  @Test func killedRunsLeaveAWholeStudy() throws {
    try skipWithoutNetwork()
    try inFolder { folder in
      try prepare(folder)
      try FileManager.default.copyItem(atPath: "\(folder)/S", toPath: "\(folder)/T")
      #expect(try people([], in: folder).status == 0)
      let expected = try people(["--list"], in: folder).output
      let delays = try StudyCommandTests.kill(
        ["study", "people", "T"], times: 6, within: 2, in: folder)
      let verified = try Program.run(["study", "verify", "T"], in: folder)
      #expect(verified.status == 0, "\(verified.messages), killed after \(delays) s")
      #expect(try Program.run(["study", "people", "T"], in: folder).status == 0)
      let list = try Program.run(["study", "people", "T", "--list"], in: folder)
      #expect(list.output == expected, "killed after \(delays) s")
      // A confirmation is there or not: whole groups only.
      let more = try StudyCommandTests.kill(
        ["study", "people", "T", "--confirm", "2", "--confirm", "1=P5", "--replace"], times: 6,
        within: 0.3, in: folder)
      let study = try StudyStore.open("\(folder)/T")
      let known = try study.photos().map { $0.metadata.person ?? "" }
      let groups = try study.faceGroups()
      try study.close()
      let before = ["", "P1", "", "P2"]
      let after = ["person-2", "P5", "P5", "P5"]
      #expect(
        known == before && groups.count == 2 || known == after && groups.isEmpty,
        "\(known), \(groups.count) groups, killed after \(more) s")
      #expect(try Program.run(["study", "verify", "T"], in: folder).status == 0)
    }
  }
}
