/// A test report in the XML that continuous integration reads, after Apache Ant's JUnit task.
public struct JUnitReport: Hashable, Sendable {
  /// One test.
  public struct Case: Hashable, Sendable {
    /// How a test ended.
    public enum Result: Hashable, Sendable {
      /// As it should.
      case passed
      /// Not as it should, with the reason.
      case failure(String)
      /// Without an answer, with the reason.
      case error(String)
    }

    /// What the test belongs to, such as a package.
    public var group: String
    /// The name.
    public var name: String
    /// How it ended.
    public var result: Result
    /// What it found.
    public var output: String

    /// Makes a test.
    public init(group: String, name: String, result: Result, output: String = "") {
      (self.group, self.name, self.result) = (group, name, result)
      self.output = output
    }
  }

  /// The name of the suite.
  public var name: String
  /// The tests.
  public var cases: [Case]

  /// Makes a report.
  public init(name: String, cases: [Case]) { (self.name, self.cases) = (name, cases) }

  /// The file's text.
  public func xml() -> String {
    let failures = cases.count { if case .failure = $0.result { true } else { false } }
    let errors = cases.count { if case .error = $0.result { true } else { false } }
    let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
    let name = Self.attribute(name)
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"\(name)\" \(counts)>\n"
    text += "  <testsuite name=\"\(name)\" \(counts) skipped=\"0\" time=\"0\">\n"
    for test in cases {
      text += "    <testcase classname=\"\(Self.attribute(test.group))\""
      text += " name=\"\(Self.attribute(test.name))\" time=\"0\">\n"
      switch test.result {
      case .passed: break
      case .failure(let reason): text += Self.element("failure", reason)
      case .error(let reason): text += Self.element("error", reason)
      }
      if !test.output.isEmpty {
        text += "      <system-out>\(Self.content(test.output))</system-out>\n"
      }
      text += "    </testcase>\n"
    }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private static func element(_ name: String, _ reason: String) -> String {
    "      <\(name) message=\"\(attribute(reason))\">\(content(reason))</\(name)>\n"
  }

  private static func attribute(_ text: String) -> String {
    var source = ""
    Escaping.write(text, into: &source, inAttribute: true)
    return source
  }

  private static func content(_ text: String) -> String {
    var source = ""
    Escaping.write(text, into: &source, inAttribute: false)
    return source
  }
}
