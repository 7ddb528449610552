/** A command's world for tests: silent, without network, with the starter reference at hand. */
import type { CommandContext } from '../../anntools/cli/context.ts';
import { main } from '../../anntools/cli/main.ts';
import { workerUrl } from './annotation-worker.ts';
import { starterFolder } from './starter.ts';

export function quietContext(): CommandContext {
  return {
    out: () => {},
    err: () => {},
    stdout: { write: async () => {} },
    stdin: async function* () {},
    isTerminal: false,
    referencesFolder: '/nowhere',
    makeStarter: starterFolder,
    workerUrl,
    processors: 2,
    fetch: () => Promise.reject(new Error('no network in tests')),
    now: () => new Date(),
    signal: new AbortController().signal,
  };
}

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** Bytes written to standard output. */
  bytes: Buffer;
}

/** Runs `anntools …`. */
export async function anntools(args: readonly string[], more: Partial<CommandContext> = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const bytes: Uint8Array[] = [];
  const code = await main(args, {
    ...quietContext(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdout: { write: async (part) => void bytes.push(Uint8Array.from(part)) },
    ...more,
  });
  return { code, out: out.join(''), err: err.join(''), bytes: Buffer.concat(bytes) };
}
