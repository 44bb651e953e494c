public import Domain
public import Foundation

/// Where the parts lie that `Scripts/setup` installs: model weights and the demo's portraits.
///
/// The first folder that exists wins: `$VERNIER_DEPS`; `.deps` beside the build folder that holds
/// the running program; `.deps` in the working folder.
public struct Installation: Hashable, Sendable {
  /// The folder that holds `models/` and `portraits/`.
  public let folder: String

  /// Finds the installed parts.
  ///
  /// - Parameters:
  ///   - environment: the process's environment.
  ///   - executable: the path of the running program.
  ///   - workingFolder: the working folder.
  /// - Throws: `InputError` when no folder is there.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String? = Self.runningExecutable,
    workingFolder: String = FileManager.default.currentDirectoryPath
  ) throws(InputError) {
    var candidates: [String] = []
    if let named = environment["VERNIER_DEPS"], !named.isEmpty { candidates.append(named) }
    if let executable {
      var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
      for _ in 0..<5 {
        candidates.append(folder.appendingPathComponent(".deps").path)
        folder = folder.deletingLastPathComponent()
      }
    }
    candidates.append(workingFolder + "/.deps")
    for candidate in candidates
    where FileManager.default.fileExists(atPath: candidate + "/models") {
      folder = candidate
      return
    }
    throw InputError(
      candidates[0], "the model weights are not installed",
      remedy: "run Scripts/setup in Vernier's folder, or set VERNIER_DEPS to its .deps folder")
  }

  /// The path of the running program, symbolic links resolved.
  public static var runningExecutable: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  /// The names of the models that come with the program, by what they score.
  public static let ownModels: [Attribute: String] = [
    .overall: "photo-overall", .details: "portrait-details",
  ]

  /// The folder of a model that comes with the program.
  ///
  /// The first one that exists wins: `Models/<its name>` in the folder of `$VERNIER_DEPS`, in one
  /// of the folders above the running program, or in the working folder.
  ///
  /// - Throws: `InputError` when there is none of that attribute, or it is nowhere.
  public static func ownModel(
    of attribute: Attribute,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String? = Self.runningExecutable,
    workingFolder: String = FileManager.default.currentDirectoryPath
  ) throws(InputError) -> String {
    guard let own = ownModels[attribute] else {
      let known = ownModels.keys.map(\.text).sorted().joined(separator: " or ")
      throw InputError(
        Setting("attribute"), "no model of \(attribute) comes with Vernier",
        remedy: "give \(known), or a model with \(Setting("model"))")
    }
    let path = try shipped(
      "Models/\(own)/model.json", environment: environment, executable: executable,
      workingFolder: workingFolder)
    return String(path.dropLast("/model.json".count))
  }

  /// A file that comes with the program, such as `Models/photo-brisque/brisque.json`.
  ///
  /// The first one that exists wins: in the folder of `$VERNIER_DEPS`, in one of the folders above
  /// the running program, or in the working folder.
  ///
  /// - Throws: `InputError` when it is nowhere.
  public static func shipped(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String? = Self.runningExecutable,
    workingFolder: String = FileManager.default.currentDirectoryPath
  ) throws(InputError) -> String {
    var folders: [String] = []
    if let named = environment["VERNIER_DEPS"], !named.isEmpty {
      folders.append(URL(fileURLWithPath: named).deletingLastPathComponent().path)
    }
    if let executable {
      var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
      for _ in 0..<5 {
        folders.append(folder.path)
        folder = folder.deletingLastPathComponent()
      }
    }
    folders.append(workingFolder)
    for folder in folders
    where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
      return "\(folder)/\(name)"
    }
    throw InputError(
      name, "the model is not beside the program",
      remedy: "run the program inside Vernier's folder, or give \(Setting("model"))")
  }

  /// The path of a file of model weights.
  ///
  /// - Throws: `InputError` when it is not there.
  public func model(_ name: String) throws(InputError) -> String {
    try existing("models/\(name)")
  }

  /// The path of one of the demo's portraits.
  ///
  /// - Throws: `InputError` when it is not there.
  public func portrait(_ name: String) throws(InputError) -> String {
    try existing("portraits/\(name)")
  }

  /// The path of the face recognition network, an optional part.
  ///
  /// - Throws: `InputError` when it is not there.
  public func faceRecognition(_ name: String) throws(InputError) -> String {
    try existing("people/\(name)", option: " --people")
  }

  private func existing(_ name: String, option: String = "") throws(InputError) -> String {
    let path = "\(folder)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        path, "the file is not installed",
        remedy: "run Scripts/setup\(option) in Vernier's folder")
    }
    return path
  }
}
