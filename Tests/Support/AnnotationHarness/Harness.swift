import AnnotationService
import Domain
import Foundation

/// Serves a study of generated pictures, for the browser tests, the kill test and the load bench.
///
///     annotation-harness STUDY PICTURES PORT [option=value …]
///
/// `PICTURES` holds one folder per scene. Options: name, gate, block, rest, lease, grace, training,
/// ties, batch, target, observers (invitations printed as one JSON line), burst, origin, proxy,
/// golden, return, anchor, plates, acuity, experience, scenes and photos (how many), and clock: a
/// file that holds the seconds that this server's clock is ahead, read whenever the time is asked
/// for.
@main
struct Harness {
  static func main() async {
    do {
      try await run()
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func run() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 3, let port = Int(arguments[2]) else {
      throw InputError(
        "arguments", "three are needed", remedy: "give STUDY PICTURES PORT [option=value …]")
    }
    let options = Dictionary(
      arguments.dropFirst(3).compactMap { argument -> (String, String)? in
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
      }, uniquingKeysWith: { $1 })
    var settings = AnnotationSettings()
    settings.gate = options["gate"].flatMap(AnnotationSettings.Gate.init) ?? .off
    func number(_ name: String, _ value: inout Int) {
      if let text = options[name], let given = Int(text) { value = given }
    }
    number("block", &settings.blockSeconds)
    number("rest", &settings.breakSeconds)
    number("lease", &settings.leaseSeconds)
    number("grace", &settings.graceSeconds)
    number("training", &settings.trainingPairs)
    number("batch", &settings.batchSize)
    number("target", &settings.targetComparisons)
    number("plates", &settings.colorPlates)
    settings.leastPlatesRight = settings.colorPlates
    if let text = options["acuity"], let least = Double(text) { settings.leastAcuity = least }
    settings.asksExperience = options["experience"] == "1"
    settings.returnAfter = 0
    number("return", &settings.returnAfter)
    if let text = options["anchor"], let share = Double(text) { settings.anchorShare = share }
    settings.allowsTies = options["ties"] == "1"
    if options["only"] == "active" { (settings.repeatShare, settings.goldenShare) = (0, 0) }
    let study = try AnnotationStudy.open(
      arguments[0], name: options["name"] ?? "Browser test", settings: settings,
      clock: clock(options["clock"]))
    let attributes = (options["attributes"] ?? "details").split(separator: "+").map(String.init)
    try add(
      arguments[1], to: study, attributes: attributes,
      scenes: options["scenes"].flatMap(Int.init) ?? .max,
      photos: options["photos"].flatMap(Int.init) ?? .max)
    if let golden = options["golden"] { _ = try study.addGoldenPairs(golden) }
    var server = AnnotationServerSettings()
    if let burst = options["burst"].flatMap(Int.init) {
      (server.addressBurst, server.cookieBurst, server.entryBurst) = (burst, burst, burst)
    }
    server.publicOrigin = options["origin"]
    server.trustsProxy = options["proxy"] == "1"
    let owner = try study.invite(isOwner: true).token
    let count = options["observers"].flatMap(Int.init) ?? 1
    let prefix = options["prefix"] ?? "O"
    let tokens = try (1...max(1, count)).map {
      try study.invite(pseudonym: "\(prefix)-\($0)").token
    }
    try await AnnotationServer.run(study, port: port, settings: server) { port in
      let line: [String: String] = [
        "port": "\(port)", "owner": owner, "observers": tokens.joined(separator: " "),
        "study": study.id,
      ]
      let data = (try? JSONEncoder().encode(line)) ?? Data()
      FileHandle.standardOutput.write(data + Data("\n".utf8))
    }
  }

  /// A clock that tests set.
  private static func clock(_ path: String?) -> @Sendable () -> Date {
    guard let path else { return { Date() } }
    return {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return Date() + (Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
    }
  }

  /// Adds every picture of every scene's folder.
  private static func add(
    _ folder: String, to study: AnnotationStudy, attributes: [String], scenes: Int, photos: Int
  ) throws {
    let manager = FileManager.default
    var regions: [AnnotationRegion] = []
    for scene in try manager.contentsOfDirectory(atPath: folder).sorted().prefix(scenes) {
      for photo in try manager.contentsOfDirectory(atPath: "\(folder)/\(scene)").sorted().prefix(
        photos)
      {
        for attribute in attributes {
          regions.append(
            AnnotationRegion(
              scene: SceneID(scene), photo: PhotoID(photo), person: "P-" + scene,
              attribute: Attribute(attribute), file: "\(folder)/\(scene)/\(photo)"))
        }
      }
    }
    for problem in try study.add(regions).refused {
      FileHandle.standardError.write(Data("\(problem)\n".utf8))
    }
  }
}
