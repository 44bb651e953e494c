import AnnotationService
import Domain
import Files
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Studies
import TestSupport
import Testing

/// A withdrawal leaves no byte of the person, whichever door it is asked through.
@Suite struct WithdrawalTests {
  @Test func theOwnersPageRemovesEveryByte() async throws {
    let lab = try PortraitStudy()
    let study = lab.study
    let owner = try study.invite(isOwner: true).token
    try await lab.test { client in
      try await lab.vote(client)
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      #expect(try !lab.traces().isEmpty, "the test would see what it looks for")
      let answer = try await lab.withdraw(chief, "P0", typed: "P0")
      #expect(answer.status == .seeOther)
      #expect(try lab.traces() == [], "while the server still runs")
      let page = String(buffer: try await chief.send(.get, "/owner/audit").body)
      #expect(page.contains("withdraw-person") && page.contains("erase-votes"))
      #expect(!page.contains("<option>P0</option>") && page.contains("<option>P1</option>"))
    }
    try lab.expectWithdrawn()
  }

  @Test func theCommandRemovesEveryByteWhileTheStudyIsServed() async throws {
    let lab = try PortraitStudy()
    try await lab.test { client in
      try await lab.vote(client)
      let command = try StudyStore.open(lab.folder)
      let lock = try StudyLock(command)
      let report = try command.withdraw(person: "P0")
      withExtendedLifetime(lock) {}
      #expect(report.photos == [ScenePhoto(scene: "Garden", photo: "secret-portrait-0.png")])
      #expect(report.regions == 1 && report.files == 2 && report.votes > 0)
      #expect(try lab.traces() == [], "before any of the two is closed")
      try command.close()
    }
    try lab.expectWithdrawn()
  }

  @Test func oneClickRemovesNobody() async throws {
    let lab = try PortraitStudy()
    let owner = try lab.study.invite(isOwner: true).token
    let token = try lab.study.invite().token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let page = String(buffer: try await chief.send(.get, "/owner/audit").body)
      #expect(page.contains("required><option value=\"\">"), "nobody is preselected")
      for typed in ["", "P1", "p0", "P0 P0"] {
        let answer = try await lab.withdraw(chief, "P0", typed: typed)
        #expect(answer.status == .conflict, "\(typed)")
        #expect(String(buffer: answer.body).contains("Nothing was removed"))
      }
      #expect(try await lab.withdraw(chief, "", typed: "").status == .notFound)
      #expect(try await lab.withdraw(chief, "nobody", typed: "nobody").status == .notFound)
      let observer = try await Visitor.enter(client, token)
      #expect(try await lab.withdraw(observer, "P0", typed: "P0").status == .forbidden)
    }
    #expect(try lab.study.store.people() == ["P0", "P1", "P2"])
    #expect(try lab.study.store.status().withdrawn == 0)
  }

  /// Making regions holds the lock: a face that is cut at this moment must not come after the withdrawal.
  @Test func aWithdrawalWaitsForNobodyAndSaysSo() async throws {
    let lab = try PortraitStudy()
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let other = try StudyStore.open(lab.folder)
      let lock = try StudyLock(other)
      let answer = try await lab.withdraw(chief, "P0", typed: "P0")
      #expect(answer.status == .conflict)
      #expect(String(buffer: answer.body).contains("another vernier is changing this study"))
      withExtendedLifetime(lock) {}
      try other.close()
    }
    #expect(try lab.study.store.people().contains("P0"))
  }

  @Test func anImportBesideAWithdrawalLeavesNothingBehind() async throws {
    for _ in 0..<20 {
      let lab = try Laboratory(photos: 2)
      let fresh = try (10..<16).map { number in
        var region = try lab.region("Indoor_1", number)
        region.person = "P-late"
        return region
      }
      _ = try lab.study.add([fresh[0]])
      await withTaskGroup(of: Void.self) { group in
        group.addTask { _ = try? lab.study.add(fresh) }
        group.addTask { _ = try? lab.study.withdraw(person: "P-late") }
      }
      _ = try lab.study.withdraw(person: "P-late")
      #expect(try lab.study.store.verify().damage == [])
      #expect(try lab.study.store.verify().notes == [], "no file without a row")
      #expect(try lab.study.store.files.content().count == 2)
      #expect(try lab.study.add(fresh).refused.count == fresh.count)
    }
  }
}
