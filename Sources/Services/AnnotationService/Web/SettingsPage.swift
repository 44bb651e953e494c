import Documents
import Domain
import Foundation
import Hummingbird
import Studies

/// Settings, attributes and tasks in the owner's hands while the study runs.
extension AnnotationRoutes {
  func addControl(_ router: Router<AnnotationContext>) {
    router.get("/owner/settings") { request, context in
      try await settingsPage(request, try context.reader())
    }
    router.post("/owner/settings") { request, context in
      let owner = try context.owner()
      var fields = try await ownerForm(request, context, owner)
      fields["csrf"] = nil
      do {
        try study.change(fields, actor: owner.pseudonym)
      } catch let error as InputError {
        return try await settingsPage(request, owner, problem: error)
      }
      Task(priority: .utility) { await planner.workOnEverything() }
      return redirect("/owner/settings")
    }
    router.post("/owner/attributes") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      let changed = try await study.attributes().enumerated().map { place, attribute in
        AttributeControl(
          name: attribute.name, isOn: fields["on\(place)"] == "1",
          position: min(max(Int(fields["place\(place)", default: ""]) ?? 0, 0), 99))
      }
      try await study.set(changed, actor: owner.pseudonym)
      return redirect("/owner/settings")
    }
    router.post("/owner/tasks") { request, context in
      let owner = try context.operator()
      let fields = try await ownerForm(request, context, owner)
      guard let task = fields["task"].flatMap({ Int64($0) }),
        let state = fields["state"].flatMap(TaskState.init(rawValue:)), state != .done
      else { throw RequestProblem.badBody("state") }
      if try await study.set(task: task, to: state, actor: owner.pseudonym) {
        Task(priority: .utility) { await planner.work(task) }
      }
      return redirect("/owner")
    }
  }

  /// The settings in the order in which they are shown.
  private static let groups: [(title: String, names: [String])] = [
    ("screen", ["gate", "wantedScale", "calibrationDays"]),
    ("vision", ["colorPlates", "leastPlatesRight", "leastAcuity", "asksExperience"]),
    ("work", ["allowsTies", "blockSeconds", "breakSeconds", "trainingPairs"]),
    (
      "pairs",
      [
        "criterion", "randomShare", "anchorShare", "returnAfter", "repeatShare", "goldenShare",
        "batchSize",
      ]
    ),
    ("stop", ["targetComparisons", "targetPerPhoto", "targetMedianWidth", "leastShrinkage"]),
    (
      "server",
      ["leaseSeconds", "graceSeconds", "entryTries", "addressRequests", "cookieRequests"]
    ),
  ]

  private func settingsPage(
    _ request: Request, _ owner: Identity, problem: InputError? = nil
  ) async throws -> Response {
    let values = study.settings.texts
    let attributes = try await study.attributes()
    return ownerPage(request, owner, "owner.settings") { texts in
      let error: HTMLTemplate =
        problem.map {
          "<p class=\"warning\" role=\"alert\">\($0.subject): \($0.problem); \($0.remedy)</p>"
        } ?? ""
      let groups: [HTMLTemplate] = Self.groups.map { title, names in
        let fields: [HTMLTemplate] = names.map { Self.settingField($0, values, texts) }
        return """
          <fieldset><legend>\(texts("settings." + title))</legend>\(fields)</fieldset>
          """
      }
      return """
        \(error)\(HTMLTemplate.paragraphs(texts("owner.settings.help")))
        <h2>\(texts("settings.attributes"))</h2>\(Self.attributeForm(attributes, owner, texts))
        <h2>\(texts("settings.values"))</h2>
        <form method="post" action="/owner/settings" class="check">
        <input type="hidden" name="csrf" value="\(owner.csrf)">\(groups)
        <p><button class="primary">\(texts("settings.save"))</button></p></form>
        """
    }
  }

  private static func settingField(
    _ name: String, _ values: [String: String], _ texts: Texts
  ) -> HTMLTemplate {
    let value = values[name] ?? ""
    let choices: [String] =
      switch name {
      case "gate": AnnotationSettings.Gate.allCases.map(\.rawValue)
      case "criterion": PairCriterion.allCases.filter { $0 != .anchor }.map(\.rawValue)
      case "allowsTies", "asksExperience": ["false", "true"]
      default: []
      }
    let input: HTMLTemplate
    if choices.isEmpty {
      input = """
        <input id="\(name)" name="\(name)" value="\(value)" inputmode="decimal" size="8" required>
        """
    } else {
      let options: [HTMLTemplate] = choices.map { choice in
        let mark: HTMLTemplate = choice == value ? " selected" : ""
        let key = "choice.\(choice)"
        return "<option value=\"\(choice)\"\(mark)>\(texts.has(key) ? texts(key) : choice)</option>"
      }
      input = "<select id=\"\(name)\" name=\"\(name)\">\(options)</select>"
    }
    return """
      <p class="field"><label for="\(name)">\(texts("setting." + name))</label>\(input)</p>
      """
  }

  private static func attributeForm(
    _ attributes: [AttributeControl], _ owner: Identity, _ texts: Texts
  ) -> HTMLTemplate {
    let rows: [HTMLTemplate] = attributes.enumerated().map { place, attribute in
      let mark: HTMLTemplate = attribute.isOn ? " checked" : ""
      return """
        <tr><th scope="row">\(attribute.name)</th>
        <td><input type="checkbox" name="on\(place)" value="1"\(mark) \
        aria-label="\(texts("settings.on")) \(attribute.name)"></td>
        <td><input name="place\(place)" value="\(attribute.position)" size="3" inputmode="numeric" \
        aria-label="\(texts("settings.place")) \(attribute.name)"></td></tr>
        """
    }
    return """
      \(HTMLTemplate.paragraphs(texts("settings.attributes.help")))
      <form method="post" action="/owner/attributes"><input type="hidden" name="csrf" \
      value="\(owner.csrf)"><table class="small"><thead><tr>
      <th scope="col">\(texts("column.attribute"))</th><th scope="col">\(texts("settings.on"))</th>
      <th scope="col">\(texts("settings.place"))</th></tr></thead><tbody>\(rows)</tbody></table>
      <p><button>\(texts("settings.save"))</button></p></form>
      """
  }

  /// The buttons that start, pause and close a task.
  static func taskButtons(
    _ task: TaskCoverage, _ owner: Identity, _ texts: Texts
  ) -> HTMLTemplate {
    let states: [TaskState] =
      switch task.state {
      case .open: [.paused, .closed]
      case .paused: [.open, .closed]
      case .done, .closed: [.open]
      }
    let buttons: [HTMLTemplate] = states.map { state in
      let label = texts("task." + state.rawValue)
      return """
        <button name="state" value="\(state.rawValue)" \
        aria-label="\(label) \(task.name) \(task.attribute)">\(label)</button>
        """
    }
    return """
      <form method="post" action="/owner/tasks" class="plain row">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <input type="hidden" name="task" value="\("\(task.task)")">\(buttons)</form>
      """
  }
}
