/// Files of weights: names and their tensors.
///
/// Reading is safe against damaged and hostile files: nothing in them is run, every length is
/// checked against the file's size, and what doesn't fit is an error of one line.
public enum Checkpoint {
  /// Reads `.pth` (zip or legacy form, nested or plain) and `.safetensors`, distinguished by
  /// content.
  ///
  /// What wrappers put before every name (`module.`, `_orig_mod.`, `model.`, …) is taken away.
  public static func read(_ path: String) throws(CheckpointError) -> [String: Tensor] {
    let file = try ByteFile(path)
    if SafeTensors.matches(file) { return StateNames.plain(try SafeTensors.read(file).tensors) }
    return try TorchFile.read(file)
  }

  /// Reads a `.safetensors` file together with its metadata.
  public static func readWithMetadata(
    _ path: String
  ) throws(CheckpointError) -> (tensors: [String: Tensor], metadata: [String: String]) {
    try SafeTensors.read(ByteFile(path))
  }

  /// Writes a `.safetensors` file, which Python reads; it appears only when it is complete.
  public static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  /// Reads the arrays of an uncompressed `.npz` archive of NumPy; it needs no libtorch.
  public static func readNumpyArchive(
    _ path: String
  ) throws(CheckpointError) -> [String: NumpyArray] {
    try NumpyArchive.read(ByteFile(path))
  }

  /// A tensor from a file's bytes.
  static func tensor(
    _ bytes: [UInt8], _ shape: [Int], _ type: ElementType, _ name: String, _ file: ByteFile
  ) throws(CheckpointError) -> Tensor {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(TensorError) in
        Unchecked(value: try Tensor(bytes: bytes, shape: shape, type: type))
      }
    }
    switch result {
    case .success(let tensor): return tensor.value
    case .failure(let error): throw file.unmade(name, error)
    }
  }

  private struct Unchecked { let value: Tensor }
}
