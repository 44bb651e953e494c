internal import Glibc

/// A program of ours that lies beside the running one, or in `../lib/vernier`.
struct HelperProgram {
  /// The program's name.
  let name: String

  /// Its path; nil where it is missing.
  var path: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    let own = String(
      decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let slash = own.lastIndex(of: "/") else { return nil }
    return ["", "../lib/vernier/"].map { "\(own[...slash])\($0)\(name)" }
      .first { access($0, X_OK) == 0 }
  }

  /// Why a program can't be started.
  struct StartFailure: Error {
    /// What is wrong, such as `vernier-raw is missing`.
    let problem: String
  }

  /// Starts the program; what it says on standard output and error is heard where `descriptors` say
  /// so only.
  ///
  /// - Parameters:
  ///   - arguments: its arguments.
  ///   - environment: its whole environment, as `NAME=value`.
  ///   - descriptors: our descriptors and the numbers that the program knows them by.
  /// - Returns: the process.
  /// - Throws: `StartFailure` when the program is missing or the system refuses it.
  func start(
    _ arguments: [String], environment: [String], descriptors: [(own: Int32, number: Int32)]
  ) throws(StartFailure) -> pid_t {
    guard let path else { throw StartFailure(problem: "\(name) is missing") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    for one in descriptors { posix_spawn_file_actions_adddup2(&actions, one.own, one.number) }
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var process: pid_t = 0
    let status = Self.withCStrings([name] + arguments) { words in
      Self.withCStrings(environment) { settings in
        posix_spawn(&process, path, &actions, nil, words, settings)
      }
    }
    guard status == 0 else {
      throw StartFailure(
        problem: "\(name) can't be started (\(String(cString: strerror(status))))")
    }
    return process
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
