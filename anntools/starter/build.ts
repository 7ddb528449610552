/**
 * The starter reference: what makes GRCh38 files useful after a plain install, with no download. It is made from bytes
 * that the caller hands over (files of the npm package ideogram, and the mitochondrion's sequence), and kept: the same
 * bytes are built once.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildBundleFromModels } from '../bundle/build.ts';
import { type Manifest, readManifest } from '../bundle/manifest.ts';
import type { ContigModel } from '../models/gene-models.ts';
import { ASSEMBLIES } from '../genome/assemblies.ts';
import { CHROMOSOMES } from '../genome/chromosome.ts';
import { BANDS_FILE, KNOWN_FOLDER } from '../lookup/beside.ts';
import { KNOWN_FORMAT } from '../lookup/known-format.ts';
import { VERSION } from '../version.ts';
import { readBands } from './bands.ts';
import { CLINVAR, writeClinVar } from './clinvar.ts';
import { nuclearModels } from './genes.ts';
import { MITOCHONDRION, mitochondrialModels } from './mitochondrion.ts';

/** The name it is installed under. */
export const STARTER_NAME = 'grch38-starter';

/** The files it is made from, as they are stored. */
export interface StarterFiles {
  /** `dist/data/cache/genes/homo-sapiens-genes.tsv.gz` of ideogram. */
  genes: Uint8Array;
  /** `dist/data/cache/gene-structures/homo-sapiens-gene-structures.tsv.gz` */
  structures: Uint8Array;
  /** `dist/data/cache/variants/homo-sapiens-variants.tsv.gz` and the keys in its `.li.gz` */
  variants: Uint8Array;
  variantKeys: Uint8Array;
  /** `dist/data/bands/native/homo-sapiens….json` by assembly. */
  bands: Record<'GRCh38' | 'GRCh37' | 'NCBI36' | 'T2T-CHM13v2.0', Uint8Array>;
  /** `anntools/data/rcrs.fa` */
  mitochondrion: Uint8Array;
  /** Version of ideogram, for provenance. */
  ideogramVersion: string;
}

/** What `starter.json` says: of which bytes the folder was made. */
const STAMP_FILE = 'starter.json';

/** Makes the starter in `dir`, unless it is there already. A folder that holds another version is replaced. */
export async function buildStarter(files: StarterFiles, dir: string, now: Date): Promise<Manifest> {
  const stamp = stampOf(files);
  if (isMade(dir, stamp)) return readManifest(dir);
  const partial = `${dir}.${randomUUID().slice(0, 8)}.partial`;
  mkdirSync(dirname(dir), { recursive: true });
  try {
    await build(files, partial, now);
    writeFileSync(join(partial, STAMP_FILE), `${JSON.stringify({ stamp })}\n`);
    rmSync(dir, { recursive: true, force: true });
    renameSync(partial, dir);
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    // Another process may have been faster.
    if (!isMade(dir, stamp)) throw cause;
  }
  return readManifest(dir);
}

function stampOf(files: StarterFiles): string {
  const hash = new Bun.CryptoHasher('sha256').update(`${VERSION} ${KNOWN_FORMAT}`).update(files.ideogramVersion);
  for (const bytes of [files.genes, files.structures, files.variants, files.variantKeys, files.mitochondrion])
    hash.update(bytes);
  for (const bytes of Object.values(files.bands)) hash.update(bytes);
  return hash.digest('hex');
}

function isMade(dir: string, stamp: string): boolean {
  const path = join(dir, STAMP_FILE);
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { stamp: string }).stamp === stamp;
}

async function build(files: StarterFiles, dir: string, now: Date): Promise<void> {
  const contigs = [...nuclearContigs(), MITOCHONDRION];
  const nuclear = nuclearModels(files.genes, files.structures, new Set(nuclearContigs().map(({ name }) => name)));
  const mitochondrial = mitochondrialModels();
  const source = (name: string, version: string) => ({ role: 'data', name, version }) as const;
  await buildBundleFromModels(
    dir,
    {
      contigs,
      genes: [...nuclear.genes, ...mitochondrial.genes],
      transcripts: [...nuclear.transcripts, ...mitochondrial.transcripts],
      sequences: new Map([[MITOCHONDRION.name, fastaBases(files.mitochondrion)]]),
      sources: [
        source('ideogram (npm)', files.ideogramVersion),
        source('Ensembl genes', '110'),
        source('rCRS', 'NC_012920.1'),
      ],
    },
    { name: STARTER_NAME, assembly: 'GRCh38', now },
  );
  writeClinVar(join(dir, KNOWN_FOLDER, CLINVAR), files.variants, files.variantKeys);
  const bands = Object.entries(files.bands).map(([assembly, json]) => [assembly, readBands(json)] as const);
  writeFileSync(join(dir, BANDS_FILE), JSON.stringify(Object.fromEntries(bands)));
}

function nuclearContigs(): ContigModel[] {
  const { lengths = [] } = ASSEMBLIES.find(({ name }) => name === 'GRCh38') ?? {};
  return lengths.map((length, i) => ({ name: CHROMOSOMES[i], length }));
}

/** The bases of a FASTA of one sequence. */
function fastaBases(fasta: Uint8Array): Uint8Array {
  const text = Buffer.from(fasta).toString('latin1');
  return Buffer.from(text.slice(text.indexOf('\n')).replace(/\s/g, ''), 'latin1');
}
