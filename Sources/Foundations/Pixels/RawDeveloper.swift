internal import Glibc

/// Develops camera raw files with LibRaw, in a process of its own: `vernier-raw`, beside this
/// program.
///
/// Raw formats are many and their decoders old, so a file that makes one crash, run on or grow may
/// take only that process with it.
struct RawDeveloper {
  /// What is known of a file before it is developed.
  struct Facts {
    /// The size of the upright image in pixels.
    let width: Int
    let height: Int
    /// EXIF's text fields.
    let exif: [String: String]
    /// How the file is developed, for records.
    let settings: String
  }

  /// The pixels of a developed file.
  struct Development {
    let width: Int
    let height: Int
    /// Upright 8-bit sRGB.
    let samples: [UInt8]
  }

  private static let program = "vernier-raw"

  private let path: String
  private let descriptor: Int32

  /// Takes an open file; `path` stands for it in errors.
  init(_ descriptor: Int32, path: String) { (self.descriptor, self.path) = (descriptor, path) }

  /// Reads what the file says about the photo.
  func facts() throws(PhotoError) -> Facts {
    let (fields, _) = try run("facts")
    guard let width = fields["width"].flatMap({ Int($0) }),
      let height = fields["height"].flatMap({ Int($0) }), width > 0, height > 0
    else { throw damaged("it has no size") }
    var exif: [String: String] = [:]
    for (field, name) in [("make", "Make"), ("model", "Model"), ("lens", "LensModel")] {
      if let text = fields[field], !text.isEmpty { exif[name] = text }
    }
    let numbers = [
      ("iso", "ISOSpeedRatings"), ("shutter", "ExposureTime"), ("focal35", "FocalLengthIn35mmFilm"),
    ]
    for (field, name) in numbers {
      if let number = fields[field].flatMap({ Double($0) }), number > 0 { exif[name] = "\(number)" }
    }
    let settings =
      "camera raw, developed by \(fields["library"] ?? "LibRaw") (\(fields["white"] ?? "") white "
      + "balance, AHD, clipped highlights, no automatic brightness)"
    return Facts(width: width, height: height, exif: exif, settings: settings)
  }

  /// Develops the file; at half the width and height when that is enough.
  func develop(isHalf: Bool) throws(PhotoError) -> Development {
    let (fields, bytes) = try run(isHalf ? "half" : "develop")
    guard let width = fields["width"].flatMap({ Int($0) }),
      let height = fields["height"].flatMap({ Int($0) }), width > 0, height > 0,
      bytes.count == 3 * width * height
    else { throw damaged("it ends too early") }
    return Development(width: width, height: height, samples: Array(bytes))
  }

  private func damaged(_ reason: String) -> PhotoError {
    PhotoError(
      path, .damaged, "the camera raw file can't be developed (\(reason))",
      remedy: "copy it again from its source, or export it as a 16-bit TIFF")
  }

  /// Runs the program; gives its fields, and what follows them.
  private func run(
    _ mode: String
  ) throws(PhotoError) -> (fields: [String: String], rest: ArraySlice<UInt8>) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure("no pipe can be made") }
    // A process that another thread starts in between may hold an end too, until it ends itself.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process: pid_t
    do throws(PhotoError) {
      process = try start(mode, output: ends[1])
    } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    close(ends[1])
    let bytes = Self.readAll(ends[0])
    close(ends[0])
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status & 0x7F == 0 else { throw damaged("LibRaw was stopped by signal \(status & 0x7F)") }
    let (fields, rest) = Self.parse(bytes)
    if let reason = fields["failure"] { throw damaged(reason) }
    guard status == 0 else { throw damaged("LibRaw ended with status \(status >> 8)") }
    return (fields, rest)
  }

  private func failure(_ problem: String) -> PhotoError {
    PhotoError(
      path, .library, "is a camera raw file, and \(problem)",
      remedy: "build \(Self.program) (swift build), or export the photo as a 16-bit TIFF")
  }

  /// Starts the program with the file as its input.
  private func start(_ mode: String, output: Int32) throws(PhotoError) -> pid_t {
    do throws(HelperProgram.StartFailure) {
      // LibRaw's threads would take the processors from the photos beside this one.
      return try HelperProgram(name: Self.program).start(
        [mode], environment: ["OMP_NUM_THREADS=1"],
        descriptors: [(descriptor, 0), (output, 1)])
    } catch {
      throw failure(error.problem)
    }
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes += chunk.prefix(count)
      } else if count == 0 || errno != EINTR {
        return bytes
      }
    }
  }

  /// Lines `name=value` up to an empty line.
  private static func parse(
    _ bytes: [UInt8]
  ) -> (fields: [String: String], rest: ArraySlice<UInt8>) {
    var fields: [String: String] = [:]
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 10) {
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      guard let equals = line.firstIndex(of: "=") else { break }
      fields[String(line[..<equals])] = String(line[line.index(after: equals)...])
    }
    return (fields, rest)
  }
}
