internal import CSandbox
internal import Glibc

/// The other end of ``DecoderProcess``: the program `vernier-decode`.
///
/// It starts libvips once and then forks for each photo. The copy takes its limits, locks itself
/// in, decodes, answers and ends, so that no photo meets what another one left behind.
public enum DecoderServer {
  /// The greeting of a server that can decode.
  static let ready = Array("ready".utf8)
  /// The number of the socket that requests come by.
  static let socketNumber: Int32 = 0
  /// The longest request, in bytes.
  static let requestLimit = 1 << 16
  /// How many descriptors a copy may have.
  private static let descriptorLimit: UInt64 = 16

  /// Answers requests until the other end is gone.
  public static func run() -> Never {
    csandbox_begin()
    greet()
    var buffer = [UInt8](repeating: 0, count: requestLimit)
    while true {
      var descriptors: [Int32] = [-1, -1]
      let count = csandbox_receive(socketNumber, &buffer, buffer.count, &descriptors, 2)
      guard count > 0, let request = DecoderRequest(message: Array(buffer.prefix(count))) else {
        exit(0)
      }
      let copy = csandbox_fork()
      if copy == 0 { serve(request, photo: descriptors[0], output: descriptors[1]) }
      for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
      var status: Int32 = 0
      let waited =
        copy < 0 ? -1 : csandbox_wait(copy, Int64(2000 * request.seconds), &status)
      let outcome: [Int32] = [waited, status]
      guard
        outcome.withUnsafeBytes({ bytes in
          bytes.baseAddress.map { csandbox_send(socketNumber, $0, bytes.count, nil, 0) } ?? -1
        }) == 0
      else { exit(0) }
    }
  }

  /// Says whether photos can be decoded here.
  private static func greet() {
    var greeting = ready
    do throws(PhotoError) {
      try DecoderWarmUp.run()
    } catch {
      greeting = Array(error.description.utf8)
    }
    // A copy of a process with several threads has only one of them, and the others' locks.
    if threadCount != 1 { greeting = Array("it has \(threadCount) threads".utf8) }
    _ = csandbox_send(socketNumber, greeting, greeting.count, nil, 0)
  }

  private static var threadCount: Int {
    guard let folder = opendir("/proc/self/task") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      // Names are the threads' numbers, beside `.` and `..`.
      if withUnsafeBytes(of: entry.pointee.d_name, { $0[0] != UInt8(ascii: ".") }) { count += 1 }
    }
    return count
  }

  /// Decodes one photo in a copy that can do nothing else, and ends it.
  private static func serve(_ request: DecoderRequest, photo: Int32, output: Int32) -> Never {
    // The copy must not speak for the server.
    close(socketNumber)
    guard
      csandbox_limit(request.memoryBytes, UInt64(max(1, request.seconds)), descriptorLimit) == 0,
      csandbox_lock() == 0
    else { _exit(3) }
    let (answer, samples) = answer(request, photo: photo)
    write(answer.message + [UInt8(ascii: "\n")], to: output)
    write(samples, to: output)
    if case .misbehave(.flood) = request.task {
      while true { write([UInt8](repeating: 0, count: 1 << 16), to: output) }
    }
    _exit(0)
  }

  private static func answer(
    _ request: DecoderRequest, photo: Int32
  ) -> (DecoderAnswer, samples: [UInt8]) {
    switch request.task {
    case .attempt(let act): return (.attempted(csandbox_attempt(act) != 0), [])
    case .misbehave(let how): return misbehave(how)
    case .header, .whole, .shrunk, .resized, .area: break
    }
    do throws(PhotoError) {
      let file = try PhotoFile(descriptor: photo, path: request.name)
      guard file.format != .raw else { return (.raw, []) }
      return try decode(file, request.task, request.options)
    } catch {
      return (.failed(error), [])
    }
  }

  private static func decode(
    _ file: PhotoFile, _ task: DecoderRequest.Task, _ options: DecodingOptions
  ) throws(PhotoError) -> (DecoderAnswer, samples: [UInt8]) {
    let (header, image): (PhotoHeader, RasterImage)
    switch task {
    case .shrunk(let longSide):
      let found = try RasterImage.decodeShrunk(file, longSide: longSide, options)
      (header, image) = (found.header, found.image)
    case .area(let area, let width, let height):
      header = try RasterImage.probe(file, options)
      image = try RasterImage.decodeArea(
        file, area: area, width: width, height: height, options)
    case .whole:
      header = try RasterImage.probe(file, options)
      image = try RasterImage.decode(file, options)
    case .resized(let size):
      let found = try RasterImage.decodeResized(file, size, options)
      (header, image) = (found.header, found.image)
    case .header, .attempt, .misbehave:
      return (.header(try RasterImage.probe(file, options)), [])
    }
    return (
      .image(width: image.widthPixels, height: image.heightPixels, header), image.samples
    )
  }

  /// What a photo that took over its decoder might do; see ``DecoderMisbehaviour``.
  private static func misbehave(_ how: DecoderMisbehaviour) -> (DecoderAnswer, samples: [UInt8]) {
    switch how {
    case .crash: abort()
    case .leave: _exit(0)
    case .lie: return (.attempted(true), [])
    case .flood: return (.raw, [])
    case .spin: while true { sched_yield() }
    case .wait: while true { sleep(1000) }
    case .grow:
      while let memory = malloc(1 << 24) { memset(memory, 1, 1 << 24) }
      abort()
    }
  }

  /// Writes everything; ends the process where nobody reads any more.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count <= 0 { _exit(2) }
        done += count
      }
    }
  }
}
