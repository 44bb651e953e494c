import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// What a study may ask of its observers' eyes; stored with the session like the rest of the check.
@Suite struct VisionTests {
  /// A good screen at 61.3 pixels per degree, and what the eyes did.
  private func check(_ eyes: String) -> String {
    ViewTests.check().replacingOccurrences(
      of: "\"calibrationDate\"", with: "\(eyes),\"calibrationDate\"")
  }

  private func failures(
    _ lab: Laboratory, _ reports: [(String, [String])]
  ) async throws {
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      for (eyes, expected) in reports {
        let view = try await visitor.json(
          .patch, "/api/v1/sessions/\(session)", check(eyes))
        #expect(view["failures"] as? [String] == expected, "\(eyes)")
      }
    }
  }

  @Test func colorVisionHasAThreshold() async throws {
    let lab = try Laboratory {
      $0.gate = .advisory
      ($0.colorPlates, $0.leastPlatesRight) = (6, 5)
    }
    try await failures(
      lab,
      [
        (#""platesShown":6,"platesRight":5"#, []),
        (#""platesShown":6,"platesRight":4"#, ["color"]),
        (#""platesShown":5,"platesRight":5"#, ["color"]), (#""experience":"none""#, ["color"]),
      ])
  }

  @Test func acuityIsReadAtTheMeasuredPitch() async throws {
    let lab = try Laboratory {
      $0.gate = .advisory
      $0.leastAcuity = 1
    }
    try await failures(
      lab,
      [
        (#""letterStroke":1,"lettersRight":4"#, []),
        (#""letterStroke":1,"lettersRight":3"#, ["acuity"]),
        // Two pixels are two arc minutes here: an acuity of a half.
        (#""letterStroke":2,"lettersRight":5"#, ["acuity"]), (#""lettersRight":5"#, ["acuity"]),
      ])
    let half = try Laboratory {
      $0.gate = .advisory
      $0.leastAcuity = 0.5
    }
    try await failures(half, [(#""letterStroke":2,"lettersRight":5"#, [])])
  }

  @Test func experienceIsAskedWhereTheStudyWantsIt() async throws {
    let lab = try Laboratory {
      $0.gate = .advisory
      $0.asksExperience = true
    }
    try await failures(
      lab,
      [
        (#""experience":"professional""#, []), (#""experience":"much""#, ["experience"]),
        (#""platesRight":1"#, ["experience"]),
      ])
    #expect(throws: InputError.self) { try lab.study.settings.changing(["colorPlates": "13"]) }
    #expect(
      try lab.study.settings.changing(["colorPlates": "6", "leastPlatesRight": "5"]).colorPlates
        == 6)
  }
}
