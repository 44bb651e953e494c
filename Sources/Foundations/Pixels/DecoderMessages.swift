internal import Domain
internal import Foundation

/// What a locked process is asked to do with one photo.
struct DecoderRequest: Codable {
  /// The task; images are upright and in sRGB.
  enum Task: Hashable, Codable {
    /// Reads the header.
    case header
    /// Decodes the whole photo.
    case whole
    /// Decodes it at a reduced size.
    case shrunk(longSide: Int)
    /// Decodes the whole photo and resizes the result.
    case resized(TargetSize)
    /// Decodes a rectangle, resampled.
    case area(PixelRectangle, width: Int, height: Int)
    /// Tries what a locked process may not do, a number of `csandbox_attempt`.
    case attempt(Int32)
    /// Behaves as a decoder that a photo has taken over, for tests.
    case misbehave(DecoderMisbehaviour)
  }

  let task: Task
  /// The photo's name, for errors.
  let name: String
  let maximumPixels: Int
  let takesBrokenProfilesAsSRGB: Bool
  let alphaBackground: UInt8
  /// How long the process may run and compute.
  let seconds: Int

  init(_ task: Task, name: String, _ options: DecodingOptions, seconds: Int) {
    (self.task, self.name, self.seconds) = (task, name, seconds)
    maximumPixels = options.maximumPixels
    takesBrokenProfilesAsSRGB = options.brokenProfile == .assumeSRGB
    alphaBackground = options.alphaBackground
  }

  /// How the photo is decoded there.
  var options: DecodingOptions {
    DecodingOptions(
      maximumPixels: maximumPixels,
      brokenProfile: takesBrokenProfilesAsSRGB ? .assumeSRGB : .refuse,
      alphaBackground: alphaBackground)
  }

  /// The address space that the process may have: the libraries, and what the hungriest decoder
  /// needs for each pixel of the largest photo (progressive JPEG: 12 bytes of coefficients, and the
  /// pixels).
  var memoryBytes: UInt64 {
    let pixels = UInt64(clamping: maximumPixels)
    let (bytes, overflow) = pixels.multipliedReportingOverflow(by: 16)
    return overflow ? .max : (1 << 30) + min(bytes, 1 << 60)
  }
}

/// What a photo that has taken over its decoder might do.
package enum DecoderMisbehaviour: String, Codable, Sendable, CaseIterable {
  /// Reads memory that isn't there.
  case crash
  /// Computes for ever.
  case spin
  /// Waits for ever.
  case wait
  /// Takes all memory.
  case grow
  /// Answers something else than what was asked.
  case lie
  /// Answers with more pixels than it stated.
  case flood
  /// Ends without an answer.
  case leave
}

/// The first line of what a locked process answers; an image's samples follow it.
enum DecoderAnswer: Codable {
  /// A header.
  case header(PhotoHeader)
  /// An image of this size, with the photo's header.
  case image(width: Int, height: Int, PhotoHeader)
  /// The photo is camera raw, whose developer is another process.
  case raw
  /// The photo can't be decoded.
  case failed(PhotoError)
  /// Whether an attempt at something forbidden went well.
  case attempted(Bool)

  /// The longest line, in bytes: EXIF's fields come with it.
  static let lineLimit = 4 << 20

  /// Reads a line.
  init?(line: [UInt8]) {
    guard let answer = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
    self = answer
  }
}

extension DecoderRequest {
  /// Reads a message.
  init?(message: [UInt8]) {
    guard let request = try? JSONDecoder().decode(Self.self, from: Data(message)) else {
      return nil
    }
    self = request
  }
}

extension Encodable {
  /// The value as JSON; empty for one that JSON can't hold.
  var message: [UInt8] { (try? JSONEncoder().encode(self)).map(Array.init) ?? [] }
}
