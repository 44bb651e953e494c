/// A file of weights whose tensors are read one by one, when a model asks for them.
///
/// A model made this way never holds its weights twice: `Weights(opening:for:)`.
public final class CheckpointFile {
  private enum Content {
    case open(ByteFile, [String: SafeTensors.Place])
    case read([String: Tensor])
  }

  /// The file's path.
  public let path: String
  /// The metadata of a safetensors file.
  public let metadata: [String: String]
  private let content: Content

  /// Opens a `.safetensors` file, checking its header; a `.pth` file is read at once.
  public init(_ path: String) throws(CheckpointError) {
    self.path = path
    let file = try ByteFile(path)
    if SafeTensors.matches(file) {
      let (places, metadata) = try SafeTensors.places(file)
      content = .open(file, places)
      self.metadata = metadata
    } else {
      content = .read(try TorchFile.read(file))
      metadata = [:]
    }
  }

  /// The tensors' names.
  public var names: [String] {
    switch content {
    case .open(_, let places): places.keys.sorted()
    case .read(let tensors): tensors.keys.sorted()
    }
  }

  /// The shape of a tensor, if there is one of the name.
  public func shape(_ name: String) -> [Int]? {
    switch content {
    case .open(_, let places): places[name]?.shape
    case .read(let tensors): tensors[name]?.shape
    }
  }

  /// Reads a tensor, if there is one of the name; every call gives memory of its own.
  public func tensor(_ name: String) throws(CheckpointError) -> Tensor? {
    switch content {
    case .open(let file, let places):
      guard let place = places[name] else { return nil }
      return try SafeTensors.tensor(name, place, file)
    case .read(let tensors):
      do throws(TensorError) {
        return try tensors[name]?.copy()
      } catch { throw CheckpointError(path, error.reason, remedy: "free some memory") }
    }
  }
}
