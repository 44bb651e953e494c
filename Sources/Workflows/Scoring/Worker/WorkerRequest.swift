import Domain
import Foundation
public import Preparation

/// What a client calls its request: any text or whole number, given back as it came.
public enum WorkerID: Hashable, Sendable, Codable {
  /// A text.
  case text(String)
  /// A whole number.
  case number(Int)

  /// Reads a text or a whole number.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Int.self) {
      self = .number(number)
    } else {
      self = .text(try value.decode(String.self))
    }
  }

  /// Writes what was read.
  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .text(let text): try value.encode(text)
    case .number(let number): try value.encode(number)
    }
  }
}

/// Why a request has no result.
public struct WorkerFault: Error, Hashable, Sendable, Codable {
  /// The kind, for programs: `request`, `photo` or a kind of `PhotoError`.
  public let kind: String
  /// One line, for people.
  public let message: String
}

/// One line of a worker's input: docs/worker.md.
public struct WorkerRequest: Sendable {
  /// What the answer is called.
  public let id: WorkerID
  /// The photo's path.
  public let path: String
  /// The scene that the photo shows, if the client knows.
  public let scene: String?
  /// What to look at.
  public let region: RegionChoice
  /// The folder that a prepared region is written to.
  public let out: String?

  private static let names: Set<String> = ["id", "path", "scene", "region", "box", "out"]

  /// The value of a field, as far as requests have it.
  private enum Value: Decodable {
    case id(WorkerID)
    case box([Int])
    case null
    case other

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let id = try? value.decode(WorkerID.self) {
        self = .id(id)
      } else if let box = try? value.decode([Int].self) {
        self = .box(box)
      } else {
        self = .other
      }
    }
  }

  /// Reads a line.
  ///
  /// - Parameter line: A JSON object in UTF-8.
  /// - Throws: ``Unreadable`` with the request's name as far as it could be read.
  public init(_ line: [UInt8]) throws(Unreadable) {
    guard let fields = try? JSONDecoder().decode([String: Value].self, from: Data(line)) else {
      throw Unreadable(nil, "the line is no JSON object")
    }
    guard case .id(let id)? = fields["id"] else {
      throw Unreadable(nil, "«id» must be a text or a whole number")
    }
    self.id = id
    if let unknown = Set(fields.keys).subtracting(Self.names).min() {
      throw Unreadable(
        id,
        "«\(unknown)» is not known; a request has \(Self.names.sorted().joined(separator: ", "))")
    }
    func text(_ name: String) throws(Unreadable) -> String? {
      switch fields[name] {
      case nil, .null?: return nil
      case .id(.text(let text))?: return text
      default: throw Unreadable(id, "«\(name)» must be a text")
      }
    }
    guard let path = try text("path"), !path.isEmpty else {
      throw Unreadable(id, "«path» is missing")
    }
    (self.path, scene, out) = (path, try text("scene"), try text("out"))
    let region = try text("region")
    do {
      switch fields["box"] {
      case nil, .null?: self.region = try region.map { try RegionChoice(parsing: $0) } ?? .automatic
      case .box(let box)?:
        guard region == nil else { throw Unreadable(id, "«region» and «box» are both given") }
        self.region = try .box(parsing: box.map(String.init).joined(separator: ","))
      default: throw Unreadable(id, "«box» must be four whole numbers [x,y,w,h]")
      }
    } catch let error as Unreadable {
      throw error
    } catch {
      throw Unreadable(id, Setting.spelled("\(error)") { "«\($0)»" })
    }
  }

  /// A line that is no request.
  public struct Unreadable: Error {
    /// The request's name, if it has one.
    public let id: WorkerID?
    /// What is wrong.
    public let fault: WorkerFault

    init(_ id: WorkerID?, _ fault: WorkerFault) { (self.id, self.fault) = (id, fault) }

    init(_ id: WorkerID?, _ message: String) {
      (self.id, fault) = (id, WorkerFault(kind: "request", message: message))
    }
  }
}
