import ArgumentParser

/// Studies: photos, regions, scores and consent in one folder.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Keep photos, regions, scores and consent of a study in one folder.",
    discussion: """
      STUDY is a folder with study.sqlite and files/, named by their content. Every command can be interrupted at any \
      moment and run again. docs/studies.md walks through a whole study.
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Photos in",
        subcommands: [
          StudyNew.self, StudyAdd.self, StudyDescribe.self, StudyImportPIQ.self,
        ]),
      CommandGroup(
        name: "Regions", subcommands: [StudyRegionsCommand.self, StudyAttributeCommand.self]),
      CommandGroup(name: "Look", subcommands: [StudyStatusCommand.self, StudyList.self]),
      CommandGroup(name: "Out", subcommands: [StudyExport.self, StudyBackup.self]),
      CommandGroup(
        name: "Trust", subcommands: [StudyVerify.self, StudyWithdraw.self]),
    ])
}
