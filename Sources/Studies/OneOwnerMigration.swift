internal import GRDB

/// Brings the two families of tables of 0.1.0 under one owner.
///
/// - Every annotated folder becomes a study, so that status, verification, backup and withdrawal
///   work on it.
/// - `study_tombstone` alone says who withdrew, `study_removal` alone which files are still to be
///   removed.
/// - A person whom 0.1.0 withdrew in the browser may have left originals: such a withdrawal becomes
///   an unfinished one, which the next opening finishes.
/// - Roles and states are checked by the database. SQLite adds a check only to a new table, hence
///   the copies.
enum OneOwnerMigration {
  static func run(_ db: Database) throws {
    try db.execute(sql: people)
    try rebuild(db, "annotation_observer", observer)
    try rebuild(db, "annotation_image", image)
    try rebuild(db, "annotation_task", task)
    try rebuild(db, "annotation_session", session)
    try db.execute(sql: indices)
  }

  /// Copies a table into one of another definition; the columns keep their names and order.
  ///
  /// GRDB checks every foreign key when the migration ends.
  static func rebuild(_ db: Database, _ table: String, _ columns: String) throws {
    try db.execute(
      sql: """
        CREATE TABLE study_rebuilt (\(columns));
        INSERT INTO study_rebuilt SELECT * FROM \(table);
        DROP TABLE \(table);
        ALTER TABLE study_rebuilt RENAME TO \(table);
        """)
  }

  private static let people = """
    CREATE TABLE study_withdrawal (
      person TEXT PRIMARY KEY, actor TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE study_withdrawn_photo (
      scene TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (scene, name)) WITHOUT ROWID;
    INSERT OR IGNORE INTO study_info SELECT 1, name, created / 1000 FROM annotation_study LIMIT 1;
    INSERT INTO study_withdrawal
      SELECT id, 'program', withdrawn_at FROM annotation_person WHERE withdrawn_at IS NOT NULL;
    INSERT OR IGNORE INTO study_removal SELECT sha256 FROM annotation_removal;
    DROP TABLE annotation_removal;
    """

  private static let observer = """
    id INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'observer')), consent_at INTEGER,
    consent_version TEXT, withdrawn_at INTEGER
    """

  private static let image = """
    id INTEGER PRIMARY KEY, scene TEXT NOT NULL, photo TEXT NOT NULL, device TEXT, person TEXT,
    condition TEXT,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'withdrawn')),
    UNIQUE (scene, photo)
    """

  private static let task = """
    id INTEGER PRIMARY KEY, study TEXT NOT NULL REFERENCES annotation_study(id), scene TEXT,
    name TEXT NOT NULL, attribute TEXT NOT NULL, policy TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')), UNIQUE (name, attribute)
    """

  private static let session = """
    id TEXT PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
    task INTEGER NOT NULL REFERENCES annotation_task(id),
    state TEXT NOT NULL CHECK (state IN ('open', 'paused', 'ended')), calibration TEXT,
    calibrated_at INTEGER, trained_at INTEGER, started INTEGER NOT NULL, deadline INTEGER,
    remaining INTEGER NOT NULL, ended INTEGER, cookie BLOB
    """

  private static let indices = """
    DROP TABLE annotation_person;
    CREATE INDEX annotation_image_person ON annotation_image(person);
    CREATE INDEX annotation_session_observer ON annotation_session(observer, state);
    """
}
