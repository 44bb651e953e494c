import Domain
import Files
import Foundation
import TestSupport
import Testing

@Suite struct AtomicWriting {
  @Test func replacesAndLeavesNothingBehind() throws {
    let scratch = try Scratch()
    let path = scratch.file("deep/er/file.txt")
    try AtomicFile.write("one", to: path)
    try AtomicFile.write("two", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.file("deep/er")) == ["file.txt"])
  }

  @Test func keepsPermissionsAndLinks() throws {
    let scratch = try Scratch()
    try AtomicFile.write("one", to: scratch.file("real"))
    #expect(chmod(scratch.file("real"), 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("link"), withDestinationPath: "real")
    try AtomicFile.write("two", to: scratch.file("link"))
    #expect(try String(contentsOfFile: scratch.file("real"), encoding: .utf8) == "two")
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.file("real"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(scratch.names == ["link", "real"])
  }

  @Test func refusesWhatIsNoPlaceForAFile() throws {
    let scratch = try Scratch()
    try AtomicFile.write("x", to: scratch.file("file"))
    #expect(
      message { try AtomicFile.write("x", to: scratch.path) }
        == "\(scratch.path): is a folder; give the path of a file")
    #expect(
      message { try AtomicFile.write("x", to: scratch.file("file/below")) }?
        .hasSuffix("a part of the path is not a folder; choose another path") == true)
    #expect(
      message { try AtomicFile.write("x", to: "") } == "a path: is empty; give the path of a file")
    #expect(
      message { try AtomicFile.write("x", to: scratch.file("a\0b")) }?.contains("NUL") == true)
    let long = String(repeating: "x", count: 300)
    #expect(
      message { try AtomicFile.write("x", to: scratch.file(long)) }?.contains("too long") == true)
    #expect(scratch.names == ["file"])
  }

  @Test func writesToDevicesDirectly() throws {
    try AtomicFile.write("gone", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #expect(
      message { try AtomicFile.write("x", to: "/dev/full") }
        == "/dev/full: the disk is full; nothing was changed; free some space and run it again")
  }

  /// A file system of 64 KiB, full in the middle of a write: an error, and the old content stays.
  @Test func fullDiskLosesNothing() throws {
    let scratch = try Scratch()
    guard mount("vernier", scratch.path, "tmpfs", 0, "size=64k") == 0 else {
      try Test.cancel("mounting a small file system needs root")
    }
    defer { umount(scratch.path) }
    let path = scratch.file("scores.csv")
    try AtomicFile.write("old", to: path)
    let large = [UInt8](repeating: 65, count: 1 << 20)
    #expect(
      message { try AtomicFile.write(large, to: path) }
        == "\(path): the disk is full; nothing was changed; free some space and run it again")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(scratch.names == ["scores.csv"])
  }

  @Test func hostileNames() throws {
    let scratch = try Scratch()
    for name in [
      "with space", "line\nbreak", "quote\"'", "-rf", "/\u{301}mark", "😀", "*", ".hidden",
    ] {
      try AtomicFile.write(name, to: scratch.file(name))
      #expect(try InputFile.read(scratch.file(name)) == Array(name.utf8))
    }
    #expect(
      message { _ = try InputFile.read(scratch.file("no\nsuch\u{1B}[31m")) }?.contains("\n")
        == false)
  }
}

@Suite struct ReadingFiles {
  @Test func namesWhatIsWrong() throws {
    let scratch = try Scratch()
    let path = scratch.file("none.csv")
    #expect(
      message { _ = try CSVTable(path: path) } == "\(path): there is no such file; check the path")
    #expect(
      message { _ = try CSVTable(path: scratch.path) }
        == "\(scratch.path): is a folder; give the path of a file")
  }

  @Test func boundsMemory() throws {
    let scratch = try Scratch()
    let path = scratch.file("huge.csv")
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(truncate(path, 1 << 40) == 0)
    let expected = "is larger than the 268435456 bytes that this program reads at once"
    #expect(message { _ = try CSVTable(path: path) }?.contains(expected) == true)
    #expect(
      message { _ = try InputFile.read("/dev/zero", maximumBytes: 1 << 20) }?
        .contains("is larger than the 1048576 bytes") == true)
  }

  /// The digests of "" and "abc" are FIPS 180-4's examples.
  @Test func digests() throws {
    let scratch = try Scratch()
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(try FileDigest.sha256(try scratch.write("", to: "e")) == empty)
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(try FileDigest.sha256(try scratch.write("abc", to: "abc")) == abc)
    let large = String(repeating: "abc", count: 1_000_000)
    #expect(
      try FileDigest.sha256(try scratch.write(large, to: "large"))
        == FileDigest.sha256(Array(large.utf8)))
  }

  @Test func imagePathsStayInside() throws {
    let folder = ImageFolder("photos")
    #expect(
      try folder.file(at: "Details\\33_Indoor_Scene_0.jpg")
        == "photos/Details/33_Indoor_Scene_0.jpg")
    #expect(try folder.file(at: "./a/b.png") == "photos/a/b.png")
    let hostile = [
      "", ".", "..", "../x", "a/../../x", "a\\..\\x", "/etc/passwd", "\\\\server\\x", "C:\\x",
      "a//b", "a/",
      "a\0b", "/\u{301}x",
    ]
    for path in hostile {
      #expect(message { _ = try folder.file(at: path) }?.contains("image folder") == true)
    }
  }

  @Test func findsPhotosInBothPlaces() throws {
    let scratch = try Scratch()
    let folder = ImageFolder(scratch.path)
    #expect(message { _ = try folder.file(of: "a.png", attribute: .details) } != nil)
    _ = try scratch.write("x", to: "a.png")
    #expect(try folder.file(of: "a.png", attribute: .details) == scratch.file("a.png"))
    try AtomicFile.write("x", to: scratch.file("Details/a.png"))
    #expect(try folder.file(of: "a.png", attribute: .details) == scratch.file("Details/a.png"))
    #expect(message { _ = try folder.file(of: "../a.png", attribute: .details) } != nil)
  }
}

@Suite struct JSONFiles {
  private struct Line: Codable, Equatable {
    var zebra: Double
    var apple: String
    var middle: Int?
  }

  @Test func linesHaveSortedKeys() throws {
    let lines = [
      Line(zebra: 0.1, apple: "a/b\n", middle: 3), Line(zebra: 1e300, apple: "é", middle: nil),
    ]
    let text = try JSONLines.text(lines)
    #expect(
      text == """
        {"apple":"a/b\\n","middle":3,"zebra":0.1}
        {"apple":"é","zebra":1e+300}

        """)
    #expect(message { _ = try JSONLines.text([Line(zebra: .nan, apple: "", middle: 1)]) } != nil)
  }

  @Test func provenanceIsTheSameEveryTime() throws {
    let scratch = try Scratch()
    let input = try scratch.write("abc", to: "votes.csv")
    let provenance = Provenance(
      command: ["vernier", "scale"], seed: .max,
      settings: ["bootstrap": 1000, "prior": "none", "step": 0.5, "fast": true],
      inputs: try Provenance.digests(of: [input]), unit: ScoreUnit(.piq23(.eachScene)))
    let result = scratch.file("Scores.csv")
    try provenance.write(beside: result)
    let first = try InputFile.read(Provenance.path(beside: result))
    try provenance.write(beside: result)
    #expect(try InputFile.read(Provenance.path(beside: result)) == first)
    #expect(try Provenance.read(beside: result) == provenance)
    #expect(provenance.version == VernierVersion.text)
    #expect(try Provenance.read(beside: scratch.file("other")) == nil)
    _ = try scratch.write("{\"version\": 3}", to: "bad.csv.provenance.json")
    #expect(
      message { _ = try Provenance.read(beside: scratch.file("bad.csv")) }?
        .contains("another kind of value at version") == true)
    let deep = String(repeating: "[", count: 100_000)
    _ = try scratch.write(deep, to: "deep.csv.provenance.json")
    #expect(message { _ = try Provenance.read(beside: scratch.file("deep.csv")) } != nil)
  }
}
