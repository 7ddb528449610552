/** The thaw program: see `runThaw`. */
import { runThaw } from '../jobs/workers.ts';
import { run } from './program.ts';

if (import.meta.main) await run('thaw', runThaw);
