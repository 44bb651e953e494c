import Domain
import Files
import Foundation
import Pixels
import Preparation
import Scoring
import ScoringWorkflow
import Synchronization
import Testing

/// A scorer whose photos' scores are the length of their paths.
private struct LengthScorer: PhotoScorer {
  var name: String { "length" }
  var attribute: Attribute { .details }
  var settings: [String: SettingValue] { [:] }
  var modelSHA256: String? { "abc" }
  var decoding: DecodingOptions { DecodingOptions() }
  var unit: ScoreUnit? { ScoreUnit(.jod(.unstated)) }

  var isSmall: Bool { true }

  func check(scene: String?, wantsMap: Bool) throws {
    if scene == "unknown" {
      throw InputError("scene", "«unknown» is not one of the model's", remedy: "leave it out")
    }
  }

  func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?) {
    guard request.photo != "broken" else {
      throw InputError("broken", "there is no face", remedy: "give another photo")
    }
    let score = PhotoScore(
      photo: request.photo, model: "length", attribute: .details,
      score: Double(request.photo.count))
    return (score, nil)
  }
}

/// What a worker wrote.
private struct Output {
  var lines: [[String: Any]] = []

  /// Runs a worker over an input from beginning to end.
  init(_ input: [UInt8], processors: Int = 1) async throws {
    let pipe = Pipe()
    let bytes = Data(input)
    let writer = Thread {
      try? pipe.fileHandleForWriting.write(contentsOf: bytes)
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    let pool = try await ScoringPool.load(processors: processors) { LengthScorer() }
    let written = Mutex<[String]>([])
    try await Worker(.score(pool)).run(
      input: pipe.fileHandleForReading.fileDescriptor, isStopping: { false },
      write: { line in written.withLock { $0.append(line) } })
    lines = try written.withLock { $0 }.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(object as? [String: Any])
    }
  }

  init(_ input: String, processors: Int = 1) async throws {
    try await self.init(Array(input.utf8), processors: processors)
  }

  func error(_ index: Int) -> [String: Any]? { lines[index]["error"] as? [String: Any] }
}

struct WorkerTests {
  @Test func everyRequestHasOneAnswerWithItsName() async throws {
    let output = try await Output(
      """
      {"id":"a","path":"four"}
      {"id":7,"path":"broken"}

      {"id":8,"path":"seventy","region":"full","scene":null}
      {"id":9,"path":"x","box":[0,0,10,20]}
      """)
    #expect(output.lines.count == 5)
    #expect(output.lines[0]["type"] as? String == "ready")
    #expect(output.lines[0]["protocol"] as? Int == 1)
    #expect(output.lines[0]["model"] as? String == "sha256:abc")
    #expect(output.lines[0]["unit"] as? String == "JOD")
    #expect(output.lines[0]["direction"] as? String == "higherIsBetter")
    #expect(output.lines[1]["id"] as? String == "a")
    #expect(output.lines[1]["score"] as? Double == 4)
    #expect(output.lines[1]["low"] is NSNull)
    #expect(output.lines[2]["id"] as? Int == 7)
    #expect(output.error(2)?["kind"] as? String == "photo")
    #expect(
      output.error(2)?["message"] as? String == "broken: there is no face; give another photo")
    #expect(output.lines[3]["score"] as? Double == 7)
    #expect(output.lines[4]["score"] as? Double == 1)
  }

  @Test(arguments: [
    "no json", "[]", "{}", #"{"path":"a"}"#, #"{"id":null,"path":"a"}"#, #"{"id":1.5,"path":"a"}"#,
    #"{"id":1}"#, #"{"id":1,"path":""}"#, #"{"id":1,"path":5}"#,
    #"{"id":1,"path":"a","reigon":"full"}"#,
    #"{"id":1,"path":"a","region":"nose"}"#, #"{"id":1,"path":"a","box":[1,2,3]}"#,
    #"{"id":1,"path":"a","box":[1,2,-3,4]}"#, #"{"id":1,"path":"a","box":"1,2,3,4"}"#,
    #"{"id":1,"path":"a","region":"full","box":[0,0,1,1]}"#, #"{"id":1,"path":"a","out":"b"}"#,
  ])
  func aLineThatIsNoRequestIsAnswered(line: String) async throws {
    let output = try await Output(line + "\n" + #"{"id":2,"path":"next"}"# + "\n")
    #expect(output.lines.count == 3)
    #expect(output.error(1)?["kind"] as? String == "request")
    let message = try #require(output.error(1)?["message"] as? String)
    #expect(!message.contains("\n") && !message.isEmpty)
    #expect(output.lines[2]["score"] as? Double == 4)
  }

  @Test func anEndlessLineIsPassedOver() async throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
    let output = try await Output(long + Array("\n{\"id\":2,\"path\":\"next\"}".utf8))
    #expect(output.lines.count == 3)
    #expect(output.error(1)?["kind"] as? String == "request")
    // The last line has no end.
    #expect(output.lines[2]["score"] as? Double == 4)
  }

  @Test func whateverComesEachLineHasOneAnswer() async throws {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let request = Array(#"{"id":1,"path":"a","scene":"s","box":[0,0,1,1]}"#.utf8)
    for _ in 0..<200 {
      var line = request
      for _ in 0...next(6) {
        let place = next(line.count)
        switch next(3) {
        case 0: line[place] = UInt8(next(256))
        case 1: line.remove(at: place)
        default: line.insert(UInt8(next(256)), at: place)
        }
      }
      line.removeAll { $0 == UInt8(ascii: "\n") }
      let output = try await Output(line + [UInt8(ascii: "\n")])
      #expect(output.lines.count == 2, "seed \(seed), line \(line)")
    }
  }

  @Test func severalCopiesAnswerEachRequestOnce() async throws {
    let input = (1...300).map { #"{"id":\#($0),"path":"\#($0 % 5 == 0 ? "broken" : "photo")"}"# }
    let output = try await Output(input.joined(separator: "\n"), processors: 3)
    let answers = output.lines.dropFirst()
    #expect(answers.compactMap { $0["id"] as? Int }.sorted() == Array(1...300))
    #expect(answers.count { $0["error"] != nil } == 60)
  }

  @Test func aWorkerWhoseReaderIsGoneEnds() async throws {
    struct Gone: Error {}
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("{\"id\":1,\"path\":\"a\"}\n".utf8))
    // The input stays open.
    await #expect(throws: Gone.self) {
      try await Worker(.score(ScoringPool.load(processors: 1) { LengthScorer() })).run(
        input: pipe.fileHandleForReading.fileDescriptor, isStopping: { false },
        write: { line in if line.contains("\"id\"") { throw Gone() } })
    }
    withExtendedLifetime(pipe) {}
  }

  @Test func aStoppedWorkerAnswersWhatItHasRead() async throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(
      contentsOf: Data("{\"id\":1,\"path\":\"a\"}\n{\"id\":2,\"path\":\"b\"}\n".utf8))
    let lines = Mutex<[String]>([])
    // The input stays open: only the wish to stop can end the worker.
    try await Worker(.score(ScoringPool.load(processors: 1) { LengthScorer() })).run(
      input: pipe.fileHandleForReading.fileDescriptor,
      isStopping: { lines.withLock { $0.count } > 1 },
      write: { line in lines.withLock { $0.append(line) } })
    #expect(lines.withLock { $0.count } == 3)
    withExtendedLifetime(pipe) {}
  }
}
