/**
 * The engine as a command: see `anntools/cli/main.ts`. The same module is the engine's worker thread. References lie
 * where the service on this machine has them, unless ANNTOOLS_REFERENCES names another folder.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { main } from '../anntools/cli/main.ts';
import { serveWorker } from '../anntools/worker.ts';
import { STARTER_NAME } from '../anntools/index.ts';
import { makeStarter } from '../jobs/starter.ts';
import { answerVersion } from './version.ts';

if (!Bun.isMainThread) serveWorker();
else {
  answerVersion('anntools');
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => stop.abort(new Error(`${name} received`)));
  const referencesFolder =
    process.env['ANNTOOLS_REFERENCES'] || join(process.env['GAS_DATA_DIR'] || 'data', 'references');
  const stdout = Bun.stdout.writer();
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdout: {
      async write(bytes) {
        try {
          stdout.write(bytes);
          await stdout.flush();
        } catch (cause) {
          // Nobody reads any more (`| head`): no reason to go on, nor to complain.
          stop.abort(cause);
          throw cause;
        }
      },
    },
    stdin: () => Bun.stdin.stream(),
    isTerminal: process.stderr.isTTY,
    referencesFolder,
    async makeStarter() {
      await makeStarter(referencesFolder, new Date());
      return join(referencesFolder, STARTER_NAME);
    },
    workerUrl: import.meta.url,
    processors: availableParallelism(),
    fetch,
    now: () => new Date(),
    signal: stop.signal,
  });
}
