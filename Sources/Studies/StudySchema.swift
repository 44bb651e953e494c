internal import Files
internal import GRDB

/// The tables of a study: those of photos begin with `study_`, those of judgements with
/// `annotation_`.
///
/// A study of 0.1.0 has the first, the second or both; the migrations bring each to the same
/// tables. A migration that was published never changes.
enum StudySchema {
  /// The migrations; each runs once per file.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("study-1-tables") { db in
      try db.execute(sql: photos + regions + tables + withdrawal + attributes)
    }
    AnnotationSchema.register(in: &migrator)
    migrator.registerMigration("study-2-one-owner") { try OneOwnerMigration.run($0) }
    AnnotationSchema.registerPairOrigins(in: &migrator)
    migrator.registerMigration("study-3-consent") { try $0.execute(sql: consent) }
    return migrator
  }

  private static let photos = """
    CREATE TABLE study_info (
      id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, created INTEGER NOT NULL);
    CREATE TABLE study_attribute (
      name TEXT PRIMARY KEY, cut_around_face INTEGER NOT NULL,
      target_pixels INTEGER NOT NULL CHECK (target_pixels BETWEEN 1 AND 100000000),
      guidelines TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
    CREATE TABLE study_photo (
      id INTEGER PRIMARY KEY, scene TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT UNIQUE,
      bytes INTEGER, format TEXT, width INTEGER, height INTEGER,
      device TEXT, brand TEXT, lens TEXT, mode TEXT, iso REAL, exposure_seconds REAL,
      condition TEXT, skin_type INTEGER CHECK (skin_type BETWEEN 1 AND 6), lighting TEXT,
      distance_metres REAL, person TEXT, consent TEXT, part TEXT,
      is_reference INTEGER NOT NULL DEFAULT 0, notes TEXT NOT NULL DEFAULT '{}',
      UNIQUE (scene, name));
    CREATE INDEX study_photo_person ON study_photo(person);
    CREATE TABLE study_faces (
      sha256 TEXT PRIMARY KEY, detector TEXT NOT NULL, pass TEXT, faces TEXT NOT NULL)
      WITHOUT ROWID;
    """

  private static let regions = """
    CREATE TABLE study_region (
      photo INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE,
      attribute TEXT NOT NULL REFERENCES study_attribute(name), sha256 TEXT NOT NULL,
      bytes INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN ('rule', 'choice', 'given')),
      settings TEXT NOT NULL, record TEXT NOT NULL DEFAULT '{}',
      PRIMARY KEY (photo, attribute)) WITHOUT ROWID;
    CREATE INDEX study_region_sha256 ON study_region(sha256);
    """

  private static let tables = """
    CREATE TABLE study_score (
      photo INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE,
      attribute TEXT NOT NULL REFERENCES study_attribute(name), position INTEGER NOT NULL,
      jod REAL NOT NULL, deviation REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
      level INTEGER, cluster INTEGER, comparisons INTEGER NOT NULL, scene_index INTEGER NOT NULL,
      spelling TEXT, PRIMARY KEY (photo, attribute)) WITHOUT ROWID;
    CREATE TABLE study_list (name TEXT PRIMARY KEY, shape TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE study_list_row (
      list TEXT NOT NULL REFERENCES study_list(name), position INTEGER NOT NULL,
      name TEXT NOT NULL, value TEXT NOT NULL, extra TEXT, PRIMARY KEY (list, position))
      WITHOUT ROWID;
    """

  private static let withdrawal = """
    CREATE TABLE study_tombstone (
      person TEXT NOT NULL, sha256 TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL,
      PRIMARY KEY (person, sha256)) WITHOUT ROWID;
    CREATE INDEX study_tombstone_sha256 ON study_tombstone(sha256);
    CREATE TABLE study_removal (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE study_sheet (path TEXT PRIMARY KEY) WITHOUT ROWID;
    """

  private static let consent = """
    ALTER TABLE study_photo ADD COLUMN purposes TEXT;
    CREATE TABLE study_consent_exception (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
      purpose TEXT NOT NULL CHECK (purpose IN ('annotation', 'training', 'publication')),
      reason TEXT NOT NULL, photos INTEGER NOT NULL);
    INSERT INTO study_consent_exception (at, purpose, reason, photos)
      SELECT unixepoch(), 'annotation', 'shown to observers before consent was enforced', count(*)
      FROM study_photo p JOIN annotation_image i ON i.scene = p.scene AND i.photo = p.name
      WHERE i.state = 'active' AND p.consent IS NOT 'given' HAVING count(*) > 0;
    """

  /// The attributes of paper 1 with its region rules; a study may change them and add its own.
  private static let attributes = """
    INSERT INTO study_attribute VALUES
      ('details', 1, 4500000,
       'Choose the photo that keeps more of the face''s fine texture with less noise.'),
      ('exposure', 1, 4500000,
       'Choose the photo whose face is better exposed: neither too dark nor too bright.'),
      ('overall', 0, 2500000,
       'Choose the photo that is the better portrait as a whole.'),
      ('colour', 0, 2500000,
       'Choose the photo with the more pleasant and plausible colours, skin first.');
    """
}
