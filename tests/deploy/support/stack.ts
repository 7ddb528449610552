/** sst.config.ts evaluated without AWS, and a look at the resources it asks for. */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Resource } from './evaluate.ts';

const root = resolve(import.meta.dir, '../../..');

/** A stage as an operator would set it. */
export const stageSettings = {
  AWS_REGION: 'eu-central-1',
  GAS_DOMAIN: 'gas.example.org',
  GAS_HOSTED_ZONE_ID: 'Z123',
  GAS_ALARM_EMAIL: 'operator@example.org',
};

/** Whether SST's platform is there; written from the npm registry when it is not, without any other download. */
export function platformIsThere(): boolean {
  if (existsSync(join(root, '.sst/platform/config.d.ts'))) return true;
  const { success } = Bun.spawnSync(['node_modules/.bin/sst', 'install'], {
    cwd: root,
    env: {
      ...process.env,
      SST_SKIP_DEPENDENCY_CHECK: 'true',
      SST_BUN_PATH: process.execPath,
      SST_TELEMETRY_DISABLED: '1',
      SST_STAGE: 'ci',
    },
    timeout: 120_000,
  });
  return success;
}

/** A release folder with the names of a real one, and nothing in them. */
export function emptyRelease(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gas-release-'));
  const files = [
    'VERSION',
    'gas',
    'gas-.service.d/hardening.conf',
    ...['web', 'annotator', 'archiver', 'thaw', 'cloud'].map((name) => `gas-${name}`),
    ...['web@', 'annotator', 'archiver', 'thaw', 'cloud@'].map((name) => `gas-${name}.service`),
    'gas.target',
    'install.sh',
    'roll.sh',
  ];
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
  writeFileSync(join(folder, 'SHA256SUMS'), files.map((file) => `${'0'.repeat(64)}  ${file}\n`).join(''));
  return folder;
}

/** Every resource of a stage. @throws with what the evaluation said */
export async function evaluateStack(
  settings: Record<string, string>,
  mode: 'deploy' | 'dev' = 'deploy',
): Promise<Stack> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'evaluate.ts'), mode], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [text, complaints, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(complaints);
  return new Stack(JSON.parse(text) as Resource[]);
}

export class Stack {
  constructor(readonly resources: readonly Resource[]) {}

  /** The inputs of every resource of a type, e.g. `sqs/queue`. */
  all(type: string): Inputs[] {
    return this.resources.filter((one) => one.type.startsWith(`aws:${type}:`)).map(({ inputs }) => inputs);
  }

  /** The inputs of the one resource of a type whose inputs match. @throws when there is none, or several */
  one(type: string, match: Inputs = {}): Inputs {
    const found = this.all(type).filter((inputs) =>
      Object.entries(match).every(([key, value]) => Bun.deepEquals(inputs[key], value)),
    );
    if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of ${type} match ${JSON.stringify(match)}`);
    return found[0];
  }

  /** Whether something of this type is made. */
  has(type: string): boolean {
    return this.resources.some((one) => one.type.startsWith(type));
  }
}

export type Inputs = Record<string, unknown>;

/** What a policy allows, whichever of the engine's spellings it is written in. */
export function statementsOf(policy: unknown): { actions: string[]; resources: string[] }[] {
  const document = JSON.parse(String(policy)) as Record<string, Record<string, unknown>[]>;
  return (document['Statement'] ?? document['statements'] ?? []).map((one) => ({
    actions: [one['Action'] ?? one['actions']].flat() as string[],
    resources: [one['Resource'] ?? one['resources']].flat() as string[],
  }));
}
