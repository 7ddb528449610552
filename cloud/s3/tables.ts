/** The tables of S3. Keys are compared as UTF-8 bytes, which is both S3's listing order and SQLite's BINARY collation. */
import type { Database } from 'bun:sqlite';

export function createTables(db: Database): void {
  db.run(`
    CREATE TABLE IF NOT EXISTS s3_buckets (
      name TEXT PRIMARY KEY,
      created_ms INTEGER NOT NULL
    ) WITHOUT ROWID`);
  // One document for each configuration a bucket has: cors, lifecycle, notification. JSON.
  db.run(`
    CREATE TABLE IF NOT EXISTS s3_bucket_configurations (
      bucket TEXT NOT NULL REFERENCES s3_buckets (name) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (bucket, kind)
    ) WITHOUT ROWID`);
  db.run(`
    CREATE TABLE IF NOT EXISTS s3_objects (
      bucket TEXT NOT NULL REFERENCES s3_buckets (name),
      key TEXT NOT NULL,
      body TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      headers TEXT NOT NULL,
      metadata TEXT NOT NULL,
      checksum TEXT,
      storage_class TEXT NOT NULL,
      modified_ms INTEGER NOT NULL,
      -- The multipart upload it came from, so that completing again says the same.
      upload_id TEXT,
      -- RestoreObject: while under way, when it is done and for how many days; then, when the copy expires.
      restore_due_ms INTEGER,
      restore_days INTEGER,
      restored_until_ms INTEGER,
      PRIMARY KEY (bucket, key)
    ) WITHOUT ROWID`);
  for (const column of ['restore_due_ms', 'restored_until_ms']) {
    db.run(`CREATE INDEX IF NOT EXISTS s3_objects_${column} ON s3_objects (${column}) WHERE ${column} IS NOT NULL`);
  }
  db.run(`
    CREATE TABLE IF NOT EXISTS s3_uploads (
      upload_id TEXT PRIMARY KEY,
      bucket TEXT NOT NULL REFERENCES s3_buckets (name),
      key TEXT NOT NULL,
      headers TEXT NOT NULL,
      metadata TEXT NOT NULL,
      storage_class TEXT NOT NULL,
      checksum_algorithm TEXT,
      checksum_type TEXT,
      initiated_ms INTEGER NOT NULL
    ) WITHOUT ROWID`);
  db.run(`
    CREATE TABLE IF NOT EXISTS s3_parts (
      upload_id TEXT NOT NULL REFERENCES s3_uploads (upload_id) ON DELETE CASCADE,
      part_number INTEGER NOT NULL,
      body TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksum TEXT,
      modified_ms INTEGER NOT NULL,
      PRIMARY KEY (upload_id, part_number)
    ) WITHOUT ROWID`);
  // Events wait here, written in the same transaction as what they tell of, until their destination has them.
  // due_ms: when to try (again).
  db.run(`
    CREATE TABLE IF NOT EXISTS s3_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      destination TEXT NOT NULL,
      event TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_ms INTEGER NOT NULL
    )`);
}
