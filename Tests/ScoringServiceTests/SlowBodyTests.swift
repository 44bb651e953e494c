import Dispatch
import Domain
import Files
import Foundation
import Glibc
import Hummingbird
import HummingbirdTesting
import Pixels
import Preparation
import ScoringService
import ScoringWorkflow
import Testing

/// A model that nobody asks anything.
private struct IdleScorer: PhotoScorer {
  var name: String { "idle" }
  var attribute: Attribute { .details }
  var settings: [String: SettingValue] { [:] }
  var modelSHA256: String? { nil }
  var decoding: DecodingOptions { DecodingOptions() }
  var unit: ScoreUnit? { nil }

  func check(scene: String?, wantsMap: Bool) throws {}

  func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?) {
    throw InputError("idle", "a photo came", remedy: "send none")
  }
}

/// Bodies that never arrive, over a real connection.
struct SlowBodyTests {
  /// Sends bytes to a port of this machine and reads up to a blank line.
  private func head(of request: String, port: Int) async -> String {
    await withCheckedContinuation { continuation in
      // A thread of its own: the service's are for the service.
      DispatchQueue.global().async {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        var answer: [UInt8] = []
        if status == 0, write(socket, Array(request.utf8), request.utf8.count) > 0 {
          var byte: UInt8 = 0
          while !answer.suffix(4).elementsEqual("\r\n\r\n".utf8), read(socket, &byte, 1) == 1 {
            answer.append(byte)
          }
        }
        continuation.resume(returning: String(decoding: answer, as: UTF8.self))
      }
    }
  }

  @Test func aBodyThatDoesNotComeIsGivenUp() async throws {
    var settings = ServiceSettings()
    settings.bodySeconds = 0.05
    let application = try await ScoringServer.application(
      settings: settings, loading: { IdleScorer() })
    try await application.test(.live) { client in
      let port = try #require(client.port)
      let head = await head(
        of: "POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf", port: port)
      #expect(head.hasPrefix("HTTP/1.1 408 "))
      // Others are served meanwhile and afterwards.
      #expect(try await client.execute(uri: "/livez", method: .get).status == .ok)
    }
  }

  @Test(arguments: ["NONSENSE\r\n\r\n", "POST /v1/score HTTP/1.1\r\nContent-Length: -1\r\n\r\n"])
  func whatIsNoRequestIsRefused(_ request: String) async throws {
    let application = try await ScoringServer.application(loading: { IdleScorer() })
    try await application.test(.live) { client in
      let port = try #require(client.port)
      let head = await head(of: request, port: port)
      #expect(head.isEmpty || head.hasPrefix("HTTP/1.1 400 "))
      #expect(try await client.execute(uri: "/livez", method: .get).status == .ok)
    }
  }
}
