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
    migrator.registerMigration("study-4-baselines") { try $0.execute(sql: baselines) }
    migrator.registerMigration("annotation-6-laboratory") { try LaboratoryMigration.run($0) }
    migrator.registerMigration("study-5-lineage") { try $0.execute(sql: lineage) }
    migrator.registerMigration("study-6-people") { db in
      try OneOwnerMigration.rebuild(db, "study_consent_exception", consentException)
      try db.execute(sql: people)
    }
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

  /// Named baselines; scores of a withdrawn photo go with it.
  private static let baselines = """
    CREATE TABLE study_baseline (
      name TEXT PRIMARY KEY, field TEXT NOT NULL, value TEXT NOT NULL, model TEXT) WITHOUT ROWID;
    CREATE TABLE study_baseline_score (
      baseline TEXT NOT NULL REFERENCES study_baseline(name) ON DELETE CASCADE,
      photo INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE,
      attribute TEXT NOT NULL, score TEXT NOT NULL,
      PRIMARY KEY (baseline, photo, attribute)) WITHOUT ROWID;
    CREATE INDEX study_baseline_score_photo ON study_baseline_score(photo);
    """

  /// Photos made from others, which show the same person under the same consent, and the gaps that
  /// they are to bridge.
  ///
  /// A derived photo can't outlive its source: both go in one statement, or the withdrawal fails.
  private static let lineage = """
    CREATE TABLE study_lineage (
      photo INTEGER PRIMARY KEY REFERENCES study_photo(id) ON DELETE CASCADE,
      source INTEGER NOT NULL REFERENCES study_photo(id), recipe TEXT NOT NULL,
      program TEXT NOT NULL);
    CREATE INDEX study_lineage_source ON study_lineage(source);
    CREATE TRIGGER study_lineage_follows AFTER UPDATE OF person, consent, purposes ON study_photo
    BEGIN
      UPDATE study_photo SET person = NEW.person, consent = NEW.consent, purposes = NEW.purposes
      WHERE id IN (SELECT photo FROM study_lineage WHERE source = NEW.id);
    END;
    CREATE TRIGGER study_lineage_keeps AFTER UPDATE OF person, consent, purposes ON study_photo
    WHEN EXISTS (SELECT 1 FROM study_lineage WHERE photo = NEW.id)
    BEGIN
      UPDATE study_photo SET (person, consent, purposes) = (
        SELECT s.person, s.consent, s.purposes FROM study_lineage l
        JOIN study_photo s ON s.id = l.source WHERE l.photo = NEW.id) WHERE id = NEW.id;
    END;
    CREATE TABLE study_gap (
      scene TEXT NOT NULL, attribute TEXT NOT NULL,
      scale TEXT NOT NULL CHECK (scale IN ('scene', 'unified')),
      lower INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE,
      upper INTEGER NOT NULL REFERENCES study_photo(id) ON DELETE CASCADE, width REAL NOT NULL,
      PRIMARY KEY (scene, attribute, scale, lower, upper)) WITHOUT ROWID;
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

  private static let consentException = """
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    purpose TEXT NOT NULL
      CHECK (purpose IN ('annotation', 'training', 'publication', 'identification')),
    reason TEXT NOT NULL, photos INTEGER NOT NULL
    """

  /// Which photos may show one person, until somebody has looked.
  ///
  /// Numbers of groups and where the faces are; what the faces look like is never stored.
  private static let people = """
    CREATE TABLE study_face (
      photo INTEGER PRIMARY KEY REFERENCES study_photo(id) ON DELETE CASCADE,
      person_group INTEGER NOT NULL, x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL,
      height REAL NOT NULL, distance REAL NOT NULL);
    CREATE INDEX study_face_group ON study_face(person_group);
    CREATE TABLE study_face_likeness (
      one INTEGER NOT NULL, other INTEGER NOT NULL, distance REAL NOT NULL,
      PRIMARY KEY (one, other)) WITHOUT ROWID;
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
