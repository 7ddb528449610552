/** The archiver as a program: see `runArchiver`. */
import { runArchiver } from '../jobs/workers.ts';
import { run } from './program.ts';

if (import.meta.main) await run('archiver', runArchiver);
