internal import CSandbox
internal import Domain
internal import Glibc
internal import Synchronization

/// Decodes photos in locked processes, so that a hostile one harms nothing but its own answer.
///
///     var options = DecodingOptions()
///     options.process = try DecoderProcess()
///     let image = try RasterImage.decode(path, options: options)
///
/// The program `vernier-decode`, beside this one, forks for each photo. The copy has limits on
/// memory and time, and a filter of system calls: it can open nothing, start nothing and signal
/// nobody. Photos are decoded one after the other. Pixels are the same as without it. Camera raw
/// goes to `vernier-raw`, as always.
public final class DecoderProcess: Sendable {
  /// The server that forks; it is replaced when it ends.
  private struct Server {
    let process: pid_t
    let socket: Int32
  }

  /// How one photo's process ended.
  private struct Ending {
    let waited: Int32
    let status: Int32
  }

  private static let program = "vernier-decode"

  /// How many seconds of processor time a photo may take; of clock time, twice as many.
  public let seconds: Int
  private let server: Mutex<Server?>

  /// Starts the program and makes sure that its copies are locked in.
  ///
  /// - Parameter seconds: how much processor time a photo may take.
  /// - Throws: `PhotoError` of the kind `library` when photos can't be decoded in such a process
  ///   here.
  public init(seconds: Int = 60) throws(PhotoError) {
    self.seconds = max(1, seconds)
    server = Mutex(try Self.start())
    for (act, name) in ["open a file", "open a connection", "start a process", "run a program"]
      .enumerated()
    where try canDo(Int32(act)) { throw Self.failure("it could \(name)") }
    if try canDo(4) { throw Self.failure("it could signal its parent") }
    if try canDo(5) { throw Self.failure("it could change its limits") }
  }

  deinit {
    if let server = server.withLock({ $0 }) { Self.end(server) }
  }

  // MARK: Photos

  /// A photo's header; nil for camera raw.
  func header(of path: String, _ options: DecodingOptions) throws(PhotoError) -> PhotoHeader? {
    guard case .header(let header)? = try answer(to: .header, path, options)?.answer else {
      return nil
    }
    return header
  }

  /// A photo's pixels and its header; nil for camera raw.
  func image(
    of path: String, _ task: DecoderRequest.Task, _ options: DecodingOptions
  ) throws(PhotoError) -> (image: RasterImage, header: PhotoHeader)? {
    guard let found = try answer(to: task, path, options),
      case .image(let width, let height, let header) = found.answer,
      let image = RasterImage(widthPixels: width, heightPixels: height, samples: found.samples)
    else { return nil }
    return (image, header)
  }

  /// Lets a copy misbehave: what its photo's error is then.
  package func misbehave(_ how: DecoderMisbehaviour, as path: String) throws(PhotoError) {
    _ = try answer(to: .misbehave(how), path, DecodingOptions(maximumPixels: 1000))
  }

  /// The process that forks; nil after it has ended.
  package var serverProcess: Int32? { server.withLock { $0?.process } }

  /// Opens a photo and has it decoded; nil for camera raw.
  private func answer(
    to task: DecoderRequest.Task, _ path: String, _ options: DecodingOptions
  ) throws(PhotoError) -> (answer: DecoderAnswer, samples: [UInt8])? {
    let photo = try PhotoFile.open(path)
    defer { close(photo) }
    let request = DecoderRequest(task, name: path, options, seconds: seconds)
    let (reply, ending) = try exchange(request, photo)
    guard ending.waited == 0, ending.status == 0 else { throw crash(path, ending) }
    switch (reply?.answer, task) {
    case (.raw?, _): return nil
    case (.failed(let error)?, _):
      // The text is made anew: it is the copy's, and one line only if it is checked here.
      throw PhotoError(path, error.kind, error.problem, remedy: error.remedy)
    case (.header(let header)?, .header) where header.isPossible(options): return reply
    case (.image(_, _, let header)?, .whole) where header.isPossible(options): return reply
    case (.image(_, _, let header)?, .resized) where header.isPossible(options): return reply
    case (.image(_, _, let header)?, .shrunk) where header.isPossible(options): return reply
    case (.image(let width, let height, let header)?, .area(_, let wantedWidth, let wantedHeight))
    where width == wantedWidth && height == wantedHeight && header.isPossible(options):
      return reply
    default: throw crash(path, ending)
    }
  }

  /// Whether a copy can do what it must not.
  private func canDo(_ act: Int32) throws(PhotoError) -> Bool {
    let null = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(null) }
    let request = DecoderRequest(.attempt(act), name: "", DecodingOptions(), seconds: seconds)
    let (reply, ending) = try exchange(request, null)
    guard ending.waited == 0, ending.status == 0, case .attempted(let could)? = reply?.answer else {
      throw Self.failure("this system has no filter of system calls")
    }
    return could
  }

  // MARK: Processes

  /// Asks the server, and another one where it has ended.
  private func exchange(
    _ request: DecoderRequest, _ photo: Int32
  ) throws(PhotoError) -> (DecoderReply?, Ending) {
    try server.withLock { (server) throws(PhotoError) in
      for _ in 0..<2 {
        let asked: Server
        if let server { asked = server } else { asked = try Self.start() }
        server = asked
        if let found = try Self.exchange(request, photo, asked) { return found }
        Self.end(asked)
        server = nil
      }
      // A server that ends twice over one photo: so does the photo.
      return (nil, Ending(waited: -1, status: 0))
    }
  }

  /// One request and its answer; nil when the server has ended.
  private static func exchange(
    _ request: DecoderRequest, _ photo: Int32, _ server: Server
  ) throws(PhotoError) -> (DecoderReply?, Ending)? {
    var ends: [Int32] = [0, 0]
    guard csandbox_pipe(&ends) == 0 else { throw failure("no pipe can be made") }
    let message = request.message
    let sent = csandbox_send(server.socket, message, message.count, [photo, ends[1]], 2)
    close(ends[1])
    guard sent == 0 else {
      close(ends[0])
      return nil
    }
    var reader = DecoderReplyReader(ends[0])
    let reply = reader.reply(to: request)
    // Nobody reads any more: a copy that still writes ends by that.
    close(ends[0])
    var outcome: [Int32] = [0, 0]
    let count = outcome.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { csandbox_receive(server.socket, $0, bytes.count, nil, 0) } ?? -1
    }
    guard count == 8 else { return nil }
    return (reply, Ending(waited: outcome[0], status: outcome[1]))
  }

  /// One thread, so that it can be forked; large pages, because every copy gets its memory from the
  /// kernel anew: less than half the page faults, 3 ms of a photo's 25.
  private static let settings = [
    "OMP_NUM_THREADS=1", "SWIFT_BACKTRACE=enable=no", "GLIBC_TUNABLES=glibc.malloc.hugetlb=1",
  ]

  private static func start() throws(PhotoError) -> Server {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw failure("no socket can be made") }
    // Nothing of this process's environment but which libvips to take.
    let own = getenv("VERNIER_VIPS_LIBRARY").map { "VERNIER_VIPS_LIBRARY=\(String(cString: $0))" }
    let process: pid_t
    do throws(HelperProgram.StartFailure) {
      process = try HelperProgram(name: program).start(
        [], environment: settings + [own].compactMap(\.self),
        descriptors: [(ends[1], DecoderServer.socketNumber)])
    } catch {
      for end in ends { close(end) }
      throw failure(error.problem)
    }
    close(ends[1])
    let server = Server(process: process, socket: ends[0])
    var greeting = [UInt8](repeating: 0, count: 2000)
    let count = csandbox_receive(server.socket, &greeting, greeting.count, nil, 0)
    guard count > 0, Array(greeting.prefix(count)) == DecoderServer.ready else {
      end(server)
      throw failure(
        count > 0 ? String(decoding: greeting.prefix(count), as: UTF8.self) : "it ended at once")
    }
    return server
  }

  private static func end(_ server: Server) {
    close(server.socket)
    var status: Int32 = 0
    while waitpid(server.process, &status, 0) < 0, errno == EINTR {}
  }

  // MARK: Errors

  private static func failure(_ problem: String) -> PhotoError {
    PhotoError(
      program, .library, "photos can't be decoded in a process of their own (\(problem))",
      remedy: "build \(program) (swift build), or decode without it (\(Setting("noSandbox")))")
  }

  private func crash(_ path: String, _ ending: Ending) -> PhotoError {
    let signal = ending.status & 0x7F
    let problem =
      if ending.waited == 1 {
        "its decoder took longer than \(2 * seconds) s"
      } else if signal == SIGKILL {
        "its decoder took more than \(seconds) s of processor time, or too much memory"
      } else if signal != 0 {
        "its decoder crashed (signal \(signal))"
      } else {
        "its decoder ended without an answer"
      }
    return PhotoError(
      path, .crash, problem, remedy: "leave it out: it is damaged, or made to do harm")
  }
}

extension DecoderProcess: Hashable {
  /// Whether both are the same process.
  public static func == (one: DecoderProcess, other: DecoderProcess) -> Bool { one === other }

  /// Hashes the process's identity.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension PhotoHeader {
  /// Whether numbers of a header that another process read may be computed with.
  fileprivate func isPossible(_ options: DecodingOptions) -> Bool {
    let (pixels, overflow) = widthPixels.multipliedReportingOverflow(by: heightPixels)
    return widthPixels > 0 && heightPixels > 0 && !overflow && pixels <= options.maximumPixels
  }
}
