/**
 * Which reference a command uses when it is not told: the one of the file's assembly; where the file does not say it, the
 * one whose sequence has the file's bases; else the starter.
 */
import { openBundle } from '../bundle/open.ts';
import { assemblyNamed } from '../genome/assemblies.ts';
import { peekAgreement, peekAssembly } from '../pipeline/survey.ts';
import { findReference, type InstalledReference, installedReferences } from '../reference/installed.ts';
import { STARTER_NAME } from '../starter/build.ts';
import type { Input } from './arguments.ts';
import type { CommandContext } from './context.ts';

/** Enough of a file to hold the header of nearly every VCF. */
const PEEK_BYTES = 1 << 18;
/** So many records must have their bases there, and so large a part of all: of another assembly, one in three has. */
const AGREEING_MIN = 20;
const AGREEING_PART = 0.95;

/** The folder of the reference. The starter is made when it is needed for the first time. */
export async function referenceOf(told: string | undefined, input: Input, context: CommandContext): Promise<string> {
  if (told !== undefined && told !== STARTER_NAME) return findReference(told, context.referencesFolder);
  const installed = told === undefined && input.path !== undefined ? await fitting(input.path, context) : undefined;
  return installed?.dir ?? (await context.makeStarter());
}

async function fitting(path: string, context: CommandContext): Promise<InstalledReference | undefined> {
  const installed = installedReferences(context.referencesFolder).filter(
    ({ manifest }) => manifest.name !== STARTER_NAME,
  );
  if (installed.length === 0) return undefined;
  const head = await Bun.file(path)
    .slice(0, PEEK_BYTES)
    .bytes()
    .catch(() => new Uint8Array(0));
  const { name } = await peekAssembly(head);
  return name === ''
    ? await bySequence(head, installed)
    : installed.find(({ manifest }) => assemblyNamed(manifest.assembly)?.name === name);
}

/** The reference that has the file's bases where the file says them, if there is one. */
async function bySequence(
  head: Uint8Array,
  installed: readonly InstalledReference[],
): Promise<InstalledReference | undefined> {
  let best: InstalledReference | undefined;
  let most = AGREEING_MIN - 1;
  for (const candidate of installed) {
    const { agree, disagree } = await peekAgreement(head, openBundle(candidate.dir));
    if (agree <= most || agree < AGREEING_PART * (agree + disagree)) continue;
    best = candidate;
    most = agree;
  }
  return best;
}
