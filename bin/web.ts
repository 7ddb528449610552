/**
 * The site as a program: listens on GAS_PORT until told to stop, then finishes what it is answering. When it hands over,
 * its successor listens already: browsers are asked for some moments to come back on a new connection, then it leaves.
 */
import type { Gas } from '../jobs/gas.ts';
import { createApp } from '../web/app.ts';
import { handsOver, sayReady } from './parent.ts';
import { run, untilStopped } from './program.ts';

/** How long it asks browsers to come back on a new connection; less when nobody has asked for anything in a while. */
const FAREWELL_MS = 2000;
const QUIET_MS = 250;

export async function web(gas: Gas, signal: AbortSignal): Promise<void> {
  let askedMs = 0;
  const app = createApp(gas)
    .onRequest(({ set }) => {
      askedMs = performance.now();
      if (signal.aborted) set.headers['connection'] = 'close';
    })
    .listen({ port: gas.config.port, idleTimeout: 60, reusePort: handsOver });
  gas.log.info('listening', { port: app.server?.port, url: gas.config.publicUrl.href });
  sayReady();
  await untilStopped(signal);
  const endMs = performance.now() + FAREWELL_MS;
  while (handsOver && performance.now() < Math.min(endMs, askedMs + QUIET_MS)) await Bun.sleep(20);
  await app.stop();
}

if (import.meta.main) await run('web', web);
