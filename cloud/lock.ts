/**
 * One embedded cloud per folder: a second one would sweep away what the first is just receiving. The lock is an open
 * transaction in a file of its own, which the operating system ends with the process, also after kill -9.
 */
import { Database, SQLiteError } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_EVERY_MS = 20;

/** Takes the folder, made if missing; returns what gives it back. Throws when another cloud holds it. */
export function lockFolder(dataDir: string): () => void {
  const unlock = tryToLock(dataDir);
  if (unlock) return unlock;
  throw new Error(`The folder ${dataDir} is in use by another embedded cloud. Stop it, or choose another folder.`);
}

/** The same, when whoever holds it gives it back; `onWaiting` is told once if there is somebody. Throws at `signal`. */
export async function waitForFolder(
  dataDir: string,
  { onWaiting, signal }: { onWaiting: () => void; signal: AbortSignal },
): Promise<() => void> {
  for (let looks = 0; ; looks++) {
    const unlock = tryToLock(dataDir);
    if (unlock) return unlock;
    if (looks === 0) onWaiting();
    await Bun.sleep(LOOK_EVERY_MS);
    signal.throwIfAborted();
  }
}

function tryToLock(dataDir: string): (() => void) | undefined {
  mkdirSync(dataDir, { recursive: true });
  const lock = new Database(join(dataDir, 'lock.sqlite'), { create: true, strict: true });
  try {
    lock.run('PRAGMA busy_timeout = 0');
    lock.run('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (error instanceof SQLiteError && error.code?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
