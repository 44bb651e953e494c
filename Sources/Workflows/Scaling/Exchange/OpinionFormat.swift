import Domain
import Files

/// A format of votes or ratings that another program reads or writes.
public enum OpinionFormat: String, CaseIterable, Sendable {
  /// pwcmp: a table of answers, or matrices of counts.
  case pwcmp
  /// ASAP: a matrix of counts, or the table of its scheduler.
  case asap
  /// The reference code of ITU-T P.910, P.913 and ITU-R BT.500: a matrix of ratings.
  case p910
  /// SUREAL: a data set of ratings or of pairs.
  case sureal
  /// AVRateNG: its table of ratings.
  case avrate
  /// Chatbot Arena: battles as JSON or CSV.
  case arena
  /// Any table, its columns mapped.
  case columns

  /// Reads a file of the format.
  func read(_ path: String, settings: ImportSettings) throws(InputError) -> ImportedOpinions {
    switch self {
    case .pwcmp, .asap: try ForeignTable.read(path, settings: settings)
    case .p910: try RatingMatrix.read(path, settings: settings)
    case .sureal: try SurealFile.read(path, settings: settings)
    case .avrate: try AvrateFile.read(path, settings: settings)
    case .arena: try ArenaFile.read(path, settings: settings)
    case .columns: try MappedTable(CSVTable(path: path), settings: settings).read()
    }
  }
}
