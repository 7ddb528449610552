/**
 * Sources that an operator installs beside the references, in folders that a program only reads: known variants as
 * `anntools known build` makes them (`references/known/NAME/`), and tracks (`references/tracks/NAME/`: a file of regions
 * and `track.json`, which says what it is). What cannot be used is not offered, and why is said.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  assemblyNamed,
  InputError,
  installedSources,
  readTrack,
  sourcesBeside,
  trackSource,
  type InstalledSource,
  type TrackSource,
} from '../anntools/index.ts';
import type { AnnotationOptions } from './annotation-options.ts';

/** A source of known variants as it is offered. */
export interface OfferedSource {
  name: string;
  version: string;
  assembly: string;
  /** INFO fields it adds. */
  fields: string[];
  variants: number;
  bytes: number;
  /** When it was built (ISO 8601), if it says. */
  made?: string;
  /** The reference it belongs to; absent when it was installed by itself. */
  reference?: string;
}

/** A track as it is offered. */
export interface OfferedTrack {
  /** INFO id of its values. */
  name: string;
  version: string;
  assembly: string;
  description: string;
  file: string;
  regions: number;
  bytes: number;
}

/** What lies in the folders. */
export interface InstalledSources {
  known: { folder: string; offered: OfferedSource }[];
  tracks: { source: TrackSource; offered: OfferedTrack }[];
  /** Sentences for the operator: what lies there and is not used. */
  problems: string[];
}

/** What the engine is to use for one job. */
export interface ChosenSources {
  known: string[];
  withoutKnown: string[];
  tracks: TrackSource[];
  /** The tracks that were chosen and cannot be used, with a sentence why. */
  missing: { name: string; why: string }[];
}

/** Looks through the folders. Each track is read once, and again when it has changed. */
export async function sourcesIn(referencesFolder: string): Promise<InstalledSources> {
  const problems: string[] = [];
  const known = knownIn(referencesFolder, problems);
  const tracks = await tracksIn(join(referencesFolder, 'tracks'), problems);
  return { known, tracks, problems };
}

/** The sources in a reference's own folder: they go with it. */
export function sourcesOf(dir: string, reference: string): OfferedSource[] {
  return sourcesBeside(dir).map((source) => ({ ...offeredSource(source), reference }));
}

/**
 * What is used of all that is installed: known variants of the file's assembly but those left out, and the tracks
 * chosen. A track of another assembly would overlap with the wrong places, so it is not used and that is said.
 */
export function chooseSources(
  { known, tracks }: InstalledSources,
  { left_out, tracks: wanted }: Pick<AnnotationOptions, 'left_out' | 'tracks'>,
  assembly: string,
): ChosenSources {
  const fits = ({ offered }: { offered: { assembly: string } }) => spelled(offered.assembly) === spelled(assembly);
  const fitting = tracks.filter(fits);
  return {
    known: known.filter((one) => fits(one) && !left_out.includes(one.offered.name)).map(({ folder }) => folder),
    withoutKnown: left_out,
    tracks: fitting.filter(({ offered }) => wanted.includes(offered.name)).map(({ source }) => source),
    missing: wanted
      .filter((name) => !fitting.some(({ offered }) => offered.name === name))
      .map((name) => ({
        name,
        why: tracks.some(({ offered }) => offered.name === name)
          ? `The track ${name} is not of ${assembly}, so it was not used.`
          : `The track ${name} is no longer installed, so it was not used.`,
      })),
  };
}

function knownIn(referencesFolder: string, problems: string[]): InstalledSources['known'] {
  const found: InstalledSources['known'] = [];
  const readable = installedSources(referencesFolder);
  for (const folder of foldersIn(join(referencesFolder, 'known'))) {
    // One that is just being built has no manifest yet.
    if (!existsSync(join(folder, 'known.json'))) continue;
    const source = readable.find((one) => one.folder === folder);
    const place = `known/${basename(folder)}`;
    if (!source) {
      problems.push(`${place} is no source of known variants that this version reads; build it again.`);
      continue;
    }
    const offered = offeredSource(source);
    const twin = found.find(
      (one) => one.offered.name === offered.name && spelled(one.offered.assembly) === spelled(offered.assembly),
    );
    if (offered.assembly === '') problems.push(`${place} does not say its assembly; build it with --assembly.`);
    else if (twin)
      problems.push(`${place} is called ${offered.name}, as known/${basename(twin.folder)} is, which is used.`);
    else found.push({ folder, offered });
  }
  return found;
}

function offeredSource({ folder, manifest }: InstalledSource): OfferedSource {
  const { name, version, assembly, fields, contigs, made } = manifest;
  return {
    name,
    version,
    assembly,
    fields: fields.map(({ id }) => id),
    variants: contigs.reduce((sum, { entries }) => sum + entries, 0),
    bytes: bytesIn(folder),
    ...(made ? { made } : {}),
  };
}

async function tracksIn(folder: string, problems: string[]): Promise<InstalledSources['tracks']> {
  const found: InstalledSources['tracks'] = [];
  for (const one of foldersIn(folder)) {
    const place = `tracks/${basename(one)}`;
    try {
      const track = await trackIn(one);
      const { name, assembly } = track.offered;
      const twin = found.find(
        ({ offered }) => offered.name === name && spelled(offered.assembly) === spelled(assembly),
      );
      if (twin) problems.push(`${place} is called ${name}, as another track of ${assembly} is, which is used.`);
      else found.push(track);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(`${place}: ${error.message}.`);
    }
  }
  return found;
}

const TRACK_FILE = 'track.json';

/** @throws InputError that says what is wrong in the folder */
async function trackIn(folder: string): Promise<InstalledSources['tracks'][number]> {
  const told = await readTold(join(folder, TRACK_FILE));
  const files = readdirSync(folder).filter((name) => name !== TRACK_FILE && !name.startsWith('.'));
  const [file, ...others] = told.file === undefined ? files : files.filter((name) => name === told.file);
  if (file === undefined) throw bad(`there is no ${told.file ?? `file of regions beside ${TRACK_FILE}`}`);
  if (others.length > 0) throw bad(`there are several files; ${TRACK_FILE} has to say which, as "file"`);
  const path = join(folder, file);
  const source: TrackSource = {
    ...trackSource(`${told.name ?? basename(folder)}=${file}`),
    path,
    ...(told.columns ? { columns: told.columns } : {}),
  };
  const { version = '', description = '', assembly } = told;
  const { bytes, regions } = await lookAt(source);
  return { source, offered: { name: source.name, version, assembly, description, file, regions, bytes } };
}

interface Told {
  name?: string;
  assembly: string;
  version?: string;
  description?: string;
  file?: string;
  columns?: string[];
}

async function readTold(path: string): Promise<Told> {
  if (!existsSync(path)) throw bad(`there is no ${TRACK_FILE}, which says at least its "assembly"`);
  let told: unknown;
  try {
    told = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw bad(`${TRACK_FILE} is no JSON`);
  }
  if (typeof told !== 'object' || told === null) throw bad(`${TRACK_FILE} is no JSON object`);
  const { columns, ...texts } = told as Record<string, unknown>;
  for (const name of ['name', 'assembly', 'version', 'description', 'file']) {
    const text = texts[name];
    if (text !== undefined && typeof text !== 'string') throw bad(`"${name}" in ${TRACK_FILE} has to be text`);
  }
  if (!texts['assembly']) throw bad(`${TRACK_FILE} does not say its "assembly", e.g. "GRCh38"`);
  const areColumns =
    columns === undefined || (Array.isArray(columns) && columns.every((one) => typeof one === 'string'));
  if (!areColumns) throw bad(`"columns" in ${TRACK_FILE} has to be a list of names or numbers, as texts`);
  return { ...(texts as unknown as Told), ...(columns ? { columns: columns as string[] } : {}) };
}

interface Look {
  bytes: number;
  regions: number;
}

const looks = new Map<string, Promise<Look>>();

/** Reads a track to see whether it can be used; once for each state of its file. @throws InputError */
function lookAt(source: TrackSource): Promise<Look> {
  const { size: bytes, mtimeMs } = statSync(source.path);
  const state = JSON.stringify([source, bytes, mtimeMs]);
  let look = looks.get(state);
  if (!look) {
    look = readTrack(source).then(({ intervals }) => ({ bytes, regions: intervals }));
    looks.set(state, look);
    // What is wrong with the file stays wrong; a disk that hiccups does not.
    look.catch((error: unknown) => error instanceof InputError || looks.delete(state));
  }
  return look;
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** `hg38` is `GRCh38`; an assembly that nobody knows is called as it is. */
function spelled(assembly: string): string {
  return assemblyNamed(assembly)?.name ?? assembly;
}

function bad(message: string): InputError {
  return new InputError('BAD_OPTION', message);
}
