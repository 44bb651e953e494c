public import Domain
import Files
import Foundation
public import NeuralModels
import Tensors

/// Model folders on disk.
public enum ModelLibrary {
  /// The name that stands for the model that scores when none is given.
  public static let defaultName = "default"
  /// What is scored when neither a model nor an attribute is given.
  public static let defaultAttribute = Attribute.overall
  private static let largestDepth = 3

  /// The model of a path: a model's folder, that of a training run, whose model is in it,
  /// ``defaultName``, or the name of a model that comes with the program.
  ///
  /// - Throws: `InputError` when there is none.
  public static func folder(_ path: String) throws -> ModelFolder {
    if path == defaultName {
      return try ModelFolder(Installation.ownModel(of: defaultAttribute))
    }
    let inner = "\(path)/model"
    if !exists("\(path)/\(ModelFolder.descriptionName)"),
      exists("\(inner)/\(ModelFolder.descriptionName)")
    {
      return try ModelFolder(inner)
    }
    guard exists(path) else {
      if let own = Installation.ownModels.first(where: { $0.value == path }) {
        return try ModelFolder(Installation.ownModel(of: own.key))
      }
      throw InputError(
        path, "there is no such model",
        remedy: "give the folder of a run or of a model, or default, niqe, ilniqe, brisque")
    }
    return try ModelFolder(path)
  }

  /// A model's name in results: the last part of its path.
  public static func name(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
  }

  /// Everything about one model; reads its weights.
  ///
  /// - Throws: an error that names what is missing or damaged.
  public static func details(_ path: String) throws -> ModelDetails {
    let folder = try folder(path)
    let file = "\(folder.path)/\(ModelFolder.weightsName)"
    let tensors = try folder.weights()
    let card = "\(folder.path)/\(ModelFolder.cardName)"
    return ModelDetails(
      path: folder.path, description: folder.description,
      weightsBytes: bytes(file) ?? 0, tensorCount: tensors.count,
      numberCount: tensors.values.reduce(0) { $0 + $1.count },
      weightsSHA256: try FileDigest.sha256(file),
      configuration: try configuration(folder),
      card: exists(card) ? String(decoding: try InputFile.read(card), as: UTF8.self) : "")
  }

  /// The architecture's settings as text.
  private static func configuration(_ folder: ModelFolder) throws -> [String: String] {
    let file = "\(folder.path)/\(ModelFolder.descriptionName)"
    guard
      let object = try JSONSerialization.jsonObject(with: Data(InputFile.read(file)))
        as? [String: Any],
      let configuration = object["configuration"] as? [String: Any]
    else { return [:] }
    let traits = Architecture(rawValue: folder.architecture)?.traits
    let unused = traits.map { $0.unusedSettings.union(["architecture"]) } ?? []
    return configuration.filter { !unused.contains($0.key) }.mapValues { value in
      (value as? [Any]).map { $0.map { "\($0)" }.joined(separator: ", ") } ?? "\(value)"
    }
  }

  /// The models in a folder and in the folders in it, three levels deep, by path; damaged ones too.
  ///
  /// - Throws: `InputError` when the folder can't be read.
  public static func list(_ path: String) throws -> [ModelListing] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw InputError(path, "the folder can't be read", remedy: "give a folder that holds models")
    }
    var found: [ModelListing] = []
    collect(path, names, depth: 0, into: &found)
    return found
  }

  private static func collect(
    _ path: String, _ names: [String], depth: Int, into found: inout [ModelListing]
  ) {
    if names.contains(ModelFolder.descriptionName) { return found.append(listing(path)) }
    guard depth < largestDepth else { return }
    for name in names.sorted() where !name.hasPrefix(".") {
      let inner = path == "." ? name : "\(path)/\(name)"
      // Links are left out: they could lead round in circles.
      guard let kind = try? FileManager.default.attributesOfItem(atPath: inner)[.type],
        kind as? FileAttributeType == .typeDirectory,
        let names = try? FileManager.default.contentsOfDirectory(atPath: inner)
      else { continue }
      collect(inner, names, depth: depth + 1, into: &found)
    }
  }

  /// The lines of the models that come with the program, the default one first; those that are
  /// missing are left out.
  public static func ownListings() -> [ModelListing] {
    let others = Installation.ownModels.keys.filter { $0 != defaultAttribute }.sorted()
    return ([defaultAttribute] + others).compactMap {
      (try? Installation.ownModel(of: $0)).map(listing)
    }
  }

  private static func listing(_ path: String) -> ModelListing {
    do {
      let folder = try ModelFolder(path)
      let size = bytes("\(path)/\(ModelFolder.weightsName)")
      return ModelListing(
        path: path, architecture: folder.architecture, attribute: folder.description.attribute,
        unit: folder.description.unit, weightsBytes: size,
        problem: size == nil ? "\(ModelFolder.weightsName) is missing" : nil)
    } catch {
      return ModelListing(
        path: path, architecture: nil, attribute: nil, unit: nil, weightsBytes: nil,
        problem: "\(error)")
    }
  }

  /// Writes a model's weights as one safetensors file, with its description as the file's metadata.
  ///
  /// - Returns: the number of tensors.
  /// - Throws: an error that names what can't be read or written.
  public static func export(_ path: String, to file: String) throws -> Int {
    let folder = try folder(path)
    let tensors = try folder.weights()
    var metadata = folder.description.facts
    metadata["architecture"] = folder.architecture
    for (name, value) in try configuration(folder) where metadata[name] == nil {
      metadata[name] = value
    }
    // PyTorch's libraries ask for it.
    metadata["format"] = "pt"
    try Checkpoint.write(tensors, metadata: metadata, to: file)
    return tensors.count
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private static func bytes(_ path: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue
  }
}
