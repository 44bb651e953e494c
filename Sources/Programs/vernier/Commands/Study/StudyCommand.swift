import ArgumentParser

/// Studies: photos, regions, scores and consent in one folder.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Keep photos, regions, scores and consent of a study in one folder.",
    discussion: """
      STUDY is a folder with study.sqlite and files/, in which files are named by their SHA-256. \
      Every command can be interrupted at any time and run again. docs/studies.md shows a whole \
      study.
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Photos in",
        subcommands: [
          StudyNew.self, StudyAdd.self, StudyDescribe.self, StudyImportPIQ.self,
        ]),
      CommandGroup(
        name: "Regions", subcommands: [StudyRegionsCommand.self, StudyAttributeCommand.self]),
      CommandGroup(
        name: "Look",
        subcommands: [StudyStatusCommand.self, StudyList.self, StudySelectScenes.self]),
      CommandGroup(name: "Grow", subcommands: [StudyBridge.self]),
      CommandGroup(name: "People shown", subcommands: [StudyPeople.self]),
      CommandGroup(name: "People who judge", subcommands: [StudyInvite.self, StudyObserver.self]),
      CommandGroup(name: "Out", subcommands: [StudyExport.self, StudyBackup.self]),
      CommandGroup(
        name: "Trust", subcommands: [StudyVerify.self, StudyWithdraw.self]),
    ])
}
