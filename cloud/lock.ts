/**
 * One embedded cloud per folder: a second one would sweep away what the first is just receiving. The lock is an open
 * transaction in a file of its own, which the operating system ends with the process, also after kill -9.
 */
import { Database } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Takes the folder, made if missing; returns what gives it back. Throws when another cloud holds it. */
export function lockFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const lock = new Database(join(dataDir, 'lock.sqlite'), { create: true, strict: true });
  try {
    lock.run('PRAGMA busy_timeout = 0');
    lock.run('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error(`The folder ${dataDir} is in use by another embedded cloud. Stop it, or choose another folder.`, {
      cause,
    });
  }
  return () => lock.close();
}
