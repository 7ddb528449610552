/**
 * Sources that an operator installs beside the references, in folders that a program only reads: known variants as
 * `anntools known build` makes them (`references/known/NAME/`), tracks (`references/tracks/NAME/`) and tables of genes
 * (`references/genes/NAME/`), each a file and a few words about it. What cannot be used is not offered, and why is said.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  assemblyNamed,
  geneSource,
  InputError,
  installedSources,
  readGeneTable,
  readTrack,
  sourcesBeside,
  trackSource,
  type GeneSource,
  type InstalledSource,
  type TrackSource,
} from '../anntools/index.ts';
import type { AnnotationOptions } from './annotation-options.ts';
import { foldersIn, onceForEachState, toldFiles, type ToldFile } from './told-files.ts';

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

/** A table of genes as it is offered: values that hold for a gene or a transcript. */
export interface OfferedGenes {
  name: string;
  version: string;
  description: string;
  file: string;
  /** Columns it adds to CSQ and to tables. */
  fields: string[];
  genes: number;
  bytes: number;
}

/** What lies in the folders. */
export interface InstalledSources {
  known: { folder: string; offered: OfferedSource }[];
  tracks: { source: TrackSource; offered: OfferedTrack }[];
  genes: { source: GeneSource; offered: OfferedGenes }[];
  /** Sentences for the operator: what lies there and is not used. */
  problems: string[];
}

/** What the engine is to use for one job. */
export interface ChosenSources {
  known: string[];
  withoutKnown: string[];
  tracks: TrackSource[];
  genes: GeneSource[];
  /** Sentences about what was chosen and cannot be used. */
  missing: string[];
}

/** Looks through the folders. Each file is read once, and again when it has changed. */
export async function sourcesIn(referencesFolder: string): Promise<InstalledSources> {
  const problems: string[] = [];
  const known = knownIn(referencesFolder, problems);
  const tracks = await tracksIn(join(referencesFolder, 'tracks'));
  const genes = await genesIn(join(referencesFolder, 'genes'));
  return {
    known,
    tracks: tracks.found,
    genes: genes.found,
    problems: [...problems, ...tracks.problems, ...genes.problems],
  };
}

/** The sources in a reference's own folder: they go with it. */
export function sourcesOf(dir: string, reference: string): OfferedSource[] {
  return sourcesBeside(dir).map((source) => ({ ...offeredSource(source), reference }));
}

/**
 * What is used of all that is installed: known variants of the file's assembly but those left out, and the tracks and
 * tables of genes chosen. A track of another assembly would overlap with the wrong places, so it is not used and that is
 * said.
 */
export function chooseSources(
  { known, tracks, genes }: InstalledSources,
  options: Pick<AnnotationOptions, 'left_out' | 'tracks' | 'genes'>,
  assembly: string,
): ChosenSources {
  const fits = ({ offered }: { offered: { assembly: string } }) => spelled(offered.assembly) === spelled(assembly);
  const fitting = tracks.filter(fits);
  const named = (list: readonly { offered: { name: string } }[], name: string) =>
    list.some(({ offered }) => offered.name === name);
  const missing = [
    ...options.tracks
      .filter((name) => !named(fitting, name))
      .map((name) =>
        named(tracks, name)
          ? `The track ${name} is not of ${assembly}, so it was not used.`
          : `The track ${name} is no longer installed, so it was not used.`,
      ),
    ...options.genes
      .filter((name) => !named(genes, name))
      .map((name) => `The table of genes ${name} is no longer installed, so it was not used.`),
  ];
  return {
    known: known.filter((one) => fits(one) && !options.left_out.includes(one.offered.name)).map(({ folder }) => folder),
    withoutKnown: options.left_out,
    tracks: fitting.filter(({ offered }) => options.tracks.includes(offered.name)).map(({ source }) => source),
    genes: genes.filter(({ offered }) => options.genes.includes(offered.name)).map(({ source }) => source),
    missing,
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

async function tracksIn(folder: string): Promise<{ found: InstalledSources['tracks']; problems: string[] }> {
  const tracks = await toldFiles(folder, 'track.json', trackOf);
  return withoutTwins(tracks, 'tracks', ({ offered }) => `${offered.name} ${spelled(offered.assembly)}`);
}

const trackOf = onceForEachState(async (told: ToldFile): Promise<InstalledSources['tracks'][number]> => {
  const { name, version, assembly, description, file, bytes, columns } = told;
  if (assembly === '') throw bad('track.json does not say its "assembly", e.g. "GRCh38"');
  const source = { ...trackSource(`${name}=${file}`), path: told.path, ...(columns ? { columns } : {}) };
  const { intervals } = await readTrack(source);
  return { source, offered: { name, version, assembly, description, file, regions: intervals, bytes } };
});

async function genesIn(folder: string): Promise<{ found: InstalledSources['genes']; problems: string[] }> {
  return withoutTwins(await toldFiles(folder, 'genes.json', genesOf), 'genes', ({ offered }) => offered.name);
}

const genesOf = onceForEachState(async (told: ToldFile): Promise<InstalledSources['genes'][number]> => {
  const { name, version, description, file, bytes, columns } = told;
  const source = { ...geneSource(`${name}=${file}`), path: told.path, ...(columns ? { columns } : {}) };
  const table = await readGeneTable(source);
  const fields = table.columns.map(({ id }) => id);
  return { source, offered: { name, version, description, file, fields, genes: table.genes.length, bytes } };
});

/** Of what has the same key the first is used. */
function withoutTwins<T extends { offered: { name: string; file: string } }>(
  { found, problems }: { found: T[]; problems: string[] },
  folder: string,
  keyOf: (one: T) => string,
): { found: T[]; problems: string[] } {
  const keys = found.map(keyOf);
  const isTwin = (_: T, at: number) => keys.indexOf(keys[at] ?? '') < at;
  const said = found
    .filter(isTwin)
    .map(({ offered: { name, file } }) => `${folder}: ${file} is called ${name}, as another file is, which is used.`);
  return { found: found.filter((one, at) => !isTwin(one, at)), problems: [...problems, ...said] };
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
