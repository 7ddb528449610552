/**
 * GAS as a person starts it: the program of the README's first command, on a free port and a folder of its own, with
 * its children. `GAS_EXECUTABLE` makes the same stories run against a compiled executable.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudEnvironment } from '../../bin/cloud.ts';
import { readConfig } from '../../jobs/config.ts';
import { createGas, type Gas } from '../../jobs/gas.ts';
import { createLog } from '../../jobs/log.ts';
import { freePort } from './free-port.ts';
import { eventually } from './world.ts';

const root = join(import.meta.dir, '../..');

export interface OneMachine {
  url: string;
  dataDir: string;
  /** Everything the programs have written, line by line. */
  lines: string[];
  /** A context of its own on the machine's cloud, for looking behind the pages. */
  gas(): Gas;
  /** Process id of the child that plays `role` now. */
  pidOf(role: string): number;
  /** SIGUSR2: every program is followed by a new one. Resolves when all have been. */
  renew(): Promise<void>;
  /** SIGTERM, as Ctrl-C; answers the exit code. The folder stays. */
  stop(): Promise<number>;
  /** SIGKILL to the parent: the worst that can happen. */
  kill(): Promise<void>;
  /** Stops and removes the folder. */
  remove(): Promise<void>;
}

/** Starts it and waits until it says it is ready. */
export async function startOneMachine(env: Record<string, string> = {}, dataDir?: string): Promise<OneMachine> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'gas-machine-')));
  const port = env['GAS_PORT'] ?? String(freePort());
  const command = process.env['GAS_EXECUTABLE']
    ? [process.env['GAS_EXECUTABLE']]
    : [process.execPath, join(root, 'bin/gas.ts')];
  const child = Bun.spawn(command, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], GAS_PORT: port, GAS_DATA_DIR: folder, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of stream) {
      const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (line.includes('GAS is ready')) ready.resolve();
      }
    }
  };
  void collect(child.stdout);
  void collect(child.stderr);
  await Promise.race([
    ready.promise,
    child.exited.then((code) => {
      throw new Error(`GAS ended with ${code} before it was ready:\n${lines.slice(-20).join('\n')}`);
    }),
    Bun.sleep(60_000).then(() => {
      throw new Error(`GAS was not ready within a minute:\n${lines.slice(-20).join('\n')}`);
    }),
  ]);

  const stop = async () => {
    child.kill('SIGTERM');
    return child.exited;
  };
  return {
    url: `http://localhost:${port}`,
    dataDir: folder,
    lines,
    gas: () => {
      const entry =
        lines.find((line) => line.includes('"program":"cloud"') && line.includes('"event":"ready"')) ?? '{}';
      const { url } = JSON.parse(entry) as { url: string };
      return createGas(
        readConfig({ ...env, ...cloudEnvironment({}, url), GAS_DATA_DIR: folder }, 'test'),
        createLog('test', Date.now, () => undefined),
      );
    },
    pidOf: (role) => latestPid(lines, role),
    renew: async () => {
      const renewals = () => lines.filter((line) => line.includes('all programs have been renewed')).length;
      const before = renewals();
      child.kill('SIGUSR2');
      await eventually('all programs have been renewed', async () => renewals() > before, 60);
    },
    stop,
    kill: async () => {
      child.kill('SIGKILL');
      await child.exited;
    },
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function latestPid(lines: readonly string[], role: string): number {
  for (const line of lines.toReversed()) {
    if (!line.includes('a program started')) continue;
    const entry = JSON.parse(line) as { role: string; pid: number };
    if (entry.role === role) return entry.pid;
  }
  throw new Error(`no program '${role}' was started`);
}
