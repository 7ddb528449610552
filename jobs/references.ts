/**
 * References, as the service offers them: each annotator tells the table what is installed in its folder, the site
 * reads the table, and a job's file is matched with the reference of its assembly. The starter is made at first start.
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
import { putItem, scanAll } from '../aws/table.ts';
import type { Gas } from './gas.ts';
import { makeStarter } from './starter.ts';

export type { AssemblyVerdict };

/** One reference a user can choose. */
export interface ReferenceChoice {
  name: string;
  /** e.g. `GRCh38`. */
  assembly: string;
  /** For the list: what it is. */
  label: string;
  /** What it knows and does not. */
  note: string;
}

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
  for (const { manifest } of await installed(gas)) {
    await putItem(gas.aws, gas.config.topology.tables.references.name, { ...choiceOf(manifest), expires });
  }
}

/** What can be chosen, full references first. Empty while the first annotator is still starting. */
export async function listReferences(gas: Gas): Promise<ReferenceChoice[]> {
  const found: ReferenceChoice[] = [];
  const now = gas.now() / 1000;
  const table = gas.config.topology.tables.references.name;
  for await (const item of scanAll<ReferenceChoice & { expires: number }>(gas.aws, table)) {
    const { expires, ...choice } = item;
    if (expires > now) found.push(choice);
  }
  return found.sort((a, b) => rankOf(a.name) - rankOf(b.name) || a.name.localeCompare(b.name));
}

/** The choice that fits an assembly; `auto` when none does, so that the annotator decides on the whole file. */
export function chooseReference(choices: readonly ReferenceChoice[], assembly: string): string {
  return choices.find((choice) => choice.assembly === assembly)?.name ?? 'auto';
}

/** Says which assembly the first bytes of a file speak for. */
export function assemblyOf(head: Uint8Array): Promise<AssemblyVerdict> {
  return peekAssembly(head);
}

/** The folder of the reference to annotate a file with: the one chosen, or the one of its assembly, or the starter. */
export async function referenceFor(gas: Gas, chosen: string, inputPath: string): Promise<string> {
  const here = await installed(gas);
  const choices = here.map(({ manifest }) => choiceOf(manifest)).sort((a, b) => rankOf(a.name) - rankOf(b.name));
  const head = new Uint8Array(await Bun.file(inputPath).slice(0, PEEK_BYTES).arrayBuffer());
  const fitting = chosen === 'auto' ? chooseReference(choices, (await assemblyOf(head)).name) : chosen;
  const name = fitting === 'auto' ? STARTER_NAME : fitting;
  const found = here.find(({ manifest }) => manifest.name === name);
  if (!found) throw new Error(`reference '${name}' is not installed on this annotator`);
  return found.dir;
}

/** Enough of a file to hold the header of nearly every VCF. */
export const PEEK_BYTES = 256 * 1024;

async function installed(gas: Gas): Promise<{ dir: string; manifest: Manifest }[]> {
  const folder = folderOf(gas);
  await mkdir(folder, { recursive: true });
  const dirs = (await readdir(folder)).map((name) => join(folder, name)).filter((dir) => isBundle(dir));
  return dirs.map((dir) => ({ dir, manifest: readManifest(dir) }));
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
