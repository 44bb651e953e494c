import Domain
import Files
import Foundation
import Studies
import TestSupport
import Testing

@Suite struct ManifestReading {
  private func read(_ text: String) throws -> CandidateList {
    try StudyManifest.parse(
      CSVTable(bytes: Array(text.utf8), file: "m.csv"), folder: "photos")
  }

  @Test func everyColumnIsUnderstood() throws {
    let list = try read(
      """
      image,scene,name,device,brand,lens,mode,iso,exposure,condition,skin_type,lighting,distance,\
      person,consent,split,reference,age
      a/1.jpg,Indoor_1,one.jpg,P9,Acme,zoom,night,1600,1/50,lowlight,iv,back,0.8,P07,given,train,\
      yes,40

      """)
    #expect(list.refused.isEmpty)
    let candidate = try #require(list.candidates.first)
    #expect(candidate.path == "photos/a/1.jpg")
    #expect(candidate.scene == "Indoor_1" && candidate.photo == "one.jpg")
    let data = candidate.metadata
    #expect(data.device == "P9" && data.brand == "Acme" && data.lens == "zoom")
    #expect(data.mode == "night" && data.iso == 1600 && data.exposureSeconds == 0.02)
    #expect(data.condition == .lowlight && data.skinType == 4 && data.lighting == "back")
    #expect(data.distanceMetres == 0.8 && data.person == "P07" && data.consent == .given)
    #expect(data.part == .train && data.isReference == true && data.notes == ["age": "40"])
    #expect(list.notes.count == 1 && list.notes[0].contains("\"age\""))
  }

  @Test func anEmptyFieldSaysNothing() throws {
    let list = try read("image,scene,device,reference\n/x/b.jpg,S,,\n")
    let candidate = try #require(list.candidates.first)
    #expect(candidate.path == "/x/b.jpg" && candidate.photo == "b.jpg")
    #expect(candidate.metadata == PhotoMetadata())
  }

  @Test(arguments: [
    ("image,scene,iso\na,S,fast\n", "m.csv, row 2, column iso: \"fast\" is not a positive number"),
    ("image,scene,exposure\na,S,1/0\n", "column exposure"),
    ("image,scene,condition\na,S,fog\n", "Outdoor, Indoor, Lowlight, Night"),
    ("image,scene,skin_type\na,S,7\n", "not a Fitzpatrick skin type"),
    ("image,scene,consent\na,S,maybe\n", "given, pending, refused"),
    ("image,scene,reference\na,S,x\n", "neither yes nor no"),
    ("image,scene\na,\n", "the scene has no name"),
    ("image,scene\n,S\n", "column image: is empty"),
    ("image,scene\nfolder/,S\n", "the photo has no name"),
  ])
  func aBadRowIsNamedAndTheOthersGoOn(text: String, part: String) throws {
    let list = try read(text + "good.jpg,S" + (text.contains(",S,") ? ",\n" : "\n"))
    #expect(list.refused.count == 1)
    #expect(list.refused.first?.description.contains(part) == true, "\(list.refused)")
    #expect(list.candidates.map(\.photo) == ["good.jpg"])
  }

  @Test func aMissingColumnIsAnError() {
    #expect(
      message { _ = try read("picture,scene\na,S\n") }?.contains("lacks the column image") == true)
  }
}

@Suite struct ExifReading {
  @Test func cameraFieldsAreRead() {
    let data = PhotoMetadata(exif: [
      "Make": "Acme ", "Model": "P9\u{0}", "LensModel": "", "FocalLengthIn35mmFilm": "27",
      "ISOSpeedRatings": "100, 0", "ExposureTime": "1/50 sec.",
    ])
    #expect(data.brand == "Acme" && data.device == "P9" && data.lens == "27 mm")
    #expect(data.iso == 100 && data.exposureSeconds == 0.02)
  }

  @Test func nonsenseIsLeftOut() {
    let data = PhotoMetadata(exif: [
      "ISOSpeedRatings": "-5", "ExposureTime": "1/0 sec.", "FocalLengthIn35mmFilm": "inf",
      "Make": "  ",
    ])
    #expect(data == PhotoMetadata())
  }

  @Test func whatWasSaidGoesBeforeWhatTheFileSays() {
    var said = PhotoMetadata()
    said.device = "mine"
    said.notes = ["a": "1"]
    var file = PhotoMetadata()
    file.device = "other"
    file.brand = "Acme"
    file.notes = ["a": "2", "b": "3"]
    let both = said.filled(from: file)
    #expect(both.device == "mine" && both.brand == "Acme" && both.notes == ["a": "1", "b": "3"])
  }
}

@Suite struct SceneFolderListing {
  @Test func eachFolderIsAScene() throws {
    let scratch = try Scratch()
    let names = [
      "Scene A/one.jpg", "Scene A/zwei\nZeilen.png", "Ünï/日本.JPG", "Ünï/notes.txt", "Ünï/x.dng",
      "lost.jpg", "Scene A/deep/three.jpg", "Scene A/.hidden.jpg",
    ]
    for name in names { try AtomicFile.write("x", to: scratch.file("root/\(name)")) }
    let root = scratch.file("root")
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/Scene A/link.jpg", withDestinationPath: "one.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/Scene A/loop.jpg", withDestinationPath: "loop.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/Scene A/gone.jpg", withDestinationPath: "nowhere.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/Scene A/up", withDestinationPath: "..")
    #expect(mkfifo("\(root)/Scene A/pipe.jpg", 0o600) == 0)
    let list = try SceneFolders.list(root + "/")
    let found = list.candidates.map { "\($0.scene)/\($0.photo)" }
    #expect(
      found == [
        "Scene A/link.jpg", "Scene A/one.jpg", "Scene A/zwei\nZeilen.png", "Ünï/notes.txt",
        "Ünï/x.dng", "Ünï/日本.JPG",
      ])
    #expect(list.candidates.filter(\.isGuess).map(\.photo) == ["notes.txt"])
    let faults = list.refused.map(\.description)
    for part in [
      "lost.jpg: lies beside", "deep: is a folder inside", "loop.jpg: is a link to itself",
      "gone.jpg: is a link to a file that doesn't exist", "up: is a folder inside",
      "pipe.jpg: is a device or a pipe",
    ] {
      #expect(faults.contains { $0.contains(part) }, "\(part): \(faults)")
    }
    #expect(faults.count == 6)
  }

  @Test func aNameThatIsNoTextIsNamed() throws {
    let scratch = try Scratch()
    try AtomicFile.makeFolder(scratch.file("S"))
    let bytes = Array("\(scratch.file("S"))/".utf8) + [0xFF, 0xFE] + Array(".jpg".utf8) + [0]
    let descriptor = bytes.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { name in
      name.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
    }
    guard descriptor >= 0 else { try Test.cancel("the file system refuses such names") }
    close(descriptor)
    let list = try SceneFolders.list(scratch.file("S"), scene: "S")
    #expect(list.candidates.isEmpty)
    #expect(list.refused.first?.problem == "its name is not UTF-8 text")
  }

  @Test func whatIsNoFolderIsAnError() throws {
    let scratch = try Scratch()
    try AtomicFile.write("x", to: scratch.file("file"))
    #expect(
      message { _ = try SceneFolders.list(scratch.file("file")) }?.contains("is not a folder")
        == true)
    #expect(
      message { _ = try SceneFolders.list(scratch.file("none")) }?.contains("no such folder")
        == true)
  }
}
