/**
 * The story of an operator, told on a machine that runs systemd (see boot-systemd.sh): install, a job, an upgrade in the
 * middle of it, a program that dies, a wrong setting, the end. Writes what happened as one line of JSON.
 *
 *     bun on-systemd.ts FIRST_RELEASE SECOND_RELEASE
 */
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataLines, manyVariants } from '../../support/made-vcf.ts';
import { Visitor } from '../../support/visitor.ts';
import { eventually } from '../../support/world.ts';

const [first = '', second = ''] = process.argv.slice(2);
const programs = ['cloud', 'web', 'annotator', 'archiver', 'thaw'];
const site = 'http://localhost:8080';
const settings = '/etc/gas/gas.env';

const variantsOfAJob = 120_000;

export interface Happened {
  installed: string;
  states: Record<string, string>;
  users: string[];
  upgraded: string;
  handedBack: boolean;
  /** Of the result of each job that was there during the upgrade. */
  variants: number[];
  restarts: number;
  wrong: { state: string; restarts: string; said: boolean };
  stopSeconds: number;
  results: Record<string, string>;
  /** Lines of the annotator's log that are no JSON of its own. */
  strangeLines: string[];
  exposures: Record<string, number>;
}

function run(...command: string[]): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stdout.toString()}${stderr.toString()}`);
  return stdout.toString().trim();
}

const show = (program: string, property: string) =>
  run('systemctl', 'show', `gas-${program}.service`, '--property', property, '--value');
const each = <T>(of: (program: string) => T) => Object.fromEntries(programs.map((program) => [program, of(program)]));
const executable = (program: string) => readlinkSync(`/proc/${show(program, 'MainPID')}/exe`);
const answers = () =>
  eventually('the site answers', async () => (await fetch(`${site}/health`).catch(() => null))?.ok, 60);

run('sh', `${first}/install.sh`);
await answers();
const installed = executable('web');
const states = each((program) => show(program, 'ActiveState'));
const users = programs.map((program) => run('stat', '--format=%U', `/proc/${show(program, 'MainPID')}`));

const visitor = new Visitor(site);
await visitor.signUp();
const input = manyVariants(variantsOfAJob);
const ids: string[] = [];
for (let i = 0; i < 6; i++) ids.push(await visitor.submit(`job-${i}.vcf`, input));
run('sh', `${second}/install.sh`);
await answers();
const upgraded = executable('annotator');
const variants: number[] = [];
for (const id of ids) {
  const result = await eventually(
    `${id} is completed`,
    async () => {
      const reply = await visitor.go(`/annotations/${id}`).catch(() => null);
      return reply?.text.includes(`/annotations/${id}/result`) && visitor.download(`/annotations/${id}/result`);
    },
    120,
  );
  variants.push(dataLines(gunzipSync(result).toString()).length);
}

process.kill(Number(show('web', 'MainPID')), 'SIGKILL');
await Bun.sleep(500);
await answers();
const restarts = Number(show('web', 'NRestarts'));

const right = readFileSync(settings, 'utf8');
writeFileSync(settings, right.replace('GAS_PORT=8080', 'GAS_PORT=eighty'));
run('systemctl', 'restart', 'gas-web.service');
await eventually('the wrong setting is noticed', async () => show('web', 'ActiveState') === 'failed');
const wrong = {
  state: show('web', 'ExecMainStatus'),
  restarts: show('web', 'NRestarts'),
  said: run('journalctl', '--unit=gas-web', '--output=cat').includes("GAS_PORT is 'eighty'"),
};
writeFileSync(settings, right);
run('systemctl', 'reset-failed', 'gas-web.service');
run('systemctl', 'start', 'gas-web.service');
await answers();

const beganMs = performance.now();
run('systemctl', 'stop', 'gas.target');
await eventually(
  'all have stopped',
  async () => programs.every((program) => show(program, 'ActiveState') === 'inactive'),
  120,
);
const annotatorLog = run('journalctl', '--unit=gas-annotator', '--output=cat');
const happened: Happened = {
  installed,
  states,
  users,
  upgraded,
  handedBack: annotatorLog.includes('job handed back'),
  variants,
  restarts,
  wrong,
  stopSeconds: (performance.now() - beganMs) / 1000,
  results: each((program) => show(program, 'Result')),
  strangeLines: annotatorLog.split('\n').filter((line) => !isEntry(line)),
  exposures: each((program) =>
    Number(/level for .*: ([\d.]+)/.exec(run('systemd-analyze', 'security', `gas-${program}.service`))?.[1]),
  ),
};
process.stdout.write(`HAPPENED ${JSON.stringify(happened)}\n`);

function isEntry(line: string): boolean {
  try {
    return ['annotator', 'starter'].includes((JSON.parse(line) as { program?: string }).program ?? '');
  } catch {
    return false;
  }
}
