/** A folder that appears whole or not at all: made beside its place, then renamed into it. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { BUNDLE_FILES, UNFINISHED, isBundle } from './manifest.ts';

/** A forerunner as old as this was left by a program that was killed. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** What may be replaced at a place. */
export interface FolderKind {
  is: (dir: string) => boolean;
  what: string;
  /** Whether a file of the old folder stays. */
  keeps: (name: string) => boolean;
}

/** What others have put beside the bundle's files (known variants, cytobands) stays with it. */
const BUNDLE: FolderKind = {
  is: isBundle,
  what: 'reference bundle',
  keeps: (name) => !BUNDLE_FILES.includes(name),
};

/**
 * Makes folder `dir` by handing `make` an empty one beside it. A folder of its kind at `dir` is replaced at the end.
 * @throws InputError BAD_REFERENCE when `dir` is there and is something else.
 */
export async function writeFolder<Result>(
  dir: string,
  make: (folder: string) => Promise<Result>,
  kind = BUNDLE,
): Promise<Result> {
  const place = resolve(dir);
  if (existsSync(place) && !kind.is(place) && !(statSync(place).isDirectory() && readdirSync(place).length === 0)) {
    throw new InputError('BAD_REFERENCE', `${dir} is there and is no ${kind.what}: give another folder`);
  }
  const folder = `${place}${UNFINISHED}${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(folder, { recursive: true });
    forgetUnfinished(place);
    try {
      const result = await make(folder);
      replace(place, folder, kind);
      return result;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (cause) {
    throw toldByDisk(dir, cause) ?? cause;
  }
}

/** What people can mend when a disk refuses. */
const DISK_REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'writing there is not allowed',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'there is a file where a folder should be',
};

function toldByDisk(dir: string, cause: unknown): InputError | undefined {
  const reason = DISK_REASONS[(cause as NodeJS.ErrnoException).code ?? ''];
  return reason === undefined ? undefined : new InputError('BAD_REFERENCE', `cannot write ${dir}: ${reason}`);
}

function forgetUnfinished(place: string): void {
  for (const name of readdirSync(dirname(place))) {
    const path = join(dirname(place), name);
    if (!name.startsWith(basename(place) + UNFINISHED)) continue;
    if (Date.now() - statSync(path).mtimeMs > FORGOTTEN_MS) rmSync(path, { recursive: true, force: true });
  }
}

function replace(place: string, folder: string, { keeps }: FolderKind): void {
  const old = `${folder}.old`;
  const isThere = existsSync(place);
  for (const name of isThere ? readdirSync(place) : []) {
    if (!existsSync(join(folder, name)) && keeps(name)) renameSync(join(place, name), join(folder, name));
  }
  // Programs that have the old bundle open keep it: its files live on until they are closed.
  if (isThere) renameSync(place, old);
  renameSync(folder, place);
  if (isThere) rmSync(old, { recursive: true, force: true });
}
