internal import GRDB

/// The tables of judgements: observers, tasks, sessions, leases, votes and the audit trail.
enum AnnotationSchema {
  /// Registers the migrations of 0.1.0, in their order.
  static func register(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("annotation-1-tables") { db in
      try db.execute(sql: people + images + work + judgements + results)
    }
    migrator.registerMigration("annotation-2-append-only") { db in
      for table in ["audit", "vote", "vote_void"] {
        for action in ["UPDATE", "DELETE"] {
          try db.execute(
            sql: """
              CREATE TRIGGER annotation_\(table)_no_\(action.lowercased())
              BEFORE \(action) ON annotation_\(table)
              BEGIN SELECT RAISE(ABORT, 'annotation_\(table) is append-only'); END;
              """)
        }
      }
    }
    migrator.registerMigration("annotation-3-recent") { db in
      try db.execute(
        sql: "CREATE INDEX annotation_lease_recent ON annotation_lease(session, number)")
    }
    migrator.registerMigration("annotation-4-stations") { db in
      try db.execute(
        sql: """
          CREATE TABLE annotation_station (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,
            facts TEXT NOT NULL, retired_at INTEGER);
          ALTER TABLE annotation_session ADD COLUMN cookie BLOB;
          """)
    }
  }

  /// Registers the columns that say how a pair was chosen: empty for pairs of 0.1.0.
  static func registerPairOrigins(in migrator: inout DatabaseMigrator) {
    migrator.registerMigration("annotation-5-origins") { db in
      try db.execute(
        sql: """
          ALTER TABLE annotation_pair_queue ADD COLUMN criterion TEXT;
          ALTER TABLE annotation_lease ADD COLUMN criterion TEXT;
          ALTER TABLE annotation_lease ADD COLUMN batch INTEGER;
          """)
    }
  }

  private static let people = """
    CREATE TABLE annotation_study (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, settings TEXT NOT NULL, created INTEGER NOT NULL);
    CREATE TABLE annotation_observer (
      id INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
      consent_at INTEGER, consent_version TEXT, withdrawn_at INTEGER);
    CREATE TABLE annotation_person (id TEXT PRIMARY KEY, withdrawn_at INTEGER);
    CREATE TABLE annotation_invite (
      token_hash BLOB PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
      expires INTEGER NOT NULL, used_at INTEGER) WITHOUT ROWID;
    CREATE TABLE annotation_cookie (
      token_hash BLOB PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
      csrf TEXT NOT NULL, expires INTEGER NOT NULL, revoked_at INTEGER) WITHOUT ROWID;
    CREATE TABLE annotation_password (
      observer INTEGER PRIMARY KEY REFERENCES annotation_observer(id), salt BLOB NOT NULL,
      hash BLOB NOT NULL, rounds INTEGER NOT NULL);
    """

  private static let images = """
    CREATE TABLE annotation_image (
      id INTEGER PRIMARY KEY, scene TEXT NOT NULL, photo TEXT NOT NULL, device TEXT, person TEXT
      REFERENCES annotation_person(id), condition TEXT, state TEXT NOT NULL DEFAULT 'active',
      UNIQUE (scene, photo));
    CREATE TABLE annotation_roi (
      image INTEGER NOT NULL REFERENCES annotation_image(id), attribute TEXT NOT NULL,
      sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
      bytes INTEGER NOT NULL, type TEXT NOT NULL, PRIMARY KEY (image, attribute)) WITHOUT ROWID;
    CREATE INDEX annotation_roi_sha256 ON annotation_roi(sha256);
    CREATE TABLE annotation_removal (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
    """

  private static let work = """
    CREATE TABLE annotation_task (
      id INTEGER PRIMARY KEY, study TEXT NOT NULL REFERENCES annotation_study(id), scene TEXT,
      name TEXT NOT NULL, attribute TEXT NOT NULL, policy TEXT NOT NULL DEFAULT '{}',
      state TEXT NOT NULL DEFAULT 'open', UNIQUE (name, attribute));
    CREATE TABLE annotation_task_image (
      task INTEGER NOT NULL REFERENCES annotation_task(id), image INTEGER NOT NULL
      REFERENCES annotation_image(id), shown_left INTEGER NOT NULL DEFAULT 0,
      shown_right INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (task, image)) WITHOUT ROWID;
    CREATE TABLE annotation_golden (
      task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
      high INTEGER NOT NULL, better INTEGER NOT NULL, PRIMARY KEY (task, low, high)) WITHOUT ROWID;
    CREATE TABLE annotation_session (
      id TEXT PRIMARY KEY, observer INTEGER NOT NULL REFERENCES annotation_observer(id),
      task INTEGER NOT NULL REFERENCES annotation_task(id), state TEXT NOT NULL,
      calibration TEXT, calibrated_at INTEGER, trained_at INTEGER, started INTEGER NOT NULL,
      deadline INTEGER, remaining INTEGER NOT NULL, ended INTEGER);
    CREATE INDEX annotation_session_observer ON annotation_session(observer, state);
    CREATE TABLE annotation_pair_queue (
      task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
      high INTEGER NOT NULL, batch INTEGER NOT NULL, rank INTEGER NOT NULL,
      PRIMARY KEY (task, low, high)) WITHOUT ROWID;
    """

  private static let judgements = """
    CREATE TABLE annotation_lease (
      id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
      task INTEGER NOT NULL REFERENCES annotation_task(id), low INTEGER NOT NULL,
      high INTEGER NOT NULL, left_is_low INTEGER NOT NULL, kind TEXT NOT NULL,
      session TEXT NOT NULL REFERENCES annotation_session(id), observer INTEGER NOT NULL,
      position INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL,
      CHECK (low < high), CHECK (kind IN ('active', 'repeat', 'golden', 'training')),
      CHECK (state IN ('open', 'voted', 'released', 'expired')));
    CREATE UNIQUE INDEX annotation_lease_open ON annotation_lease(task, low, high)
      WHERE state = 'open' AND kind = 'active';
    CREATE INDEX annotation_lease_session ON annotation_lease(session, state);
    CREATE INDEX annotation_lease_observer ON annotation_lease(observer, task, low, high);
    CREATE INDEX annotation_lease_pair ON annotation_lease(task, low, high, state);
    CREATE TABLE annotation_vote (
      id INTEGER PRIMARY KEY, lease TEXT NOT NULL UNIQUE REFERENCES annotation_lease(id),
      client_key TEXT NOT NULL UNIQUE, choice TEXT NOT NULL, response_ms INTEGER,
      view TEXT, at INTEGER NOT NULL, CHECK (choice IN ('left', 'right', 'tie')));
    CREATE TABLE annotation_vote_void (
      vote INTEGER PRIMARY KEY REFERENCES annotation_vote(id), reason TEXT NOT NULL,
      at INTEGER NOT NULL);
    """

  private static let results = """
    CREATE TABLE annotation_score (
      task INTEGER NOT NULL REFERENCES annotation_task(id), image INTEGER NOT NULL,
      mu REAL NOT NULL, sigma REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
      comparisons INTEGER NOT NULL, through_vote INTEGER NOT NULL,
      PRIMARY KEY (task, image)) WITHOUT ROWID;
    CREATE TABLE annotation_progress (
      task INTEGER NOT NULL REFERENCES annotation_task(id), votes INTEGER NOT NULL,
      median_width REAL NOT NULL, PRIMARY KEY (task, votes)) WITHOUT ROWID;
    CREATE TABLE annotation_audit (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
      detail TEXT NOT NULL, hash_prev BLOB NOT NULL, hash BLOB NOT NULL);
    """
}
