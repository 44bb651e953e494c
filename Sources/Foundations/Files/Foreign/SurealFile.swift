public import Domain

/// Data sets of SUREAL, `.py` or `.json`: ratings, or answers on pairs.
///
/// `dis_videos` holds a dictionary for each stimulus with `asset_id`, `content_id`, `path` and `os`, the opinions: a list with
/// a number (or a list of numbers) for each subject, a dictionary from subject to the same, or, for pairs, a
/// dictionary from `(subject, asset_id)` to 1 where this stimulus was preferred to that one, 0 or 0.5. The scene
/// is the name of the content in `ref_videos`. The file is read, never run.
///
/// Source: the documentation of Netflix/sureal.
public enum SurealFile {
  private struct Stimulus {
    let asset: String
    let scene: SceneID
    let photo: PhotoID
    let opinions: PythonValue
  }

  /// Reads a data set.
  ///
  /// - Throws: `InputError` for files of another shape, and for opinions that aren't numbers.
  public static func read(
    _ path: String, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    let file = try PythonLiterals(InputFile.read(path), file: path)
    let stimuli = try stimuli(file.values, path, settings)
    let byAsset = Dictionary(stimuli.map { ($0.asset, $0) }, uniquingKeysWith: { one, _ in one })
    var result = ImportedOpinions()
    var seen: Set<[String]> = []
    var twice = 0
    for stimulus in stimuli {
      for (subject, other, value) in try opinions(of: stimulus, path) {
        guard let other else {
          result.ratings.append(
            Rating(
              observer: ObserverID(subject), scene: stimulus.scene,
              attribute: settings.attributeOrOverall, photo: stimulus.photo, value: value))
          continue
        }
        let vote = try vote(subject, stimulus, byAsset[other], value, path, settings)
        // Both directions of a pair are one answer.
        let pair = [vote.photoA.text, vote.photoB.text].sorted()
        if seen.insert([subject, vote.scene.text] + pair).inserted {
          result.votes.append(vote)
        } else {
          twice += 1
        }
      }
    }
    result.note(
      twice, "answer is", "answers are", "given in both directions or twice: counted once.")
    guard result.votes.isEmpty != result.ratings.isEmpty else {
      throw InputError(
        path, result.votes.isEmpty ? "holds no opinions" : "holds pairs and ratings",
        remedy: "give a data set whose «os» are ratings, or answers on pairs")
    }
    return result
  }

  private static func stimuli(
    _ values: [String: PythonValue], _ path: String, _ settings: ImportSettings
  ) throws(InputError) -> [Stimulus] {
    guard let list = values["dis_videos"]?.members, !list.isEmpty else {
      throw InputError(
        path, "has no list dis_videos that can be read",
        remedy: "give a data set of SUREAL, as .py of literals or as .json")
    }
    var contents: [String: String] = [:]
    for content in values["ref_videos"]?.members ?? [] {
      if let id = content["content_id"]?.name { contents[id] = content["content_name"]?.name }
    }
    let paths = list.map { $0["path"]?.name ?? "" }
    let names = paths.map(ForeignTable.lastPart)
    let assets = list.enumerated().map { $1["asset_id"]?.name ?? "\($0)" }
    guard Set(assets).count == assets.count else {
      throw InputError(path, "has two stimuli of one asset_id", remedy: "number them differently")
    }
    let scenes = list.map { video in
      let content = video["content_id"]?.name ?? ""
      return settings.scene ?? SceneID(contents[content] ?? (content.isEmpty ? "all" : content))
    }
    // A photo's name is its own inside of its scene.
    let areUnique =
      !paths.contains("") && Set(zip(scenes, names).map { [$0.text, $1] }).count == names.count
    return list.indices.map { index in
      let numbered =
        paths[index].isEmpty ? assets[index] : "\(assets[index])_\(names[index])"
      return Stimulus(
        asset: assets[index],
        scene: scenes[index],
        photo: PhotoID(areUnique ? names[index] : numbered),
        opinions: list[index]["os"] ?? .nothing)
    }
  }

  /// The opinions on a stimulus: who, compared with which asset, and the number.
  private static func opinions(
    of stimulus: Stimulus, _ path: String
  ) throws(InputError) -> [(subject: String, other: String?, value: Double)] {
    let entries: [(PythonValue, PythonValue)]
    if case .dictionary(let named) = stimulus.opinions {
      entries = named.map { ($0.key, $0.value) }
    } else if let members = stimulus.opinions.members {
      entries = members.enumerated().map { (.text("\($0 + 1)"), $1) }
    } else {
      throw InputError(
        "\(path), asset \(stimulus.asset)", "has no opinions «os»",
        remedy: "give a list or a dictionary of numbers")
    }
    var result: [(subject: String, other: String?, value: Double)] = []
    for (key, value) in entries {
      let subject = key.name ?? key.members?.first?.name
      let other = key.members.flatMap { $0.count == 2 ? $0[1].name : nil }
      guard let subject, !subject.isEmpty, key.members == nil || other != nil else {
        throw InputError(
          "\(path), asset \(stimulus.asset)", "has an opinion of nobody",
          remedy: "name the subject, or the subject and the asset_id compared with")
      }
      for single in value.members ?? [value] where single != .nothing {
        guard let number = single.number else {
          throw InputError(
            "\(path), asset \(stimulus.asset), subject \(subject)",
            "has an opinion that is no number",
            remedy: "write numbers")
        }
        if number.isFinite { result.append((subject, other, number)) }
      }
    }
    return result
  }

  private static func vote(
    _ subject: String, _ stimulus: Stimulus, _ other: Stimulus?, _ value: Double, _ path: String,
    _ settings: ImportSettings
  ) throws(InputError) -> Judgement {
    let place = "\(path), asset \(stimulus.asset), subject \(subject)"
    guard let other, other.asset != stimulus.asset else {
      throw InputError(
        place, "is compared with no other asset", remedy: "give the asset_id of another stimulus")
    }
    guard other.scene == stimulus.scene else {
      throw InputError(
        place, "is compared across the contents \(stimulus.scene) and \(other.scene)",
        remedy: "put all under one scene with \(Setting("scene"))")
    }
    let choices: [Double: Choice] = [1: .a, 0: .b, 0.5: .tie]
    guard let choice = choices[value] else {
      throw InputError(place, "\(value) is no answer", remedy: "write 1, 0 or 0.5")
    }
    return Judgement(
      observer: ObserverID(subject), scene: stimulus.scene, attribute: settings.attributeOrOverall,
      photoA: stimulus.photo, photoB: other.photo, choice: choice)
  }

  /// Writes votes as a data set for SUREAL's models of pairs; several answers of an observer on one pair can't be held.
  ///
  /// - Throws: `InputError` for votes of several attributes or with repeated pairs, and when the file can't be written.
  public static func write(_ votes: [Judgement], to path: String) throws(InputError) {
    guard Set(votes.map(\.attribute)).count == 1 else {
      throw InputError(
        path, "the votes are of several attributes",
        remedy: "choose one with \(Setting("attribute"))")
    }
    struct Key: Hashable {
      let scene: SceneID
      let photo: PhotoID
    }
    let scenes = Set(votes.map(\.scene)).sorted()
    let keys = votes.flatMap {
      [Key(scene: $0.scene, photo: $0.photoA), Key(scene: $0.scene, photo: $0.photoB)]
    }
    let photos = Set(keys).sorted { ($0.scene, $0.photo) < ($1.scene, $1.photo) }
    let asset = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
    var opinions: [Int: [String]] = [:]
    var seen: Set<[String]> = []
    for vote in votes {
      let a = asset[Key(scene: vote.scene, photo: vote.photoA)] ?? 0
      let b = asset[Key(scene: vote.scene, photo: vote.photoB)] ?? 0
      guard seen.insert([vote.observer.text, "\(min(a, b))", "\(max(a, b))"]).inserted else {
        throw InputError(
          path,
          "\(vote.observer) answered on \(vote.photoA) and \(vote.photoB) twice, for which "
            + "the format has no place", remedy: "choose another format, such as pwcmp")
      }
      let value = vote.choice == .a ? "1" : vote.choice == .b ? "0" : "0.5"
      opinions[a, default: []].append("(\(quoted(vote.observer.text)), \(b)): \(value)")
    }
    var text = "dataset_name = 'vernier'\nyuv_fmt = 'notyuv'\nref_score = 0\n\nref_videos = [\n"
    for (index, scene) in scenes.enumerated() {
      text += " {'content_id': \(index), 'content_name': \(quoted(scene.text)), 'path': ''},\n"
    }
    text += "]\n\ndis_videos = [\n"
    for (index, key) in photos.enumerated() {
      let content = scenes.firstIndex(of: key.scene) ?? 0
      text +=
        " {'asset_id': \(index), 'content_id': \(content), 'path': \(quoted(key.photo.text)),\n"
      text += "  'os': {" + (opinions[index] ?? []).joined(separator: ",\n         ") + "}},\n"
    }
    try AtomicFile.write(text + "]\n", to: path)
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "'", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return "'\(escaped)'"
  }
}
