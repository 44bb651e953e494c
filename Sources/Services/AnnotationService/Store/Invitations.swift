public import Domain
import Files
import Foundation
import GRDB
import Studies

/// Somebody who is to be invited.
public struct InvitedPerson: Hashable, Sendable {
  /// The pseudonym; a random one when nil.
  public var pseudonym: String?
  /// The name, for the table of keys and the letter.
  public var name: String
  /// The address, for whoever sends the letters.
  public var email: String

  /// Names a person.
  public init(pseudonym: String? = nil, name: String = "", email: String = "") {
    (self.pseudonym, self.name, self.email) = (pseudonym, name, email)
  }
}

/// An invitation with its letter; the link is known only now.
public struct Invitation: Hashable, Sendable {
  /// The pseudonym.
  public let observer: ObserverID
  /// Who is invited.
  public let person: InvitedPerson
  /// The link, which works once.
  public let link: String
  /// The letter with everything filled in.
  public let letter: String
}

/// Lists of people to invite, and what comes of them.
public enum InvitationList {
  /// The words that a letter may hold, each replaced for its reader.
  public static let words = ["{name}", "{pseudonym}", "{link}", "{study}", "{days}"]

  /// Reads people from a table with the columns `pseudonym`, `name` and `email`, of which one is
  /// enough.
  ///
  /// - Throws: `InputError` for a file that isn't a table, has none of the columns, or names a
  ///   pseudonym twice.
  public static func people(_ bytes: [UInt8], file: String) throws(InputError) -> [InvitedPerson] {
    let table = try CSVTable(bytes: bytes, file: file)
    let columns = ["pseudonym", "name", "email"].map { table.column(ifPresent: $0) }
    guard columns.contains(where: { $0 != nil }) else {
      throw InputError(
        file, "has none of the columns pseudonym, name and email",
        remedy: "give one of them a header")
    }
    var seen: Set<String> = []
    return try table.rows.map { row throws(InputError) -> InvitedPerson in
      func text(_ place: Int) -> String { columns[place].map { row.rawText($0) } ?? "" }
      let pseudonym = text(0)
      guard pseudonym.isEmpty || seen.insert(pseudonym).inserted else {
        throw InputError(
          "\(file), row \(row.number)", "«\(pseudonym)» is named twice",
          remedy: "give everybody an own pseudonym")
      }
      return InvitedPerson(
        pseudonym: pseudonym.isEmpty ? nil : pseudonym, name: text(1), email: text(2))
    }
  }

  /// The invitations as a table: `pseudonym,name,email,link,letter`.
  public static func table(_ invitations: [Invitation]) -> String {
    var table = CSVWriter(columns: ["pseudonym", "name", "email", "link", "letter"])
    for invitation in invitations {
      let person = invitation.person
      table.append(
        [
          invitation.observer.text, person.name, person.email, invitation.link, invitation.letter,
        ].map(AnnotationStudy.inert))
    }
    return String(decoding: table.bytes, as: UTF8.self)
  }
}

extension AnnotationStudy {
  /// Invites many people at once, all or none.
  ///
  /// - Parameters:
  ///   - people: who is invited, at most 1,000.
  ///   - letter: a text with any of ``InvitationList/words``.
  ///   - origin: the address of the server, such as `https://study.example.org`.
  ///   - role: what they may do.
  ///   - days: how long the links can be used.
  ///   - actor: who invites, for the audit trail.
  /// - Returns: the invitations, in the order of the people.
  /// - Throws: `InputError` for nobody or too many, and for a pseudonym that can't be used.
  public func invite(
    _ people: [InvitedPerson], letter: String, origin: String, role: StudyRole = .observer,
    days: Int = 14, actor: String = "program"
  ) throws -> [Invitation] {
    guard (1...1000).contains(people.count) else {
      throw InputError(
        "invitations", "\(people.count) people are named", remedy: "name 1 to 1,000 at once")
    }
    guard (1...365).contains(days) else {
      throw InputError("days", "\(days) can't be used", remedy: "give 1 to 365")
    }
    let made = try pool.write { db in
      try people.map { person in
        let (observer, token) = try invite(
          db, pseudonym: person.pseudonym, role: role, lifetime: Double(days) * 86_400,
          actor: actor)
        return (person, observer, "\(origin)/i/\(token)")
      }
    }
    for (person, observer, _) in made { try keys.keep(person.name, for: observer) }
    return made.map { person, observer, link in
      let values = [
        person.name.isEmpty ? observer.text : person.name, observer.text, link, name, "\(days)",
      ]
      let text = zip(InvitationList.words, values).reduce(letter) {
        $0.replacingOccurrences(of: $1.0, with: $1.1)
      }
      return Invitation(observer: observer, person: person, link: link, letter: text)
    }
  }
}

/// What somebody who is invited may do.
public enum StudyRole: String, Hashable, Sendable, CaseIterable {
  /// Everything.
  case owner
  /// Invites, revokes and follows the study.
  case `operator`
  /// Looks, and takes exports.
  case reader
  /// Compares photos.
  case observer

  var stored: ObserverRole {
    switch self {
    case .owner: .owner
    case .operator: .operator
    case .reader: .reader
    case .observer: .observer
    }
  }
}
