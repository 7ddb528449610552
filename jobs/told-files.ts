/**
 * Files that an operator puts into a folder of their own with a few words about them as JSON: tracks and tables of
 * genes. Each is read once to see whether it can be used, and again when it has changed; what cannot, is a sentence.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../anntools/index.ts';

/** What is told of a file. */
export interface ToldFile {
  /** What it is called in results: the folder's name, unless the words say another. */
  name: string;
  /** Empty when nothing is said. */
  assembly: string;
  version: string;
  description: string;
  /** The file, without its folder. */
  file: string;
  path: string;
  bytes: number;
  columns?: readonly string[];
}

/** Tells of the folders in a folder. `words` is the name of the JSON file; what `read` throws is a problem. */
export async function toldFiles<T>(
  folder: string,
  words: string,
  read: (told: ToldFile) => Promise<T>,
): Promise<{ found: T[]; problems: string[] }> {
  const found: T[] = [];
  const problems: string[] = [];
  for (const one of foldersIn(folder)) {
    try {
      found.push(await read(await toldFile(one, words)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(`${basename(folder)}/${basename(one)}: ${error.message}.`);
    }
  }
  return { found, problems };
}

async function toldFile(folder: string, words: string): Promise<ToldFile> {
  const { columns, ...texts } = await readWords(folder, words);
  const files = readdirSync(folder).filter((name) => name !== words && !name.startsWith('.'));
  const [file, ...others] = texts.file === undefined ? files : files.filter((name) => name === texts.file);
  if (file === undefined) throw bad(`there is no ${texts.file ?? `file beside ${words}`}`);
  if (others.length > 0) throw bad(`there are several files; ${words} has to say which, as "file"`);
  const path = join(folder, file);
  const { name = basename(folder), assembly = '', version = '', description = '' } = texts;
  const { size: bytes } = statSync(path);
  return { name, assembly, version, description, file, path, bytes, ...(columns ? { columns } : {}) };
}

const textNames = ['name', 'assembly', 'version', 'description', 'file'] as const;
type Words = Partial<Record<(typeof textNames)[number], string>> & { columns?: string[] };

async function readWords(folder: string, words: string): Promise<Words> {
  const path = join(folder, words);
  if (!existsSync(path)) throw bad(`there is no ${words}, which says what it is`);
  let told: unknown;
  try {
    told = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw bad(`${words} is no JSON`);
  }
  if (typeof told !== 'object' || told === null) throw bad(`${words} is no JSON object`);
  const record = told as Record<string, unknown>;
  const wrong = textNames.find((name) => record[name] !== undefined && typeof record[name] !== 'string');
  if (wrong !== undefined) throw bad(`"${wrong}" in ${words} has to be text`);
  const { columns } = record;
  if (columns !== undefined && !(Array.isArray(columns) && columns.every((one) => typeof one === 'string'))) {
    throw bad(`"columns" in ${words} has to be a list of names or numbers, as texts`);
  }
  return record as Words;
}

/** Remembers what was found out about a file as long as it stays as it is. */
export function onceForEachState<T>(look: (told: ToldFile) => Promise<T>): (told: ToldFile) => Promise<T> {
  const looks = new Map<string, Promise<T>>();
  return (told) => {
    const state = JSON.stringify([told, statSync(told.path).mtimeMs]);
    const known = looks.get(state);
    if (known) return known;
    const found = look(told);
    looks.set(state, found);
    // What is wrong with the file stays wrong; a disk that hiccups does not.
    found.catch((error: unknown) => error instanceof InputError || looks.delete(state));
    return found;
  };
}

/** The folders in a folder, by name. */
export function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

function bad(message: string): InputError {
  return new InputError('BAD_OPTION', message);
}
