package import GRDB

/// Statements that are parsed once per connection: requests ask the same few again and again.
///
/// None of these may run while a cursor of the same text is open.
extension Database {
  /// Executes one changing statement.
  package func change(sql: String, arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// The first row of a query.
  package func row(
    sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> Row? {
    try Row.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
  }

  /// All rows of a query.
  package func rows(
    sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> [Row] {
    try Row.fetchAll(try cachedStatement(sql: sql), arguments: arguments)
  }

  /// The first column of the first row; `nil` for no row and for NULL.
  package func value<Value: DatabaseValueConvertible>(
    _ type: Value.Type, sql: String, arguments: StatementArguments = StatementArguments()
  ) throws -> Value? {
    try Value.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
  }
}
