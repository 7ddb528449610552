/**
 * What every program does around its one job: read the configuration, listen for signals, and end with the right
 * code. 0: told to stop and did; 1: a fault; 2: the configuration is wrong, said in one sentence.
 */
import { ConfigError, readConfig } from '../jobs/config.ts';
import { createGas, type Gas } from '../jobs/gas.ts';
import { createLog } from '../jobs/log.ts';
import { feedWatchdog } from './parent.ts';
import { startTelemetry } from './telemetry.ts';
import { answerVersion, commit, version } from './version.ts';

export { answerVersion, version };

/**
 * Aborted by the first SIGTERM or SIGINT, and, for a child of `gas`, when its parent is gone, however it went.
 * A second signal ends the process at once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  process.on('disconnect', () => stop.abort(new Error('the parent is gone')));
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(`${name} received`));
    });
  }
  return stop.signal;
}

/** Waits to be told to stop. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Runs a program to its end and exits. */
export async function run(name: string, main: (gas: Gas, signal: AbortSignal) => Promise<void>): Promise<never> {
  answerVersion(`gas-${name}`);
  const log = createLog(name, Date.now, (line) => process.stdout.write(`${line}\n`));
  try {
    const gas = createGas(readConfig(process.env, version), log);
    const signal = stopSignal();
    feedWatchdog();
    log.info('started', { version, commit });
    const telemetry = startTelemetry(gas, `gas-${name}`, commit);
    await main(gas, signal);
    await telemetry.stop();
    log.info('stopped');
    process.exit(0);
  } catch (error) {
    exitWith(error, (cause) => log.fault('ended by a fault', cause));
  }
}

/** Ends the process for a reason: one sentence for a wrong configuration, `report` for anything else. */
export function exitWith(error: unknown, report: (cause: unknown) => void): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  report(error);
  process.exit(1);
}

/** How this very program is called: the executable alone, or Bun with the source file. */
export function itself(): string[] {
  return Bun.main.startsWith('/$bunfs/') ? [process.execPath] : [process.execPath, Bun.main];
}
