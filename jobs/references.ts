/**
 * References on an annotator, and the sources beside them: it tells the table what is installed in its folder, and
 * matches a job's file with the reference of its assembly. The starter is made at first start.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isBundle,
  peekAssembly,
  readManifest,
  STARTER_NAME,
  type AssemblyVerdict,
  type Manifest,
} from '../anntools/index.ts';
import { putItem } from '../aws/table.ts';
import type { AnnotationOptions } from './annotation-options.ts';
import type { Gas } from './gas.ts';
import { chooseReference, type ReferenceChoice, type ReferenceFacts, type ReferenceItem } from './installed.ts';
import { chooseSources, sourcesIn, sourcesOf, type ChosenSources } from './sources.ts';
import { makeStarter } from './starter.ts';

export type { AssemblyVerdict };

/** An annotator says again what it has every sweep; what nobody has said for so long is gone. */
const SEEN_SECONDS = 86_400;

/** Makes the starter reference where it is missing. Takes some 700 MB of memory for a few seconds, once. */
export async function prepareStarter(gas: Gas): Promise<void> {
  await makeStarter(folderOf(gas), new Date(gas.now()));
}

/** Whether no starter, of whatever version, is here yet. */
export function starterIsMissing(gas: Gas): boolean {
  return !isBundle(join(folderOf(gas), STARTER_NAME));
}

/** Makes the starter if it is missing, and tells the table what is installed here. */
export async function registerReferences(gas: Gas): Promise<void> {
  await prepareStarter(gas);
  const expires = Math.floor(gas.now() / 1000) + SEEN_SECONDS;
  const { known, tracks, genes, problems } = await sourcesIn(folderOf(gas));
  for (const { dir, manifest } of await installed(gas)) {
    const item: ReferenceItem = {
      ...choiceOf(manifest),
      facts: factsOf(manifest),
      sources: [...sourcesOf(dir, manifest.name), ...known.map(({ offered }) => offered)],
      tracks: tracks.map(({ offered }) => offered),
      genes: genes.map(({ offered }) => offered),
      problems,
      rank: rankOf(manifest.name),
      expires,
    };
    await putItem(gas.aws, gas.config.topology.tables.references.name, { ...item });
  }
}

/** Says which assembly the first bytes of a file speak for. */
export function assemblyOf(head: Uint8Array): Promise<AssemblyVerdict> {
  return peekAssembly(head);
}

/**
 * What to annotate a file with: the folder of the reference chosen, or of the one of its assembly, or of the starter;
 * and the sources and tracks that were chosen, as far as they fit the file.
 */
export async function installationFor(
  gas: Gas,
  options: AnnotationOptions,
  inputPath: string,
): Promise<{ reference: string; sources: ChosenSources }> {
  const here = await installed(gas);
  const choices = here.map(({ manifest }) => choiceOf(manifest)).sort((a, b) => rankOf(a.name) - rankOf(b.name));
  const head = new Uint8Array(await Bun.file(inputPath).slice(0, PEEK_BYTES).arrayBuffer());
  const { name: assembly } = await assemblyOf(head);
  const fitting = options.reference === 'auto' ? chooseReference(choices, assembly) : options.reference;
  const name = fitting === 'auto' ? STARTER_NAME : fitting;
  const found = here.find(({ manifest }) => manifest.name === name);
  if (!found) throw new Error(`reference '${name}' is not installed on this annotator`);
  const sources = chooseSources(await sourcesIn(folderOf(gas)), options, assembly || found.manifest.assembly);
  return { reference: found.dir, sources };
}

/** Enough of a file to hold the header of nearly every VCF. */
export const PEEK_BYTES = 256 * 1024;

async function installed(gas: Gas): Promise<{ dir: string; manifest: Manifest }[]> {
  const folder = folderOf(gas);
  await mkdir(folder, { recursive: true });
  const dirs = (await readdir(folder)).map((name) => join(folder, name)).filter((dir) => isBundle(dir));
  return dirs.map((dir) => ({ dir, manifest: readManifest(dir) }));
}

function factsOf({ counts, files, made }: Manifest): ReferenceFacts {
  const bytes = Object.values(files).reduce((sum, size) => sum + size, 0);
  return { genes: counts.genes, transcripts: counts.transcripts, bases: counts.bases, bytes, made };
}

function choiceOf({ name, assembly, counts, sources }: Manifest): ReferenceChoice {
  const starter = name === STARTER_NAME;
  const what = `${counts.transcripts.toLocaleString('en')} transcripts of ${counts.genes.toLocaleString('en')} genes`;
  const bases = starter ? 'sequence of the mitochondrion only' : 'with sequence';
  const made = sources.map((source) => `${source.name} ${source.version}`.trim()).join(', ');
  return {
    name,
    assembly,
    label: `${assembly}, ${starter ? 'starter' : name}`,
    note: `${what}, ${bases}; from ${made}`.slice(0, 400),
  };
}

/** The starter comes last: it is chosen when nothing better is installed. */
function rankOf(name: string): number {
  return name === STARTER_NAME ? 1 : 0;
}

function folderOf(gas: Gas): string {
  return join(gas.config.dataDir, 'references');
}
