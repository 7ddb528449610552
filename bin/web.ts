/** The site as a program: listens on GAS_PORT until told to stop, then finishes what it is answering. */
import type { Gas } from '../jobs/gas.ts';
import { createApp } from '../web/app.ts';
import { run, sayReady, untilStopped } from './program.ts';

export async function web(gas: Gas, signal: AbortSignal): Promise<void> {
  const app = createApp(gas).listen({ port: gas.config.port, idleTimeout: 60 });
  gas.log.info('listening', { port: app.server?.port, url: gas.config.publicUrl.href });
  sayReady();
  await untilStopped(signal);
  await app.stop();
}

if (import.meta.main) await run('web', web);
