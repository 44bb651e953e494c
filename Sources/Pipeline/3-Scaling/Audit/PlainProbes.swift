import Domain
import Statistics

/// What needs no simulation: the design, rows entered twice, and times.
enum PlainProbes {
  /// Whether all photos share one scale, and which of them votes bound on one side only.
  static func connection(_ judgements: SceneJudgements, _ pairs: PairCounts) -> AuditFinding {
    let groups = DesignGraph(pairs).connectedGroups()
    let totals = ComparisonMatrix(judgements).comparisonsPerPhoto
    let measures = [
      AuditMeasure("groups of photos without a comparison between them", Double(groups.count)),
      AuditMeasure("least votes of a photo", totals.min() ?? 0),
      AuditMeasure("median votes of a photo", Descriptive.median(totals)),
    ]
    func names(_ photos: [Int]) -> String {
      AuditText.listed(photos.map { judgements.photos[$0].text })
    }
    guard groups.count == 1 else {
      return AuditFinding(
        .connection, .fault,
        "\(groups.count) groups of photos were never compared with one another; each has an own "
          + "scale, and the distance between them is unknown.", measures: measures,
        items: groups.dropFirst().map {
          AuditItem(names($0), p: nil, "Compare one of them with \(names([groups[0][0]])).")
        })
    }
    let few = judgements.photos.indices.filter { totals[$0] < 6 }
    var wins = [Double](repeating: 0, count: totals.count)
    for pair in 0..<pairs.pairs {
      wins[Int(pairs.first[pair])] += pairs.wins[pair]
      wins[Int(pairs.second[pair])] += pairs.losses[pair]
    }
    let sided = judgements.photos.indices.filter {
      totals[$0] >= 6 && (wins[$0] == 0 || wins[$0] == totals[$0])
    }
    var items: [AuditItem] = []
    if !few.isEmpty {
      items.append(
        AuditItem(names(few), p: nil, "Fewer than 6 votes, with which no photo can be placed."))
    }
    if !sided.isEmpty {
      items.append(
        AuditItem(
          names(sided), p: nil,
          "Won or lost every vote, so that the prior alone bounds its distance."))
    }
    return AuditFinding(
      .connection, few.isEmpty ? .fine : .look,
      few.isEmpty
        ? "All photos are connected by comparisons."
        : "\(AuditText.counted(few.count, "photo has", "photos have")) fewer than 6 votes.",
      measures: measures, items: items)
  }

  /// Rows of one observer that repeat earlier ones exactly: at least 8 in a row, or with the same
  /// measured times.
  static func repeatedRows(_ judgements: SceneJudgements) -> AuditFinding {
    struct Row: Hashable {
      let a: Int
      let b: Int
      let choice: Choice
      let milliseconds: Double?
    }
    let timed = judgements.votes.contains { $0.responseMilliseconds != nil }
    var items: [AuditItem] = []
    var repeated = 0
    for (observer, name) in judgements.observers.enumerated() {
      let places = judgements.votes.indices.filter { judgements.votes[$0].observer == observer }
      let rows = places.map { place in
        let vote = judgements.votes[place]
        return Row(
          a: vote.a, b: vote.b, choice: vote.choice, milliseconds: vote.responseMilliseconds)
      }
      var seen: [Row: [Int]] = [:]
      var place = 0
      while place < rows.count {
        let earlier = seen[rows[place], default: []]
        let lengths = earlier.map { start in
          var length = 0
          while start + length < place, place + length < rows.count,
            rows[start + length] == rows[place + length]
          { length += 1 }
          return (start: start, length: length)
        }
        let longest = lengths.max { $0.length < $1.length }
        // A measured time hardly comes twice on the same pair; without times only long stretches
        // tell.
        let least = timed && rows[place].milliseconds != nil ? 1 : 8
        if let longest, longest.length >= least {
          repeated += longest.length
          let ends = [place, place + longest.length - 1, longest.start].map {
            RowReference.text(places[$0])
          }
          items.append(
            AuditItem(
              "rows \(ends[0]) to \(ends[1])", p: nil,
              "Rows \(ends[0]) to \(ends[1]) of \(name) repeat those from row \(ends[2]) on exactly."
            ))
        }
        for step in 0..<max(longest.map { $0.length >= least ? $0.length : 1 } ?? 1, 1) {
          seen[rows[place + step], default: []].append(place + step)
        }
        place += max(longest.map { $0.length >= least ? $0.length : 1 } ?? 1, 1)
      }
    }
    let verdict: AuditVerdict =
      repeated == 0
      ? .fine : timed && repeated > 2 || repeated * 20 > judgements.votes.count ? .fault : .look
    return AuditFinding(
      .repeatedRows, verdict,
      repeated == 0
        ? "No rows were entered twice."
        : "\(AuditText.counted(repeated, "row repeats an earlier one", "rows repeat earlier ones")) "
          + "exactly, as if entered twice.",
      measures: [AuditMeasure("repeated rows", Double(repeated), expected: 0)],
      items: Array(items.prefix(20)))
  }

  /// Answers faster than a look at two photos takes.
  static func responseTimes(_ judgements: SceneJudgements, fastMilliseconds: Double) -> AuditFinding
  {
    var times = [[Double]](repeating: [], count: judgements.observers.count)
    for vote in judgements.votes {
      if let time = vote.responseMilliseconds { times[vote.observer].append(time) }
    }
    let all = times.flatMap { $0 }
    guard !all.isEmpty else {
      return AuditFinding(.responseTimes, .fine, "The votes hold no response times.")
    }
    var items: [AuditItem] = []
    var worst = 0.0
    for (observer, list) in times.enumerated() where list.count >= 10 {
      let share = Double(list.count { $0 < fastMilliseconds }) / Double(list.count)
      guard share >= 0.05 else { continue }
      worst = max(worst, share)
      items.append(
        AuditItem(
          judgements.observers[observer].text, p: nil,
          "\(judgements.observers[observer]) gives \(AuditText.percent(share)) of the answers in "
            + "less than \(AuditText.number(fastMilliseconds, 0)) ms."))
    }
    return AuditFinding(
      .responseTimes, worst >= 0.25 ? .fault : worst > 0 ? .look : .fine,
      items.isEmpty
        ? "Nobody answers faster than a look at two photos takes."
        : "Implausibly fast answers by \(AuditText.listed(items.map(\.name))).",
      measures: [AuditMeasure("median time to an answer, ms", Descriptive.median(all))],
      items: items)
  }
}
