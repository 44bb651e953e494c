public import Domain
import Foundation

/// Everything that is known about how a region was made; written as JSON beside the region's image.
public struct RegionRecord: Hashable, Sendable, Codable {
  /// The region, as the other stages know it.
  public let prepared: PreparedRegion
  /// All faces of the photo, the main face first.
  public let faces: [FaceBox]
  /// The pass of the face search that found them.
  public let facePass: String?
  /// What happened at the photo's border.
  public let border: RegionBorder
  /// The upright photo's width in pixels.
  public let photoWidthPixels: Int
  /// The upright photo's height in pixels.
  public let photoHeightPixels: Int
  /// The photo's content, SHA-256 in hexadecimal digits.
  public let photoSHA256: String
  /// What was done about the photo's colours.
  public let colours: String
  /// The settings that the region depends on, as one line.
  public let settings: String
  /// True where the photo's file also holds a gain map (HDR), which is not applied; nil otherwise.
  public let hasGainMap: Bool?

  /// The path of the record that belongs to a region's image.
  static func path(forRegion region: String) -> String { region + ".json" }

  /// Reads a record, or nil when there is none that can be read.
  static func read(_ path: String) -> Self? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(Self.self, from: data)
  }

  /// The record as JSON text with sorted keys.
  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
