/** The archiver as a program: see `runArchiver`. */
import type { Gas } from '../jobs/gas.ts';
import { runArchiver } from '../jobs/workers.ts';
import { sayReady } from './parent.ts';
import { run } from './program.ts';

export async function archiver(gas: Gas, signal: AbortSignal): Promise<void> {
  sayReady();
  await runArchiver(gas, signal);
}

if (import.meta.main) await run('archiver', archiver);
