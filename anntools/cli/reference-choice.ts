/** Which reference a command uses when it is not told: the one of the file's assembly, else the starter. */
import { assemblyNamed } from '../genome/assemblies.ts';
import { peekAssembly } from '../pipeline/survey.ts';
import { findReference, installedReferences } from '../reference/installed.ts';
import { STARTER_NAME } from '../starter/build.ts';
import type { Input } from './arguments.ts';
import type { CommandContext } from './context.ts';

/** Enough of a file to hold the header of nearly every VCF. */
const PEEK_BYTES = 1 << 18;

/** The folder of the reference. The starter is made when it is needed for the first time. */
export async function referenceOf(told: string | undefined, input: Input, context: CommandContext): Promise<string> {
  if (told !== undefined && told !== STARTER_NAME) return findReference(told, context.referencesFolder);
  const installed = told === undefined && input.path !== undefined ? await ofAssembly(input.path, context) : undefined;
  return installed ?? (await context.makeStarter());
}

async function ofAssembly(path: string, context: CommandContext): Promise<string | undefined> {
  const head = await Bun.file(path)
    .slice(0, PEEK_BYTES)
    .bytes()
    .catch(() => new Uint8Array(0));
  const { name } = await peekAssembly(head);
  return installedReferences(context.referencesFolder).find(
    ({ manifest }) => manifest.name !== STARTER_NAME && name !== '' && assemblyNamed(manifest.assembly)?.name === name,
  )?.dir;
}
