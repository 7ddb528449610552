/**
 * All of GAS on one machine: starts the embedded cloud and the other programs as children, starts again whichever
 * dies, keeps everything in one folder, stops everything with one Ctrl-C. The children are this program itself,
 * called with a role, so that one executable is all there is to copy.
 */
import { mkdirSync } from 'node:fs';
import { ConfigError, readConfig, whole } from '../jobs/config.ts';
import { createLog, type Log } from '../jobs/log.ts';
import { runArchiver, runThaw } from '../jobs/workers.ts';
import { annotator, starter } from './annotator.ts';
import { cloud, cloudEnvironment } from './cloud.ts';
import { answerVersion, exitWith, itself, run, stopSignal, untilStopped, version } from './program.ts';
import { web } from './web.ts';

const workers = { web, annotator, archiver: runArchiver, thaw: runThaw };
type Worker = keyof typeof workers;

/** A child that ran less than this before it died is started again only after a growing pause. */
const HEALTHY_MS = 10_000;

interface Supervisor {
  env: Record<string, string | undefined>;
  log: Log;
  signal: AbortSignal;
}

async function supervise(signal: AbortSignal): Promise<void> {
  const log = createLog('gas', Date.now, (line) => process.stdout.write(`${line}\n`));
  const dataDir = process.env['GAS_DATA_DIR'] || 'data';
  mkdirSync(dataDir, { recursive: true });
  // One port for the whole run, so that a cloud that is started again is found where it was.
  const port = whole(process.env, 'GAS_CLOUD_PORT', 0, 0, 65_535) || freePort();
  const env = {
    ...process.env,
    ...cloudEnvironment(process.env, `http://127.0.0.1:${port}`),
    GAS_DATA_DIR: dataDir,
    GAS_CLOUD_PORT: String(port),
  };
  const { publicUrl, port: webPort } = readConfig(env, version);
  if (webPort !== 0 && !portIsFree(webPort)) {
    throw new ConfigError(
      `Port ${webPort} is taken by another program. Set GAS_PORT to a free one, e.g. GAS_PORT=8081.`,
    );
  }
  const supervisor = { env, log, signal };

  const cloudChild = keepRunning(supervisor, 'cloud');
  await Promise.race([cloudChild.ready, cloudChild.ended]);
  const metricsPort = whole(env, 'GAS_METRICS_PORT', 0, 0, 65_535);
  const children = (Object.keys(workers) as Worker[]).map((role, at) => {
    // Each program has its own metrics, so the first has the port and the others the ones after it.
    const GAS_METRICS_PORT = metricsPort ? String(metricsPort + at) : '';
    return { role, ...keepRunning({ ...supervisor, env: { ...env, GAS_METRICS_PORT } }, role) };
  });
  // The archiver and thaw have nothing to say about being ready; the first job needs the other two.
  const needed = children.filter(({ role }) => role === 'web' || role === 'annotator');
  await Promise.race([Promise.all(needed.map(({ ready }) => ready)), cloudChild.ended, untilStopped(signal)]);
  if (!signal.aborted) {
    process.stdout.write(
      `\n  GAS is ready: ${publicUrl.href}\n  Everything is kept in ${dataDir}; Ctrl-C stops it.\n\n`,
    );
  }
  await Promise.all(children.map(({ ended }) => ended));
  cloudChild.stop();
  await cloudChild.ended;
}

/** Starts a role and starts it again until told to stop; the cloud is stopped last, when its users are gone. */
function keepRunning({ env, log, signal }: Supervisor, role: Worker | 'cloud') {
  const ready = Promise.withResolvers<void>();
  let child: ReturnType<typeof Bun.spawn> | undefined;
  let stopping = false;
  const stop = () => {
    stopping = true;
    child?.kill('SIGTERM');
  };
  if (role !== 'cloud') signal.addEventListener('abort', stop, { once: true });

  const live = async () => {
    let quickDeaths = 0;
    while (!stopping) {
      const startedMs = performance.now();
      child = Bun.spawn([...itself(), role], {
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
        // A child that loses this line to its parent stops.
        ipc: () => ready.resolve(),
        // Ctrl-C in a terminal reaches the whole group; only the parent should hear it, and stop them in order.
        detached: true,
      });
      log.info('a program started', { role, pid: child.pid });
      const code = await child.exited;
      if (stopping) return;
      if (code === 2) throw new ConfigError(`The program '${role}' could not start; its reason stands above.`);
      quickDeaths = performance.now() - startedMs < HEALTHY_MS ? quickDeaths + 1 : 0;
      log.info('a program died and is started again', { role, code });
      await Bun.sleep(Math.min(10_000, 250 * 2 ** quickDeaths));
    }
  };
  return { ready: ready.promise, ended: live(), stop };
}

function freePort(): number {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}

function portIsFree(port: number): boolean {
  try {
    Bun.listen({ hostname: '0.0.0.0', port, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main && Bun.isMainThread) {
  answerVersion('gas');
  const role = process.argv[2];
  try {
    if (role !== undefined && role in workers) await run(role, workers[role as Worker]);
    const signal = stopSignal();
    if (role === 'starter') await run(role, starter);
    if (role === 'cloud') await cloud(process.env, signal);
    else if (role === undefined) await supervise(signal);
    else throw new Error(`gas knows no program '${role}'; it knows cloud, ${Object.keys(workers).join(', ')}.`);
    process.exit(0);
  } catch (error) {
    exitWith(error, (cause) => process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`));
  }
}
