import Glibc

/// Where this program's libtorch comes from: each way to install the program has one of its own.
enum TorchSource {
  /// What to do about a libtorch that is missing or of another version.
  static var remedy: String {
    let folder = programFolder
    let step: String
    if folder.contains("/site-packages/") {
      step = "run pip install 'vernier[models]'"
    } else if access("\(folder)/vernier-setup-torch", F_OK) == 0 {
      step = "run vernier-setup-torch"
    } else {
      step = "run make build in Vernier's folder"
    }
    return step + ", or name a libvernier-torch.so in VERNIER_TORCH_LIBRARY"
  }

  private static var programFolder: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(
      decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
