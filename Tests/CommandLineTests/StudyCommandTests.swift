import Domain
import Files
import Foundation
import Pixels
import TestSupport
import Testing

/// The study commands as a user runs them.
@Suite struct StudyCommandTests {
  /// Runs `vernier study …`.
  private func study(_ arguments: [String], in folder: String) throws -> Program.Outcome {
    try Program.run(["study"] + arguments, in: folder)
  }

  @Test func foldersBecomeAStudyAndAManifestMakesItAgain() throws {
    try inFolder { folder in
      try StudyPhotos.write(to: "\(folder)/photos", scenes: ["Indoor 1", "Nächte\n2"], each: 3)
      #expect(try study(["new", "S", "--name", "Trial"], in: folder).status == 0)
      let added = try study(["add", "S", "photos", "--reference"], in: folder)
      #expect(added.status == 0, "\(added.messages)")
      #expect(added.messages == "6 photos added, 0 known, 0 updated, 0 refused\n")
      let again = try study(["add", "S", "photos"], in: folder)
      #expect(again.messages == "0 photos added, 6 known, 0 updated, 0 refused\n")
      let described = "scene,image,person,consent,split\nIndoor 1,0.jpg,P1,given,train\n"
      try described.write(toFile: "\(folder)/more.csv", atomically: true, encoding: .utf8)
      #expect(try study(["describe", "S", "more.csv"], in: folder).status == 0)
      let list = try CSVTable(
        bytes: Array(try study(["list", "S"], in: folder).output.utf8), file: "list")
      #expect(list.rowCount == 6)
      let person = try list.column("person")
      #expect(list.rows.map { $0.rawText(person) } == ["P1", "", "", "", "", ""])
      let confirmed = try study(
        ["export", "S", "--format", "manifest", "--out", "few"], in: folder)
      #expect(confirmed.status == 0, "\(confirmed.messages)")
      #expect(
        confirmed.messages.contains("Note: 5 photos without consent for publication are left"))
      let leftOut = try CSVTable(path: "\(folder)/few/left-out.csv")
      #expect(leftOut.rowCount == 5)
      let out = try study(
        [
          "export", "S", "--format", "manifest", "--out", "out", "--allow-unconfirmed-consent",
          "test pictures of nobody",
        ], in: folder)
      #expect(out.status == 0, "\(out.messages)")
      #expect(try study(["new", "T"], in: folder).status == 0)
      let second = try study(["add", "T", "out/manifest.csv"], in: folder)
      #expect(second.status == 0, "\(second.messages)")
      #expect(
        try StudyPhotos.state("\(folder)/T") == StudyPhotos.state("\(folder)/S"))
    }
  }

  @Test func hostileFilesAreReportedAndTheOthersGoOn() throws {
    try inFolder { folder in
      let scene = "\(folder)/photos/S"
      try StudyPhotos.write(to: "\(folder)/photos", scenes: ["S"], each: 2)
      let good = try InputFile.read("\(scene)/0.jpg")
      func put(_ name: String, _ bytes: [UInt8]) throws {
        try AtomicFile.write(bytes, to: "\(scene)/\(name)")
      }
      try put("truncated.jpg", Array(good.prefix(good.count * 2 / 3)))
      // A PNG has checksums; a JPEG whose flipped bits still decode is a valid JPEG.
      var flipped = try StudyPhotos.image(7).encoded(as: .png())
      flipped[flipped.count / 2] ^= 0x10
      try put("flipped.png", flipped)
      try put("empty.jpg", [])
      try put("text.jpg", Array("this is not a photo".utf8))
      try put("huge.png", Self.pngHeader(side: 100_000))
      try put("bomb.png", Self.pngHeader(side: 30_000))
      // The content decides, not the name.
      try put("raw.dng", good)
      try put("same as 1.jpg", try InputFile.read("\(scene)/1.jpg"))
      try put("notes.txt", Array("shot list".utf8))
      // A photo under a wrong suffix is still a photo.
      try StudyPhotos.image(9).write(to: "\(scene)/really.txt", as: .png())
      try StudyPhotos.image(8).write(to: "\(scene)/really a png.jpg", as: .png())
      try FileManager.default.createSymbolicLink(
        atPath: "\(scene)/loop.jpg", withDestinationPath: "loop.jpg")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/photos/round", withDestinationPath: "round")
      try FileManager.default.createSymbolicLink(
        atPath: "\(scene)/circle", withDestinationPath: "..")
      _ = try study(["new", "T"], in: folder)
      let outcome = try study(["add", "T", "photos"], in: folder)
      #expect(outcome.status == 1)
      for part in [
        "truncated.jpg: ", "flipped.png: ", "empty.jpg: is empty", "text.jpg: is not a JPEG",
        "huge.png: has 100000 × 100000 pixels", "bomb.png: has 30000 × 30000 pixels",
        "raw.dng: is the same picture as S/0.jpg", "same as 1.jpg: is the same picture as S/1.jpg",
        "loop.jpg: is a link to itself", "round: is a link to itself",
        "circle: is a folder inside", "Note: photos/S/notes.txt is not a photo",
        "4 photos added, 0 known, 0 updated, 11 refused",
      ] {
        #expect(outcome.messages.contains(part), "\(part)\n\(outcome.messages)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/T/files").count == 4)
      #expect(try study(["verify", "T"], in: folder).status == 0)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every folder"))
  func unreadableFoldersAreReported() throws {
    try inFolder { folder in
      try StudyPhotos.write(to: "\(folder)/photos", scenes: ["A", "B"], each: 1)
      #expect(chmod("\(folder)/photos/A", 0) == 0)
      defer { chmod("\(folder)/photos/A", 0o700) }
      _ = try study(["new", "T"], in: folder)
      let outcome = try study(["add", "T", "photos"], in: folder)
      #expect(outcome.status == 1 && outcome.messages.contains("is not readable for you"))
      #expect(outcome.messages.contains("1 photos added"))
    }
  }

  @Test func scenesAreSelectedForWhatTheyStandFor() throws {
    try inFolder { folder in
      let conditions = [
        "A1": "Indoor", "A2": "Indoor", "A3": "Indoor", "B1": "Night", "B2": "Night",
      ]
      try StudyPhotos.write(
        to: "\(folder)/photos", scenes: conditions.keys.sorted() + ["C1"], each: 2)
      var manifest = "scene,image,condition,distance,lens\n"
      for scene in conditions.keys.sorted() {
        for photo in 0..<2 {
          manifest += "\(scene),\(photo).jpg,\(conditions[scene] ?? ""),2,main\n"
        }
      }
      manifest += "C1,0.jpg,Outdoor,60,tele\nC1,1.jpg,Outdoor,50,tele\n"
      try manifest.write(toFile: "\(folder)/m.csv", atomically: true, encoding: .utf8)
      _ = try study(["new", "S"], in: folder)
      _ = try study(["add", "S", "photos"], in: folder)
      #expect(try study(["describe", "S", "m.csv"], in: folder).status == 0)
      let arguments = ["select-scenes", "S", "--count", "3", "--metadata-only", "--out", "s.csv"]
      let selected = try study(arguments, in: folder)
      #expect(selected.status == 0, "\(selected.messages)")
      let table = try CSVTable(path: "\(folder)/s.csv")
      let columns = try table.columns(["scene", "stands_for", "adds"])
      let rows = table.rows.map { row in columns.map { row.rawText($0) } }
      #expect(Set(rows.map { $0[0].prefix(1) }) == ["A", "B", "C"])
      let indoor = try #require(rows.first { $0[0].hasPrefix("A") })
      #expect(indoor[1] == "A1; A2; A3" && indoor[2].contains("condition Indoor"))
      #expect(rows.contains { $0[2].contains("lens tele") })
      #expect(selected.messages.contains("Note: missing condition: Lowlight"))
      #expect(selected.messages.contains("Note: missing skin type: 1, 2, 3, 4, 5, 6"))
      #expect(try study(arguments, in: folder).output == selected.output)
      #expect(try study(["select-scenes", "S", "--count", "0"], in: folder).status == 1)
    }
  }

  @Test(.needsSetup) func scenesAreSelectedByWhatTheyLookLike() throws {
    try inFolder { folder in
      try StudyPhotos.write(to: "\(folder)/photos", scenes: ["A", "B", "C"], each: 2)
      _ = try study(["new", "S"], in: folder)
      _ = try study(["add", "S", "photos"], in: folder)
      let selected = try study(["select-scenes", "S", "--count", "2"], in: folder)
      #expect(selected.status == 0, "\(selected.messages)")
      let table = try CSVTable(bytes: Array(selected.output.utf8), file: "scenes")
      #expect(table.rowCount == 2)
    }
  }

  @Test func thePublicLayoutSurvivesARoundTrip() throws {
    try inFolder { folder in
      try PublicFolder.write(to: "\(folder)/piq", missing: "Exposure/0_Indoor_Scene_12.jpg")
      let first = try study(["import-piq", "piq", "--out", "S"], in: folder)
      #expect(first.status == 0, "\(first.messages)")
      #expect(first.messages.contains("4 photos, 7 pictures added, 0 known, 1 missing, 0 refused"))
      let missing = try String(contentsOfFile: "\(folder)/S/missing.csv", encoding: .utf8)
      #expect(missing == "IMAGE\npiq/Exposure/0_Indoor_Scene_12.jpg\n")
      let none = try study(["export", "S", "--format", "piq", "--out", "none"], in: folder)
      #expect(none.status == 1)
      #expect(none.messages.contains("--allow-unconfirmed-consent"), "\(none.messages)")
      let out = try study(
        [
          "export", "S", "--format", "piq", "--out", "out", "--allow-unconfirmed-consent",
          "published by its owners",
        ], in: folder)
      try FileManager.default.removeItem(atPath: "\(folder)/out/TERMS-OF-USE.txt")
      #expect(
        out.status == 0 && out.messages.contains("5 tables and 7 pictures"), "\(out.messages)")
      #expect(try Self.tree("\(folder)/out") == Self.tree("\(folder)/piq"))
      #expect(try study(["import-piq", "out", "--out", "T"], in: folder).status == 0)
      #expect(try StudyPhotos.state("\(folder)/T") == StudyPhotos.state("\(folder)/S"))
      let again = try study(["import-piq", "piq", "--out", "S"], in: folder)
      #expect(again.messages.contains("0 photos, 0 pictures added, 7 known"), "\(again.messages)")
    }
  }

  @Test func aFullDiskEndsTheImportAndHarmsNothing() throws {
    try inFolder { folder in
      try StudyPhotos.write(
        to: "\(folder)/photos", scenes: ["S"], each: 24, width: 1200, height: 900)
      let disk = "\(folder)/disk"
      try AtomicFile.makeFolder(disk)
      guard geteuid() == 0,
        try Self.shell(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]) == 0
      else { try Test.cancel("mounting a small disk needs root") }
      defer { _ = try? Self.shell(["umount", disk]) }
      #expect(try study(["new", "disk/S"], in: folder).status == 0)
      let full = try study(["add", "disk/S", "photos"], in: folder)
      #expect(full.status != 0)
      #expect(full.messages.contains("the disk is full"), "\(full.messages)")
      #expect(full.messages.split(separator: "\n").count < 6, "one line, not one for each photo")
      #expect(try Self.shell(["mount", "-o", "remount,size=64m", disk]) == 0)
      #expect(try study(["verify", "disk/S"], in: folder).status == 0)
      #expect(try study(["add", "disk/S", "photos"], in: folder).status == 0)
      #expect(try study(["new", "T"], in: folder).status == 0)
      #expect(try study(["add", "T", "photos"], in: folder).status == 0)
      #expect(try StudyPhotos.state("\(disk)/S") == StudyPhotos.state("\(folder)/T"))
    }
  }

  @Test func aFullDiskDelaysAWithdrawalAndHarmsNothing() throws {
    try inFolder { folder in
      let disk = "\(folder)/disk"
      try Files.AtomicFile.makeFolder(disk)
      guard geteuid() == 0,
        try Self.shell(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]) == 0
      else { try Test.cancel("mounting a small disk needs root") }
      defer { _ = try? Self.shell(["umount", disk]) }
      try StudyPhotos.write(to: "\(folder)/photos", scenes: ["A", "B"], each: 3)
      var people = "scene,image,person\n"
      for number in 0..<3 { people += "A,\(number).jpg,P1\n" }
      try people.write(toFile: "\(folder)/people.csv", atomically: true, encoding: .utf8)
      let photo = Data(try InputFile.read("\(folder)/photos/A/1.jpg"))
      for free in [0, 50_000, 200_000, 400_000] {
        let copy = "\(disk)/S\(free)"
        #expect(try study(["new", copy], in: folder).status == 0)
        #expect(try study(["add", copy, "photos"], in: folder).status == 0)
        #expect(try study(["describe", copy, "people.csv"], in: folder).status == 0)
        let filler = "\(disk)/filler"
        _ = try Self.shell(["dd", "if=/dev/zero", "of=\(filler)", "bs=64k", "status=none"])
        let size = try #require(
          FileManager.default.attributesOfItem(atPath: filler)[.size] as? Int)
        #expect(truncate(filler, max(0, size - free)) == 0)
        let full = try study(["withdraw", copy, "--person", "P1"], in: folder)
        #expect(full.status == 0 || full.messages.contains("disk is"), "\(full.messages)")
        try FileManager.default.removeItem(atPath: filler)
        #expect(try study(["withdraw", copy, "--person", "P1"], in: folder).status == 0)
        let verified = try study(["verify", copy], in: folder)
        #expect(verified.messages.contains("3 files read, 0 faults"), "\(verified.messages)")
        #expect(try FolderBytes.traces(of: ["photo": photo], in: copy) == [])
        try FileManager.default.removeItem(atPath: copy)
      }
    }
  }

  @Test func aKilledImportGoesOnWhereItWas() throws {
    try inFolder { folder in
      try StudyPhotos.write(
        to: "\(folder)/photos", scenes: ["A", "B"], each: 20, width: 900, height: 700)
      _ = try study(["new", "whole"], in: folder)
      #expect(try study(["add", "whole", "photos"], in: folder).status == 0)
      _ = try study(["new", "killed"], in: folder)
      let delays = try Self.kill(
        ["study", "add", "killed", "photos"], times: 8, within: 0.4, in: folder)
      let last = try study(["add", "killed", "photos"], in: folder)
      #expect(last.status == 0, "\(last.messages)")
      _ = try study(["verify", "killed", "--clean"], in: folder)
      let differences = try StudyPhotos.differences("\(folder)/whole", "\(folder)/killed")
      #expect(differences.isEmpty, "\(differences), killed after \(delays) s")
    }
  }

  @Test func aKilledSelectionLeavesNoPartOfAList() throws {
    try inFolder { folder in
      let scenes = (0..<40).map { "S\($0)" }
      try StudyPhotos.write(to: "\(folder)/photos", scenes: scenes, each: 2)
      _ = try study(["new", "S"], in: folder)
      #expect(try study(["add", "S", "photos"], in: folder).status == 0)
      let command = ["select-scenes", "S", "--count", "9", "--metadata-only", "--out"]
      #expect(try study(command + ["whole.csv"], in: folder).status == 0)
      let whole = try InputFile.read("\(folder)/whole.csv")
      for round in 0..<8 {
        let list = "\(folder)/list\(round).csv"
        let delays = try Self.kill(
          ["study"] + command + [list], times: 1, within: 0.2, in: folder)
        if FileManager.default.fileExists(atPath: list) {
          #expect(try InputFile.read(list) == whole, "killed after \(delays) s")
        }
      }
      #expect(try study(["verify", "S"], in: folder).status == 0)
      #expect(try study(command + ["again.csv"], in: folder).status == 0)
      #expect(try InputFile.read("\(folder)/again.csv") == whole)
    }
  }

  @Test func aKilledWithdrawalIsFinishedByTheNextCommand() throws {
    try inFolder { folder in
      try StudyPhotos.write(to: "\(folder)/photos", scenes: ["A", "B"], each: 12)
      var people = "scene,image,person\n"
      for number in 0..<12 {
        try FileManager.default.moveItem(
          atPath: "\(folder)/photos/A/\(number).jpg",
          toPath: "\(folder)/photos/A/face-of-P1-\(number).jpg")
        people += "A,face-of-P1-\(number).jpg,P1\nB,\(number).jpg,P2\n"
      }
      try people.write(toFile: "\(folder)/people.csv", atomically: true, encoding: .utf8)
      _ = try study(["new", "S"], in: folder)
      #expect(try study(["add", "S", "photos"], in: folder).status == 0)
      #expect(try study(["describe", "S", "people.csv"], in: folder).status == 0)
      var contents: [String: Data] = ["name": Data("face-of-P1".utf8)]
      for number in 0..<12 {
        let bytes = try InputFile.read("\(folder)/photos/A/face-of-P1-\(number).jpg")
        contents["photo \(number)"] = Data(bytes)
      }
      #expect(try FolderBytes.traces(of: contents, in: "\(folder)/S").count > 12)
      let list = "scene,attribute,better,worse\n"
      for round in 0..<6 {
        let copy = "\(folder)/copy\(round)"
        try FileManager.default.copyItem(atPath: "\(folder)/S", toPath: copy)
        try (list + "A,details,face-of-P1-1.jpg,face-of-P1-2.jpg\nB,details,1.jpg,2.jpg\n")
          .write(toFile: "\(copy)/golden.csv", atomically: true, encoding: .utf8)
        let delays = try Self.kill(
          ["study", "withdraw", copy, "--person", "P1"], times: 3, within: 0.3, in: folder)
        let last = try study(["withdraw", copy, "--person", "P1"], in: folder)
        #expect(last.status == 0, "\(last.messages)")
        let verified = try study(["verify", copy], in: folder)
        #expect(verified.status == 0, "\(verified.messages), killed after \(delays) s")
        #expect(verified.messages.contains("12 files read, 0 faults, 0 notes"))
        #expect(
          try FolderBytes.traces(of: contents, in: copy) == [], "killed after \(delays) s")
        #expect(
          try String(contentsOfFile: "\(copy)/golden.csv", encoding: .utf8)
            == list + "B,details,1.jpg,2.jpg\n")
      }
    }
  }

  /// Starts a command and kills it at a random moment, again and again; each start finds what the
  /// last one left.
  ///
  /// - Returns: the seconds after which it was killed, for the message of a failed test.
  static func kill(
    _ command: [String], times: Int, within: Double, in folder: String
  ) throws -> [Double] {
    let delays = (0..<times).map { _ in Double.random(in: 0.01...within) }
    for delay in delays {
      let process = try Program.start(command, in: folder)
      usleep(UInt32(delay * 1e6))
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    return delays
  }

  /// Every file of a folder with its bytes.
  private static func tree(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { files[name] = try InputFile.read("\(folder)/\(name)") }
    }
    return files
  }

  private static func shell(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// A PNG file that claims so many pixels and holds none.
  private static func pngHeader(side: UInt32) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + data
      var crc: UInt32 = 0xFFFF_FFFF
      for byte in body {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
      return big(UInt32(data.count)) + body + big(~crc)
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(side) + big(side) + [8, 2, 0, 0, 0]) + chunk("IDAT", [0x78, 0x9C])
  }
}

/// A small data set of the public layout with pictures: 2 scenes, 2 photos each, details and
/// exposure.
enum PublicFolder {
  static func write(to folder: String, missing: String) throws {
    let scenes = ["Indoor_Scene_1", "Indoor_Scene_12"]
    let header =
      "IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,"
      + "IMAGE,SCENE,ATTRIBUTE,SCENE IDX,CONDITION"
    for (offset, attribute) in ["Details", "Exposure"].enumerated() {
      var text = header + "\r\n"
      for (index, scene) in scenes.enumerated() {
        for number in 0..<2 {
          let image = "\(number)_\(scene).jpg"
          text +=
            "\(attribute)\\\(image),\(number).5,0.25,\(number).0,\(number + 1).0,1.0,\(number),"
            + "-1.0,40.0,\(image),\(scene),\(attribute),\(index),Indoor\r\n"
          guard "\(attribute)/\(image)" != missing else { continue }
          try AtomicFile.makeFolder("\(folder)/\(attribute)")
          try StudyPhotos.image(10 * index + number + 50 * offset)
            .write(to: "\(folder)/\(attribute)/\(image)", as: .jpeg(quality: 90))
        }
      }
      try AtomicFile.write(text, to: "\(folder)/Scores_\(attribute).csv")
    }
    let images = scenes.flatMap { scene in (0..<2).map { "\($0)_\(scene).jpg" } }
    try AtomicFile.write(
      "IMAGE,SPLIT\r\n" + images.map { "\($0),Train\r\n" }.joined(),
      to: "\(folder)/Device Split.csv")
    try AtomicFile.write(
      "SCENE,SPLIT,NB IMAGES\r\nIndoor_Scene_12,Test,2\r\nIndoor_Scene_1,Train,2\r\n",
      to: "\(folder)/Scene Split.csv")
    try AtomicFile.write(
      "Image,Device\r\n" + images.map { "\($0),Phone\r\n" }.joined(),
      to: "\(folder)/Image Metadata.csv")
  }
}
