/**
 * All of GAS on one machine: starts the embedded cloud and the other programs as children, starts again whichever
 * dies, keeps everything in one folder, stops everything with one Ctrl-C. The children are this program itself,
 * called with a role, so that one executable is all there is to copy. At SIGUSR2 each child is followed by a new one of
 * the executable that lies there by then: the new one takes requests before the old one is stopped, so nobody is refused.
 */
import { mkdirSync } from 'node:fs';
import { ConfigError, readConfig, whole } from '../jobs/config.ts';
import { createLog, type Log } from '../jobs/log.ts';
import { annotator, starter } from './annotator.ts';
import { archiver } from './archiver.ts';
import { cloud, cloudEnvironment } from './cloud.ts';
import { answerVersion, exitWith, itself, run, stopSignal, untilStopped, version } from './program.ts';
import { thaw } from './thaw.ts';
import { web } from './web.ts';

const workers = { web, annotator, archiver, thaw };
type Worker = keyof typeof workers;

/** Asked at the start: when another executable has taken the place of this one, the system gives it no name any more. */
const program = itself();

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
    GAS_HANDOVER: 'yes',
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
  await Promise.race([Promise.all(children.map(({ ready }) => ready)), cloudChild.ended, untilStopped(signal)]);
  if (!signal.aborted) {
    process.stdout.write(
      `\n  GAS is ready: ${publicUrl.href}\n  Everything is kept in ${dataDir}; Ctrl-C stops it.\n\n`,
    );
  }
  let renewal = Promise.resolve();
  process.on('SIGUSR2', () => {
    renewal = renewal.then(async () => {
      for (const { renew } of [cloudChild, ...children]) await renew();
      log.info('all programs have been renewed');
    });
  });
  await Promise.all(children.map(({ ended }) => ended));
  cloudChild.stop();
  await cloudChild.ended;
}

/** Starts a role and starts it again until told to stop; the cloud is stopped last, when its users are gone. */
function keepRunning({ env, log, signal }: Supervisor, role: Worker | 'cloud') {
  const firstReady = Promise.withResolvers<void>();
  const running = new Set<Bun.Subprocess>();
  let current: Bun.Subprocess;
  let stopping = false;
  const stop = () => {
    stopping = true;
    for (const child of running) child.kill('SIGTERM');
  };
  if (role !== 'cloud') signal.addEventListener('abort', stop, { once: true });

  const start = (onReady: () => void): Bun.Subprocess => {
    const child = Bun.spawn([...program, role], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      // A child that loses this line to its parent stops.
      ipc: onReady,
      // Ctrl-C in a terminal reaches the whole group; only the parent should hear it, and stop them in order.
      detached: true,
    });
    log.info('a program started', { role, pid: child.pid });
    running.add(child);
    void child.exited.then(() => running.delete(child));
    return child;
  };

  const live = async () => {
    let quickDeaths = 0;
    current = start(firstReady.resolve);
    for (;;) {
      const startedMs = performance.now();
      const watched = current;
      const code = await watched.exited;
      if (stopping) return;
      // It has been followed by another one, and goes.
      if (watched !== current) continue;
      if (code === 2) throw new ConfigError(`The program '${role}' could not start; its reason stands above.`);
      quickDeaths = performance.now() - startedMs < HEALTHY_MS ? quickDeaths + 1 : 0;
      log.info('a program died and is started again', { role, code });
      await Bun.sleep(Math.min(10_000, 250 * 2 ** quickDeaths));
      if (stopping) return;
      if (watched === current) current = start(firstReady.resolve);
    }
  };

  /** Has the role played by a new child, once that is ready; one that does not become ready changes nothing. */
  const renew = async () => {
    if (stopping) return;
    const ready = Promise.withResolvers<'ready'>();
    const follower = start(() => ready.resolve('ready'));
    if ((await Promise.race([ready.promise, follower.exited])) !== 'ready') {
      return log.info('a program could not be renewed; the one before it goes on', { role, code: follower.exitCode });
    }
    const before = current;
    current = follower;
    before.kill('SIGTERM');
    await before.exited;
  };
  const ended = live().then(async () => {
    await Promise.all([...running].map(({ exited }) => exited));
  });
  return { ready: firstReady.promise, ended, stop, renew };
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
