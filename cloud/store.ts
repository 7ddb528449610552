/**
 * Where the embedded cloud keeps everything: one SQLite file for state, a folder for bodies (objects, archives).
 * A body is written to a temporary name, synced and renamed before the row that names it is committed, so after
 * kill -9 there may be a body without a row (swept at start) but never a row without its body.
 */
import { Database } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** State and bodies of one embedded cloud. */
export interface Store {
  db: Database;
  /** Folder of bodies; a service makes its own subfolder. */
  bodies: string;
  close(): void;
}

/** Opens, or makes, the store in `dataDir`. Durable against power loss: WAL with synchronous FULL. */
export function openStore(dataDir: string): Store {
  const bodies = join(dataDir, 'bodies');
  mkdirSync(bodies, { recursive: true });
  const db = new Database(join(dataDir, 'cloud.sqlite'), { create: true, strict: true });
  // First: who had it before may still be closing it, and SQLite locks everybody out meanwhile.
  db.run('PRAGMA busy_timeout = 5000');
  db.run('PRAGMA journal_mode = WAL');
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA foreign_keys = ON');
  return { db, bodies, close: () => db.close() };
}
