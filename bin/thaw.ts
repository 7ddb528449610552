/** The thaw program: see `runThaw`. */
import type { Gas } from '../jobs/gas.ts';
import { runThaw } from '../jobs/workers.ts';
import { sayReady } from './parent.ts';
import { run } from './program.ts';

export async function thaw(gas: Gas, signal: AbortSignal): Promise<void> {
  sayReady();
  await runThaw(gas, signal);
}

if (import.meta.main) await run('thaw', thaw);
