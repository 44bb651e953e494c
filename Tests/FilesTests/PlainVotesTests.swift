import Domain
import Files
import TestSupport
import Testing

/// The fast reader of plain votes must say exactly what the reader of every form says.
@Suite struct PlainVotesTests {
  private func both(
    _ text: String, allowsSelfVotes: Bool = false
  ) throws -> (fast: [SceneJudgements], slow: [SceneJudgements]) {
    let scratch = try Scratch()
    let path = try scratch.write(text)
    return (
      try VotesFile.scenes(path, allowsSelfVotes: allowsSelfVotes),
      SceneJudgements.grouping(try VotesFile.read(path, allowsSelfVotes: allowsSelfVotes))
    )
  }

  @Test func everyFormReadsTheSame() throws {
    let header = "observer,scene,attribute,image_a,image_b,choice"
    let forms = [
      "\(header)\no1,S,details,x,y,a\no2,S,details,y,x,b\n",
      "\(header)\r\no1,S,Details,x,y,A\r\no2,S,details,y,z,tie",
      "\u{FEFF}\n\(header)\n\no1,T,details,x,y,b\n\no1,S,exposure,y,x,TIE\n\n",
      "choice,image_b,image_a,note,attribute,scene,observer\na,x,y,,details,S,o\nb,x,z,n,details,S,p\n",
      "\(header),response_ms,criterion,batch\no,S,d,x,y,a,12.5,,\np,S,d,x,y,b,,error-reduction,3\n"
        + "p,S,d,y,x,a,0,random,\n",
      "\(header)\no,S,d,\"x,1\",y,a\n",
      "\(header)\no,S,d,x,y,a,\n,,,,,\no,S,d,y,x,b,,\n",
      "\(header)\no, S,d,x ,y,a\no,S,d,x,y,a\n",
      "\(header)\nö,S,d,é,e,a\nö,S,d,e\u{301},e,b\n",
      "\(header)\no,Ä,É,longer-than-8-bytes,longer-than-8-bytez,a\no,Ä,é,x,longer-than-8-bytes,b\n",
    ]
    for form in forms {
      let read = try both(form)
      #expect(read.fast == read.slow, "\(form)")
      // Swift's texts are equal in every normal form; files are not.
      let names = read.fast.map { $0.photos.map { Array($0.text.utf8) } }
      #expect(names == read.slow.map { $0.photos.map { Array($0.text.utf8) } })
    }
    let own = try both("\(header)\no,S,d,x,x,a\no,S,d,x,y,a\n", allowsSelfVotes: true)
    #expect(own.fast == own.slow && own.fast[0].selfVotes(of: 0) == 1)
  }

  @Test func randomStudiesReadTheSame() throws {
    var dice = Dice(state: 8)
    for _ in 0..<20 {
      var lines = ["observer,scene,attribute,image_a,image_b,choice"]
      for _ in 0..<300 {
        let a = Int.random(in: 0..<40, using: &dice)
        let b = (a + Int.random(in: 1..<40, using: &dice)) % 40
        lines.append(
          "o\(Int.random(in: 0..<90, using: &dice)),S\(Int.random(in: 0..<3, using: &dice)),"
            + "\(Bool.random(using: &dice) ? "details" : "exposure"),photo-\(a)-of-a-set,\(b),"
            + (["a", "b", "tie"].randomElement(using: &dice) ?? "a"))
      }
      let read = try both(lines.joined(separator: "\n"))
      #expect(read.fast == read.slow)
      #expect(read.fast.count == 6)
    }
  }

  @Test func everyErrorIsThatOfTheOtherReader() throws {
    let good = "observer,scene,attribute,image_a,image_b,choice\no,S,d,x,y,a\n"
    let faults = [
      "", "observer,scene\no,S\n", good + "o,S,d,x,y\n", good + "o,S,d,x,y,a,more\n",
      good + "o,S,d,x,x,a\n", good + ",S,d,x,y,a\n", good + "o,S,d,x,y,c\n", good + "o,S,d,x,y,\n",
      good + "o,S,d,x\"y,z,a\n", good + "o,S,d,\"x,y,a\n", good + "o,S,d,x\0,y,a\n",
      "observer,scene,attribute,image_a,image_b,choice\n",
      "observer,observer,scene,attribute,image_a,image_b,choice\no,o,S,d,x,y,a\n",
      "observer,scene,attribute,image_a,image_b,choice,response_ms\no,S,d,x,y,a,-4\n",
      "observer,scene,attribute,image_a,image_b,choice,response_ms\no,S,d,x,y,a,soon\n",
      "observer,scene,attribute,image_a,image_b,choice,criterion,batch\no,S,d,x,y,a,asap,\n",
      "observer,scene,attribute,image_a,image_b,choice,criterion\no,S,d,x,y,a,dice\n",
    ]
    for fault in faults {
      let scratch = try Scratch()
      let path = try scratch.write(fault)
      let expected = message { _ = try VotesFile.read(path) }
      #expect(expected != nil, "\(fault)")
      #expect(message { _ = try VotesFile.scenes(path) } == expected, "\(fault)")
    }
  }

  @Test func bytesThatAreNotTextAreRefusedAlike() throws {
    let scratch = try Scratch()
    let path = scratch.file("votes.csv")
    let text = "observer,scene,attribute,image_a,image_b,choice\no,S,d,x,"
    try AtomicFile.write(Array(text.utf8) + [0xFF, 0x2C, 0x61, 0x0A], to: path)
    let expected = message { _ = try VotesFile.read(path) }
    #expect(expected?.contains("row 2") == true)
    #expect(message { _ = try VotesFile.scenes(path) } == expected)
  }
}

extension SceneJudgements {
  fileprivate func selfVotes(of photo: Int) -> Int {
    votes.count { $0.a == photo && $0.b == photo }
  }
}
