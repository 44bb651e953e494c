internal import GRDB

/// What laboratories need beside votes: guidelines that belong to the study, roles, control of
/// tasks, reports of observers, and how each vote was looked at.
///
/// - The guidelines of attributes that 0.1.0 stored become version 1 in English; the texts that it
///   wrote itself were never shown and stay behind.
/// - Pairs with a known answer are parted into practice and checks, in turn: a pair that served as
///   practice tells nothing about attention.
/// - Columns of votes are empty for votes of earlier versions.
enum LaboratoryMigration {
  static func run(_ db: Database) throws {
    try OneOwnerMigration.rebuild(db, "annotation_observer", observer)
    try OneOwnerMigration.rebuild(db, "annotation_task", task)
    try db.execute(sql: columns + guidelines + remarks + written)
  }

  private static let observer = """
    id INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'operator', 'reader', 'observer')),
    consent_at INTEGER, consent_version TEXT, withdrawn_at INTEGER
    """

  private static let task = """
    id INTEGER PRIMARY KEY, study TEXT NOT NULL REFERENCES annotation_study(id), scene TEXT,
    name TEXT NOT NULL, attribute TEXT NOT NULL, policy TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'paused', 'closed')),
    UNIQUE (name, attribute)
    """

  private static let columns = """
    ALTER TABLE annotation_observer ADD COLUMN excluded_at INTEGER;
    ALTER TABLE annotation_observer ADD COLUMN exclusion TEXT;
    ALTER TABLE annotation_invite ADD COLUMN revoked_at INTEGER;
    ALTER TABLE annotation_golden ADD COLUMN purpose TEXT NOT NULL DEFAULT 'check'
      CHECK (purpose IN ('training', 'check'));
    UPDATE annotation_golden SET purpose = 'training' WHERE (task, low, high) IN (
      SELECT task, low, high FROM (
        SELECT task, low, high, row_number() OVER (PARTITION BY task ORDER BY low, high) AS place
        FROM annotation_golden) WHERE place % 2 = 0);
    ALTER TABLE annotation_vote ADD COLUMN guidelines TEXT;
    ALTER TABLE annotation_vote ADD COLUMN scale REAL;
    ALTER TABLE annotation_vote ADD COLUMN pixels_per_degree REAL;
    ALTER TABLE annotation_vote ADD COLUMN pixel_ratio REAL;
    ALTER TABLE annotation_vote ADD COLUMN station TEXT;
    ALTER TABLE annotation_vote ADD COLUMN below_scale INTEGER;
    """

  private static let guidelines = """
    CREATE TABLE annotation_attribute (
      name TEXT PRIMARY KEY, position INTEGER NOT NULL, is_on INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE annotation_guidelines (
      id INTEGER PRIMARY KEY, attribute TEXT NOT NULL, language TEXT NOT NULL,
      version INTEGER NOT NULL, name TEXT NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL,
      author TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (attribute, language, version));
    CREATE TABLE annotation_example (
      guidelines INTEGER NOT NULL REFERENCES annotation_guidelines(id), position INTEGER NOT NULL,
      image INTEGER NOT NULL REFERENCES annotation_image(id), is_good INTEGER NOT NULL,
      caption TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
      PRIMARY KEY (guidelines, position)) WITHOUT ROWID;
    """

  private static let remarks = """
    CREATE TABLE annotation_remark (
      id INTEGER PRIMARY KEY, client_key TEXT NOT NULL UNIQUE,
      task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
      high INTEGER NOT NULL, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
      kind TEXT NOT NULL CHECK (kind IN ('same', 'broken', 'comment')), text TEXT NOT NULL,
      at INTEGER NOT NULL, decision TEXT CHECK (decision IN ('aside', 'kept')),
      decided_by TEXT, decided_at INTEGER);
    CREATE TABLE annotation_pair_aside (
      task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
      high INTEGER NOT NULL, PRIMARY KEY (task, low, high)) WITHOUT ROWID;
    """

  private static let written = """
    INSERT INTO annotation_guidelines (attribute, language, version, name, question, text, author, at)
    SELECT name, 'en', 1, '', '', guidelines, 'program', 0 FROM study_attribute
    WHERE guidelines <> '' AND (name, guidelines) NOT IN (VALUES
      ('details',
       'Choose the photo that keeps more of the face''s fine texture with less noise.'),
      ('exposure',
       'Choose the photo whose face is better exposed: neither too dark nor too bright.'),
      ('overall',
       'Choose the photo that is the better portrait as a whole.'),
      ('colour',
       'Choose the photo with the more pleasant and plausible colours, skin first.'));
    """
}
