/**
 * The embedded cloud as a program: AWS on one machine behind the real protocols, with the service's resources made
 * and the restore function at hand. Prints its address when it is ready.
 */
import { join } from 'node:path';
import { startCloud } from '../cloud/server.ts';
import { createRestoreHandler } from '../functions/restore.ts';
import { ConfigError, readConfig, whole, type Environment } from '../jobs/config.ts';
import { createGas } from '../jobs/gas.ts';
import { createLog } from '../jobs/log.ts';
import { provision } from '../jobs/provision.ts';
import { feedWatchdog, handsOver, sayReady } from './parent.ts';
import { answerVersion, exitWith, stopSignal, untilStopped, version } from './program.ts';

/** The keys everybody on this machine's loopback uses; the embedded cloud listens nowhere else. */
const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded-cloud-on-loopback' };

/** The environment that lets the other programs find the embedded cloud at `url`. */
export function cloudEnvironment(env: Environment, url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: env['AWS_REGION'] || 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: '',
  };
}

/** Runs the embedded cloud until told to stop. */
export async function cloud(env: Environment, signal: AbortSignal): Promise<void> {
  const log = createLog('cloud', Date.now, (line) => process.stdout.write(`${line}\n`));
  const expeditedMs = whole(env, 'GAS_RETRIEVAL_SECONDS', 60, 0, 86_400) * 1000;
  const capacity = env['GAS_EXPEDITED_CAPACITY'] || 'yes';
  if (capacity !== 'yes' && capacity !== 'no') {
    throw new ConfigError(`GAS_EXPEDITED_CAPACITY is '${capacity}'; it must be yes or no.`);
  }
  feedWatchdog();
  let restore: ((event: unknown) => Promise<void>) | undefined;
  const embedded = await startCloud({
    dataDir: join(env['GAS_DATA_DIR'] || 'data', 'cloud'),
    port: whole(env, 'GAS_CLOUD_PORT', 0, 0, 65_535),
    region: env['AWS_REGION'] || 'us-east-1',
    credentials: { [credentials.accessKeyId]: credentials.secretAccessKey },
    functions: {
      [`${env['GAS_PREFIX'] || 'gas'}_restore`]: async (event: unknown) => restore?.(event),
    },
    settings: {
      retrievalMs: { Expedited: expeditedMs, Standard: expeditedMs * 5, Bulk: expeditedMs * 10 },
      expeditedCapacity: () => capacity === 'yes',
    },
    report: (message: string, cause: unknown) => log.fault(message, cause),
    // Ready as soon as it takes requests, for only then is the one before it told to stop.
    ...(handsOver ? { takeOver: { onWaiting: sayReady, signal } } : {}),
  });
  const gas = createGas(readConfig({ ...env, ...cloudEnvironment(env, embedded.ownUrl) }, version), log);
  restore = createRestoreHandler(gas);
  await provision(gas, { restoreFunction: true });
  log.info('ready', { url: embedded.url });
  sayReady();
  await untilStopped(signal);
  await embedded.stop();
}

if (import.meta.main) {
  answerVersion('gas-cloud');
  try {
    await cloud(process.env, stopSignal());
    process.exit(0);
  } catch (error) {
    exitWith(error, (cause) => process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`));
  }
}
