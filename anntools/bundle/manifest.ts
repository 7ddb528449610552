/** A bundle's manifest: what it is, what it was made from, what was odd about that. JSON, for people and programs. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../errors.ts';
import type { GeneFileFlavour, GeneFileFormat } from '../annotation-files/read.ts';
import type { Problem } from '../models/problems.ts';

export const MANIFEST_FILE = 'manifest.json';
export const MODELS_FILE = 'models.bin';
export const SEQUENCE_FILE = 'sequence.bin';
export const BUNDLE_FILES: readonly string[] = [MANIFEST_FILE, MODELS_FILE, SEQUENCE_FILE];

/** Between the name of a folder and the random end of its forerunner, which is not finished yet (`folder.ts`). */
export const UNFINISHED = '.unfinished-';

const FORMAT = 'anntools reference bundle';

export interface ManifestSource {
  role: 'sequence' | 'genes' | 'data';
  /** File name without a folder, or the name of a package. */
  name: string;
  /** Release or date, as far as the file says it; empty when it does not. */
  version: string;
  /** Size as stored and SHA-256 (hexadecimal) of a file. */
  bytes?: number;
  sha256?: string;
  /** For gene files. */
  format?: GeneFileFormat;
  flavour?: GeneFileFlavour;
}

export interface Manifest {
  format: typeof FORMAT;
  formatVersion: 1;
  /** The id that all files of this bundle carry, hexadecimal. */
  id: string;
  name: string;
  assembly: string;
  /** ISO 8601. */
  made: string;
  sources: ManifestSource[];
  counts: {
    contigs: number;
    bases: number;
    /** Bases that are not known. */
    unknownBases: number;
    contigsWithoutModels: number;
    genes: number;
    transcripts: number;
    codingTranscripts: number;
  };
  /** Whether canonical transcripts are those the source names, or chosen here (longest coding sequence of the gene). */
  canonical: 'told' | 'chosen';
  problems: Problem[];
  /** Size in bytes of the binary files. A bundle without bases has no sequence file. */
  files: { [MODELS_FILE]: number; [SEQUENCE_FILE]?: number };
}

export function manifestHead(id: Uint8Array): Pick<Manifest, 'format' | 'formatVersion' | 'id'> {
  return { format: FORMAT, formatVersion: 1, id: Buffer.from(id).toString('hex') };
}

/** Whether the folder looks like a bundle, damaged or not; one that is just being made does not. */
export function isBundle(dir: string): boolean {
  return !basename(dir).includes(UNFINISHED) && existsSync(join(dir, MANIFEST_FILE));
}

/** Reads a bundle's manifest. @throws InputError BAD_REFERENCE when there is none, or it is not one of ours. */
export function readManifest(dir: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(dir, MANIFEST_FILE), 'utf8');
  } catch {
    throw new InputError('BAD_REFERENCE', `${dir} is not a reference bundle: it has no ${MANIFEST_FILE}`);
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new InputError(
      'BAD_REFERENCE',
      `${dir} has a damaged ${MANIFEST_FILE}: build or install the reference again`,
    );
  }
  if (!isManifest(manifest)) {
    throw new InputError(
      'BAD_REFERENCE',
      `${dir} is not a reference bundle this program can read: build or install it again`,
    );
  }
  return manifest;
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { format, formatVersion, id, name, assembly, sources, files, counts, problems } = value as Record<
    keyof Manifest,
    unknown
  >;
  return (
    format === FORMAT &&
    formatVersion === 1 &&
    [id, name, assembly].every((text) => typeof text === 'string') &&
    [sources, problems].every(Array.isArray) &&
    [files, counts].every((part) => typeof part === 'object' && part !== null) &&
    typeof (files as Record<string, unknown>)[MODELS_FILE] === 'number'
  );
}
