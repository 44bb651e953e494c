import Domain
import Files
import Foundation
import TestSupport
import Testing

private func vote(
  _ observer: String, _ scene: String, _ a: String, _ b: String, _ choice: Choice,
  _ attribute: Attribute = .overall, time: Double? = nil
) -> Judgement {
  Judgement(
    observer: ObserverID(observer), scene: SceneID(scene), attribute: attribute,
    photoA: PhotoID(a), photoB: PhotoID(b), choice: choice, responseMilliseconds: time)
}

/// Answers of invented observers, each on each pair of a scene at most once.
private func study(seed: UInt64, ties: Bool) -> [Judgement] {
  var dice = Dice(state: seed)
  let choices: [Choice] = ties ? [.a, .b, .tie] : [.a, .b]
  var votes: [Judgement] = []
  for scene in ["s1" + dice.text(), "s2"] {
    let photos = (0..<4).map { "\($0)" + dice.text() }
    for observer in ["o1" + dice.text(), "o2'\\"] {
      for (i, first) in photos.enumerated() {
        for second in photos[..<i] where Bool.random(using: &dice) || i == 1 {
          votes.append(
            vote(observer, scene, first, second, choices.randomElement(using: &dice) ?? .a))
        }
      }
    }
  }
  return votes
}

private func sorted(_ votes: [Judgement]) -> [Judgement] {
  votes.sorted {
    [$0.scene.text, $0.observer.text, $0.photoA.text, $0.photoB.text].joined(separator: "\0")
      < [$1.scene.text, $1.observer.text, $1.photoA.text, $1.photoB.text].joined(separator: "\0")
  }
}

@Suite struct TablesOfOtherPrograms {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func pwcmp(
    _ text: String, _ settings: ImportSettings = ImportSettings()
  ) throws -> ImportedOpinions {
    try ForeignTable.read(scratch.write(text), settings: settings)
  }

  @Test func pwcmpTablesAreRead() throws {
    let found = try pwcmp(
      "observer,session_id,scene,condition_A,condition_B,is_A_selected,criterion\n"
        + "M01,1,window,x,y,1,perceptual\nM01,1,window,y,x,0,perceptual\n")
    #expect(
      found.votes == [vote("M01", "window", "x", "y", .a), vote("M01", "window", "y", "x", .b)])
    #expect(found.notes.isEmpty && found.ratings.isEmpty)
  }

  @Test func conditionsMayTakeSeveralColumns() throws {
    let found = try pwcmp(
      "trial,observer,session,scene,dist_type1,dist_level1,dist_type2,dist_level2,selected\n"
        + "1,o,S,Car,DQ,1,DQ,4,1\n2,o,S,Car,NN,7,DQ,7,2\n")
    #expect(
      found.votes == [vote("o", "Car", "DQ_1", "DQ_4", .a), vote("o", "Car", "NN_7", "DQ_7", .b)])
    // ASAP's scheduler writes spaces behind its commas.
    let scheduled = try pwcmp(
      "observer, scene, method_A, method_B, param_A, param_B, is_A_selected\nt, A, m, n, 0, 2, 1\n")
    #expect(scheduled.votes == [vote("t", "A", "m_0", "n_2", .a)])
    var settings = ImportSettings()
    settings.columns = try VoteColumns(["scene=session+scene"])
    let mapped = try pwcmp(
      "observer,session,scene,condition_A,condition_B,is_A_selected\no,S,Car,x,y,1\n", settings)
    #expect(mapped.votes == [vote("o", "S_Car", "x", "y", .a)])
  }

  @Test func answersOfOtherKindsAreRefused() throws {
    let head = "observer,scene,condition_A,condition_B,is_A_selected\n"
    #expect(
      message { _ = try pwcmp(head + "o,s,x,y,2\n") }?
        .contains("row 2, column is_A_selected: \"2\" is none of") == true)
    #expect(message { _ = try pwcmp(head + "o,s,x,x,1\n") }?.contains("holds no votes") == true)
    let twice = try pwcmp(head + "o,s,x,x,1\no,s,x,y,1.0\n")
    #expect(twice.votes == [vote("o", "s", "x", "y", .a)])
    #expect(twice.notes == ["1 row compares a photo with itself: left out."])
  }

  @Test func columnsAreMapped() throws {
    let path = try scratch.write(
      "worker_id;content;left;right;answer;time\nw1;c;p;q;LEFT;1,5\nw2;c;p;q;same;2\n")
    var settings = ImportSettings()
    settings.attribute = .details
    settings.columns = try VoteColumns(
      [
        "observer=worker_id,scene=content",
        "image_a=left,image_b=right,choice=answer,response_ms=time",
      ],
      ["left=a,right=b,same=tie"])
    let found = try MappedTable(CSVTable(path: path), settings: settings).read()
    #expect(
      found.votes == [
        vote("w1", "c", "p", "q", .a, .details, time: 1.5),
        vote("w2", "c", "p", "q", .tie, .details, time: 2),
      ])
  }

  @Test func theChosenPhotoMayBeNamed() throws {
    let path = try scratch.write("image_a,image_b,choice\np,q,q\np,q,p\np,q,tie\n")
    let found = try MappedTable(CSVTable(path: path), settings: ImportSettings()).read()
    #expect(found.votes.map(\.choice) == [.b, .a, .tie])
    #expect(found.notes.count == 1 && found.notes[0].contains("«unknown»"))
    let doubtful = try scratch.write("image_a,image_b,choice\nb,a,b\n")
    #expect(
      message {
        _ = try MappedTable(CSVTable(path: doubtful), settings: ImportSettings()).read()
      }?.contains("is the name of a photo and a side") == true)
  }

  @Test func ratingsAreMapped() throws {
    let path = try scratch.write("user,file,score\nu,p,4\nv,p,2.5\n")
    var settings = ImportSettings()
    settings.columns = try VoteColumns(["observer=user,image=file,rating=score"])
    let found = try MappedTable(CSVTable(path: path), settings: settings).read()
    #expect(found.ratings.map(\.value) == [4, 2.5] && found.votes.isEmpty)
    #expect(found.ratings[1].observer == "v" && found.ratings[1].scene == "all")
  }

  @Test(
    arguments: [
      (["worker"], [], "has no ="), (["watcher=x"], [], "is no part of a vote"),
      ([], ["1=left"], "is no choice"),
    ] as [([String], [String], String)])
  func badMappingsAreRefused(columns: [String], choices: [String], expected: String) {
    #expect(message { _ = try VoteColumns(columns, choices) }?.contains(expected) == true)
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func comeBack(seed: UInt64) throws {
    let path = scratch.file("out")
    let decided = study(seed: seed, ties: false)
    try ForeignTable.write(decided, to: path)
    #expect(try ForeignTable.read(path, settings: ImportSettings()).votes == decided)
    let votes = study(seed: seed, ties: true)
    try ArenaFile.write(votes, to: path)
    #expect(try ArenaFile.read(path, settings: ImportSettings()).votes == votes)
    try SurealFile.write(votes, to: path)
    // Names end at the last «/» of a path; these have none.
    #expect(sorted(try SurealFile.read(path, settings: ImportSettings()).votes) == sorted(votes))
    let columns = try VoteColumns(["observer=who,choice=answer"], ["0=a,1=b,2=tie"])
    try ForeignTable.write(votes, columns: columns, to: path)
    var settings = ImportSettings()
    settings.columns = columns
    #expect(try MappedTable(CSVTable(path: path), settings: settings).read().votes == votes)
  }

  @Test func tiesThatAFormatCannotHoldAreRefused() throws {
    let tie = [vote("o", "s", "x", "y", .tie)]
    let writes: [() throws -> Void] = [
      { try ForeignTable.write(tie, to: scratch.file("x")) },
      { _ = try CountMatrix.write(tie, to: scratch.file("x")) },
    ]
    for write in writes {
      #expect(message(write)?.contains("the votes hold ties") == true)
    }
    let again = [vote("o", "s", "x", "y", .a), vote("o", "s", "y", "x", .b)]
    #expect(
      message { try SurealFile.write(again, to: scratch.file("x")) }?.contains("twice") == true)
    #expect(!FileManager.default.fileExists(atPath: scratch.file("x")))
  }
}

@Suite struct MatricesOfOtherPrograms {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func counts(_ votes: [Judgement]) -> [String: Int] {
    votes.reduce(into: [:]) { counts, vote in
      let (winner, loser) =
        vote.choice == .b ? (vote.photoB, vote.photoA) : (vote.photoA, vote.photoB)
      counts["\(winner)\(vote.choice == .tie ? "=" : ">")\(loser)", default: 0] += 1
    }
  }

  @Test(arguments: [
    "0,25,0\n75,0,25\n0,75,0\n", "0 25 0\n75 0 25\n0 75 0\n",
    "  0.000000e+00 2.5e1 0\n7.5e1 0 25.0\n0 75 0\n", "0;25;0\r\n75;0;25\r\n0;75;0\r\n",
    "D = [ 0 25 0;\n 75 0 25;\n 0 75 0 ];\n", "[[0,25,0],\n [75,0,25],\n [0,75,0]]\n",
    "[[0, 25, 0], [75, 0, 25], [0, 75, 0]]",
    "nan\t25\t0\n75\tnan\t25\n\t75\t\n", ",1a,2a,3a\n1a,0,25,0\n2a,75,0,25\n3a,0,75,0\n",
  ])
  func countsAreRead(text: String) throws {
    let found = try ForeignTable.read(scratch.write(text), settings: ImportSettings())
    let suffix = text.hasPrefix(",") ? "a" : ""
    let expected = ["1>2": 25, "2>1": 75, "2>3": 25, "3>2": 75].map {
      ($0.key.replacing(">", with: suffix + ">") + suffix, $0.value)
    }
    #expect(counts(found.votes) == Dictionary(uniqueKeysWithValues: expected))
    #expect(Set(found.votes.map(\.observer)) == ["unknown"])
    #expect(found.notes.count == 1 && found.notes[0].contains("doesn't tell observers apart"))
  }

  @Test func aRowForEachObserverKeepsThem() throws {
    // MATLAB flattens by columns: M(1,2) = 3 and M(2,1) = 1 are [0 1 3 0].
    let found = try ForeignTable.read(
      scratch.write("0 1 3 0\n0 2 0 0\n"), settings: ImportSettings())
    #expect(counts(found.votes.filter { $0.observer == "1" }) == ["1>2": 3, "2>1": 1])
    #expect(counts(found.votes.filter { $0.observer == "2" }) == ["2>1": 2])
    #expect(found.notes.isEmpty)
  }

  @Test func halvesAreTies() throws {
    let found = try ForeignTable.read(scratch.write("0 1.5\n0.5 0\n"), settings: ImportSettings())
    #expect(counts(found.votes) == ["1>2": 1, "1=2": 1])
  }

  @Test(arguments: [
    ("0 1 2\n1 0 2\n", "has 2 rows and 3 columns of numbers"),
    ("0 1\n1\n", "has 1 numbers where the first row has 2"),
    ("0 -1\n1 0\n", "-1.0 and 1.0 are no counts"), ("0 1.5\n1 0\n", "are no counts"),
    ("0 0.25\n1 0\n", "are no counts"), ("3 1\n1 0\n", "has 3.0 votes against itself"),
    ("0 0\n0 0\n", "holds no votes"), ("0 1e300\n1 0\n", "are no counts"),
    ("0 1\nx 0\n", "is no number"), ("[ ]", "is empty"),
  ])
  func whatIsNoMatrixIsRefused(text: String, expected: String) throws {
    let path = try scratch.write(text)
    let error = message { _ = try CountMatrix.read(path, settings: ImportSettings()) }
    #expect(error?.contains(expected) == true, "\(error ?? "no error")")
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func comeBack(seed: UInt64) throws {
    let votes = study(seed: seed, ties: false).filter { $0.scene == "s2" }
    var settings = ImportSettings()
    settings.scene = "s2"
    settings.photoNames = try CountMatrix.write(votes, to: scratch.file("m.csv")).map(\.text)
    let read = try CountMatrix.read(scratch.file("m.csv"), settings: settings).votes
    #expect(counts(read) == counts(votes))
    settings.photoNames = ["only one"]
    #expect(message { _ = try CountMatrix.read(scratch.file("m.csv"), settings: settings) } != nil)
  }

  @Test func ratingsAreRead() throws {
    let path = try scratch.write("5.0,nan,4.0\r\n1.0,3.0,2.0\r\n")
    let found = try RatingMatrix.read(path, settings: ImportSettings())
    #expect(
      found.ratings.map { "\($0.observer) \($0.photo) \($0.value)" } == [
        "1 1 5.0", "3 1 4.0", "1 2 1.0", "2 2 3.0", "3 2 2.0",
      ])
    #expect(found.votes.isEmpty && found.notes == ["1 rating is missing."])
    var settings = ImportSettings()
    settings.observersInRows = true
    settings.photoNames = ["p", "q", "r"]
    let turned = try RatingMatrix.read(path, settings: settings)
    #expect(
      turned.ratings.map { "\($0.observer) \($0.photo)" } == ["1 p", "1 r", "2 p", "2 q", "2 r"])
    let named = try RatingMatrix.read(
      scratch.write("photo,Ann,Ben\np1.jpg,4,5\np2.jpg,1,2\n"), settings: ImportSettings())
    #expect(
      named.ratings.map { "\($0.observer) \($0.photo) \($0.value)" } == [
        "Ann p1.jpg 4.0", "Ben p1.jpg 5.0", "Ann p2.jpg 1.0", "Ben p2.jpg 2.0",
      ])
    let commas = try RatingMatrix.read(scratch.write("4,5;3\n1;2\n"), settings: ImportSettings())
    #expect(commas.ratings.map(\.value) == [4.5, 3, 1, 2])
  }

  @Test func ratingsAndMeansComeBack() throws {
    let ratings = [3.0, 4, 5].map {
      Rating(observer: "o", scene: "s", attribute: .overall, photo: "p", value: $0)
    }
    try RatingsFile.write(ratings, to: scratch.file("r.csv"))
    #expect(try RatingsFile.read(scratch.file("r.csv")) == ratings)
    try OpinionScoresFile.write(ratings, to: scratch.file("mos.csv"))
    let read = try OpinionScoresFile.read(scratch.file("mos.csv"))
    #expect(read.photos.map(\.score) == [4])
    // The standard deviation of 3, 4 and 5 is 1, that of their mean 1/√3.
    #expect(abs(read.photos[0].standardDeviation - 1 / 3.0.squareRoot()) < 1e-12)
  }
}

@Suite struct DataSetsOfSUREAL {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func read(_ text: String, _ name: String = "d.py") throws -> ImportedOpinions {
    try SurealFile.read(scratch.write(text, to: name), settings: ImportSettings())
  }

  private let references =
    "import os\ndis_dir = '[path]/dis'\nref_videos = [\n {'content_id': 0, 'content_name': 'Fox',\n"
    + "  'path': dis_dir + '/f.yuv'}, {'content_id': 1, 'content_name': \"Bird\"}]  # two\n"

  @Test func ratingsInLists() throws {
    let found = try read(
      references + "dis_videos = [{'asset_id': 0, 'content_id': 0, 'os': [[3, 2.0], 4, None],\n"
        + " 'path': dis_dir + '/a.yuv'}, {'asset_id': 1, 'content_id': 1.0, 'os': [1, 2, -3.5],\n"
        + "'path': dis_dir + '/b.yuv'}]\n")
    #expect(
      found.ratings.map { "\($0.observer) \($0.scene) \($0.photo) \($0.value)" } == [
        "1 Fox a.yuv 3.0", "1 Fox a.yuv 2.0", "2 Fox a.yuv 4.0", "1 Bird b.yuv 1.0",
        "2 Bird b.yuv 2.0", "3 Bird b.yuv -3.5",
      ])
  }

  @Test func ratingsByName() throws {
    let expected = ["Tom Fox a 3.0", "Tom Fox a 2.0", "Jerry Fox a 4.0"]
    let python = try read(
      references
        + "dis_videos = [{'content_id': 0, 'os': {'Tom': [3, 2], 'Jerry': 4}, 'path': 'a'}]\n")
    let json = try read(
      #"{"ref_videos": [{"content_id": 0, "content_name": "F\u006fx"}], "dis_videos": [{"content_id": 0,"#
        + #" "os": {"Tom": [3, 2], "Jerry": 4}, "path": "a"}]}"#, "d.json")
    for found in [python, json] {
      #expect(
        found.ratings.map { "\($0.observer) \($0.scene) \($0.photo) \($0.value)" } == expected)
    }
  }

  @Test func pairs() throws {
    let found = try read(
      references
        + "dis_videos = [{'asset_id': 0, 'content_id': 0, 'os': {('Al', 1): 1, ('Bo', 1): 0.5,},"
        + " 'path': 'a'}, {'asset_id': 1, 'content_id': 0, 'os': {('Al', 0): 0, ('Cy', 0): 1}, 'path': 'b'}]"
    )
    #expect(
      found.votes == [
        vote("Al", "Fox", "a", "b", .a), vote("Bo", "Fox", "a", "b", .tie),
        vote("Cy", "Fox", "b", "a", .a),
      ])
    #expect(found.notes == ["1 answer is given in both directions or twice: counted once."])
  }

  @Test(arguments: [
    ("x = 1\n", "has no list dis_videos"), ("dis_videos = [{'path': 'a'}]", "has no opinions"),
    ("dis_videos = [{'path': 'a', 'os': []}]", "holds no opinions"),
    ("dis_videos = [{'path': 'a', 'os': ['x']}]", "that is no number"),
    ("dis_videos = [{'path': 'a', 'os': {('A', 4): 1}}]", "is compared with no other asset"),
    ("dis_videos = load('x')\n", "has no list dis_videos"),
    ("dis_videos = [{'path': 'a', 'os': [1}]", "has no list dis_videos"),
    (String(repeating: "dis_videos = [", count: 5000), "has no list dis_videos"),
  ])
  func whatIsNoDataSetIsRefused(text: String, expected: String) {
    let error = message { _ = try read(text) }
    #expect(error?.contains(expected) == true, "\(error ?? "no error")")
  }
}

@Suite struct RatingsOfAVRate {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func ratings() throws {
    let path = try scratch.write(
      "rating,rating_type,timestamp,user_ID,video_ID,video_name\n"
        + "5,radio,none,1,0,['v/src01.avi']\n4,radio,none,1,1,./v/src02.avi\n")
    let found = try AvrateFile.read(path, settings: ImportSettings())
    #expect(
      found.ratings.map { "\($0.observer) \($0.attribute) \($0.photo) \($0.value)" } == [
        "1 overall src01.avi 5.0", "1 overall src02.avi 4.0",
      ])
  }

  @Test func severalScalesAreAttributesAndSkipsAreLeftOut() throws {
    let path = try scratch.write(
      "user_ID,stimuli_ID,stimuli_file,rating_type,rating,timestamp\n"
        + "1,-1,,user_registered,-1,t\n1,0,\"['a.jpg']\",audio,3,t\n1,0,\"['a.jpg']\",video,-1,t\n"
        + "1,0,\"['a.jpg']\",video,\"{\"\"x\"\": 1}\",t\n")
    let found = try AvrateFile.read(path, settings: ImportSettings())
    #expect(found.ratings.map(\.attribute) == ["audio"])
    #expect(
      found.notes == [
        "1 rating was skipped by the subject: left out.", "1 row holds no number: left out.",
      ])
  }

  @Test func pairsNeedAMeaning() throws {
    let path = try scratch.write(
      "user_ID,stimuli_ID,stimuli_file,rating_type,rating,timestamp\n"
        + "1,0,\"['x/a.jpg', 'x/b.jpg']\",submit,better,t\n")
    #expect(
      message { _ = try AvrateFile.read(path, settings: ImportSettings()) }?
        .contains("say which file it prefers") == true)
    var settings = ImportSettings()
    settings.columns = try VoteColumns([], ["better=b,worse=a"])
    let found = try AvrateFile.read(path, settings: settings)
    #expect(found.votes == [vote("1", "all", "a.jpg", "b.jpg", .b)])
    let database = try scratch.write("SQLite format 3\u{0}")
    #expect(
      message { _ = try AvrateFile.read(database, settings: settings) }?
        .contains("convert_ratings_to_csv.py") == true)
  }
}

@Suite struct BattlesOfTheArena {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private let expected = [
    vote("arena_user_1", "all", "x", "y", .a), vote("7", "all", "x", "y", .tie),
    vote("unknown", "all", "y", "x", .b),
  ]

  @Test(arguments: [true, false])
  func battlesAreRead(isList: Bool) throws {
    let battles = [
      #"{"model_a": "x", "model_b": "y", "winner": "model_a", "judge": "arena_user_1", "tstamp": 1.5}"#,
      #"{"model_a": "x", "model_b": "y", "winner": "tie (bothbad)", "judge": 7, "anony": true}"#,
      #"{"model_a": "y", "model_b": "x", "winner": "model_b", "conversation_a": [{"role": "user"}]}"#,
      #"{"model_a": "y", "model_b": "y", "winner": "tie"}"#,
    ]
    let text = isList ? "[\(battles.joined(separator: ",\n"))]" : battles.joined(separator: "\n")
    let found = try ArenaFile.read(scratch.write(text), settings: ImportSettings())
    #expect(found.votes == expected)
    #expect(
      found.notes == [
        "1 battle is between a model and itself: left out.",
        "1 answer is «both bad»: taken as a tie.",
        "1 battle names no judge: the observer is «unknown».",
      ])
  }

  @Test func tablesAreRead() throws {
    let winners = try ArenaFile.read(
      scratch.write("model_a,model_b,winner,judge\nx,y,model_a,arena_user_1\nx,y,tie,7\n"),
      settings: ImportSettings())
    #expect(winners.votes == Array(expected[0...1]))
    let outcomes = try ArenaFile.read(
      scratch.write(
        "id,model_a,model_b,winner_model_a,winner_model_b,winner_tie\n1,x,y,1,0,0\n2,x,y,0,1,0\n"
          + "3,x,y,0,0,1\n"), settings: ImportSettings())
    #expect(outcomes.votes.map(\.choice) == [.a, .b, .tie])
  }

  @Test(arguments: [
    ("[", "holds no battles that can be read"), ("[]", "holds no battles"),
    (#"[{"model_a": "x", "model_b": "y", "winner": "x"}]"#, "the winner \"x\" is not known"),
    ("{\"model_a\": 1}\n", "line 1: holds no battles that can be read"),
  ])
  func otherFilesAreRefused(text: String, expected: String) throws {
    let path = try scratch.write(text)
    let error = message { _ = try ArenaFile.read(path, settings: ImportSettings()) }
    #expect(error?.contains(expected) == true, "\(error ?? "no error")")
  }
}
