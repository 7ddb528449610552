/**
 * The site as a program: listens on GAS_PORT until told to stop, then finishes what it is answering. When it hands over,
 * its successor listens already: browsers are asked for some moments to come back on a new connection, then it leaves.
 */
import type { Gas } from '../jobs/gas.ts';
import { createApp } from '../web/app.ts';
import { handsOver, sayReady } from './parent.ts';
import { run, untilStopped } from './program.ts';

/** Connections that were silent for longer than this are closed; a browser that then asks opens a new one. */
const FAREWELL_MS = 2000;

export async function web(gas: Gas, signal: AbortSignal): Promise<void> {
  const app = createApp(gas)
    .onRequest(({ set }) => {
      if (signal.aborted) set.headers['connection'] = 'close';
    })
    .listen({ port: gas.config.port, idleTimeout: 60, reusePort: handsOver });
  gas.log.info('listening', { port: app.server?.port, url: gas.config.publicUrl.href });
  sayReady();
  await untilStopped(signal);
  if (handsOver) await Bun.sleep(FAREWELL_MS);
  await app.stop();
}

if (import.meta.main) await run('web', web);
