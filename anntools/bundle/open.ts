/**
 * Opens a bundle: checks that its files belong together and are whole, and lays typed arrays over them. Nothing is
 * parsed and nothing is read that is not looked at, so a human genome opens in milliseconds.
 */
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { ContainerHead } from './container.ts';
import { damagedSection, readHead, refused } from './container.ts';
import type { Manifest } from './manifest.ts';
import { MODELS_FILE, SEQUENCE_FILE, readManifest } from './manifest.ts';
import { mapModels } from './models-file.ts';
import type { Reference, Sequence } from './reference.ts';
import { MappedSequence } from './sequence-file.ts';

export interface OpenedBundle extends Reference {
  manifest: Manifest;
}

/** Opens the bundle in a folder. @throws InputError BAD_REFERENCE when it is damaged, cut short, mixed up or no bundle. */
export function openBundle(dir: string): OpenedBundle {
  const manifest = readManifest(dir);
  const { models, sequence } = headsOf(dir, manifest);
  const { contigs, genes, transcripts } = mapModels(models);
  const bases = sequence ? new MappedSequence(sequence, contigs.lengths) : noSequence;
  // Replaced while it was being opened: the files mapped may be of either.
  if (readManifest(dir).id !== manifest.id) return openBundle(dir);
  return {
    name: manifest.name,
    assembly: manifest.assembly,
    sources: manifest.sources.map(({ name, version }) => ({ name, version })),
    contigs,
    sequence: bases,
    genes,
    transcripts,
    manifest,
  };
}

/**
 * Reads every byte of a bundle and compares checksums.
 * @param onBytes is told how many more bytes have been read.
 * @throws InputError BAD_REFERENCE that names the damaged part.
 */
export function verifyBundle(dir: string, onBytes?: (count: number) => void): Manifest {
  const manifest = readManifest(dir);
  const { models, sequence } = headsOf(dir, manifest);
  for (const head of [models, sequence]) {
    const damaged = head && damagedSection(head, onBytes);
    if (damaged !== undefined) throw refused(head?.path ?? dir, `has damaged bytes in its section ${damaged}`);
  }
  return manifest;
}

function headsOf(dir: string, { id, files }: Manifest): { models: ContainerHead; sequence: ContainerHead | undefined } {
  const models = readHead(join(dir, MODELS_FILE), 'models');
  const sequence = files[SEQUENCE_FILE] === undefined ? undefined : readHead(join(dir, SEQUENCE_FILE), 'sequence');
  const mixed = models.id !== id || (sequence !== undefined && sequence.id !== id);
  if (mixed)
    throw new InputError(
      'BAD_REFERENCE',
      `${dir} holds files of different bundles: build or install the reference again`,
    );
  return { models, sequence };
}

const noSequence: Sequence = {
  has: () => false,
  base: () => 78,
  read: (_contig, start, end, out, at) => void out.fill(78, at, at + end - start),
  copyPacked: () => false,
};
