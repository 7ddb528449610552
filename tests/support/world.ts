/**
 * A whole world for a test: the embedded cloud on a folder of its own, the resources made, the restore function at
 * hand, and the programs' loops running in this process until the test ends. Nothing is mocked: everything speaks
 * the real protocols over loopback.
 */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STARTER_NAME } from '../../anntools/index.ts';
import { createRestoreHandler } from '../../functions/restore.ts';
import { readConfig, type Environment } from '../../jobs/config.ts';
import { createGas, type Gas } from '../../jobs/gas.ts';
import { createLog } from '../../jobs/log.ts';
import { provision } from '../../jobs/provision.ts';
import { registerReferences } from '../../jobs/references.ts';
import { makeStarter } from '../../jobs/starter.ts';
import { engineStamp } from './engine-stamp.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';

export interface World {
  gas: Gas;
  cloud: TestCloud;
  /** Whether the restore function does anything when it is called; false is a notification that got lost. */
  restores: boolean;
  /** Lines logged so far, parsed. */
  logged: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts a world; `env` overrides configuration, by the names operators use. */
export async function startWorld(
  env: Environment = {},
  cloudOptions: Parameters<typeof startTestCloud>[0] = {},
): Promise<World> {
  const logged: Record<string, unknown>[] = [];
  const log = createLog('test', Date.now, (line) => logged.push(JSON.parse(line) as Record<string, unknown>));
  let restore: ((event: unknown) => Promise<void>) | undefined;
  const cloud = await startTestCloud({
    ...cloudOptions,
    functions: {
      gas_restore: async (event) => (world.restores ? restore?.(event) : undefined),
      ...cloudOptions?.functions,
    },
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'gas-world-'));
  const config = readConfig(
    {
      AWS_ENDPOINT_URL: cloud.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
      GAS_DATA_DIR: dataDir,
      GAS_SWEEP_SECONDS: '1',
      GAS_RETRIEVAL_CHECK_SECONDS: '1',
      ...env,
    },
    'test',
  );
  const gas = createGas(config, log);
  restore = createRestoreHandler(gas);
  await provision(gas, { restoreFunction: true });
  const world: World = {
    gas,
    cloud,
    restores: true,
    logged,
    async stop() {
      gas.aws.close();
      await cloud.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}

/** Waits until `probe` answers something, looking ten times a second. @throws after `seconds` */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
  seconds = 30,
): Promise<T> {
  const endMs = Date.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > endMs) throw new Error(`not within ${seconds} s: ${what}`);
    await Bun.sleep(100);
  }
}

/** Installs the starter reference, made once for all tests of this machine. */
export async function installStarter(gas: Gas): Promise<void> {
  const shared = join(tmpdir(), `gas-test-references-${await engineStamp()}`);
  await makeStarter(shared, new Date(gas.now()));
  const references = join(gas.config.dataDir, 'references');
  await mkdir(references, { recursive: true });
  await symlink(join(shared, STARTER_NAME), join(references, STARTER_NAME));
  await registerReferences(gas);
}
