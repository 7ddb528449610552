/**
 * The story of an operator, told on a machine that runs systemd (see boot-systemd.sh): install, an upgrade while people
 * use it and jobs run, a release that does not start, the way back, a program that dies, a wrong setting, the end.
 * Writes what happened as one line of JSON.
 *
 *     bun on-systemd.ts FIRST_RELEASE SECOND_RELEASE BROKEN_RELEASE
 */
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataLines, manyVariants } from '../../support/made-vcf.ts';
import { startTraffic, type Traffic } from '../../support/traffic.ts';
import { Visitor } from '../../support/visitor.ts';
import { eventually } from '../../support/world.ts';

const [first = '', second = '', broken = ''] = process.argv.slice(2);
const programs = ['cloud', 'web', 'annotator', 'archiver', 'thaw'];
const site = 'http://localhost:8080';
const settings = '/etc/gas/gas.env';

/** More work than is done before the annotator's turn in the upgrade comes. */
const jobs = 12;
const variantsOfAJob = 330_000;

export interface Happened {
  installed: string;
  states: Record<string, string>;
  users: string[];
  /** The executable that each program runs from after the upgrade. */
  upgraded: Record<string, string>;
  /** What people met with during the upgrade. */
  traffic: Awaited<ReturnType<Traffic['stop']>>;
  upgradeSeconds: number;
  /** How often systemd had to start a program again meanwhile, and what the programs complained of. */
  upgradeRestarts: Record<string, string>;
  faults: string[];
  /** The same after the way back to the first release. */
  back: Record<string, string>;
  /** What was said of the release that does not start, and what ran after it. */
  refused: { code: number; said: string };
  afterRefused: Record<string, string>;
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

/** Of the two units of a program that has two, the one that runs; at the end neither does. */
function unitOf(program: string): string {
  if (program !== 'web' && program !== 'cloud') return `gas-${program}.service`;
  const [a, b] = ['a', 'b'].map((slot) => `gas-${program}@${slot}.service`) as [string, string];
  return Bun.spawnSync(['systemctl', 'is-enabled', '--quiet', a]).exitCode === 0 ? a : b;
}
const show = (program: string, property: string) =>
  run('systemctl', 'show', unitOf(program), '--property', property, '--value');
/** The same without stopping this program's own requests. */
async function meanwhile(...command: string[]): Promise<{ code: number; said: string }> {
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, said: out + err };
}
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
for (let i = 0; i < jobs; i++) ids.push(await visitor.submit(`job-${i}.vcf`, input));
const traffic = startTraffic(visitor, manyVariants(200));
await Bun.sleep(1000);
const upgradeBeganMs = performance.now();
const upgrade = await meanwhile('sh', `${second}/install.sh`);
if (upgrade.code !== 0) throw new Error(upgrade.said);
const upgradeSeconds = (performance.now() - upgradeBeganMs) / 1000;
await Bun.sleep(1000);
const met = await traffic.stop();
const faults = programs.flatMap((program) =>
  Bun.spawnSync(['journalctl', '--output=cat', `--identifier=gas-${program}`])
    .stdout.toString()
    .split('\n')
    .filter((line) => line && !line.includes('"level":"info"'))
    .slice(0, 5),
);
ids.push(...met.jobs);
const upgraded = each(executable);
const upgradeRestarts = each((program) => show(program, 'NRestarts'));
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

run('/usr/local/bin/gas-roll', '--to', readlinkSync('/opt/gas/current').replace('second', 'first'));
const back = each(executable);
const refused = await meanwhile('sh', `${broken}/install.sh`);
await answers();
const afterRefused = each(executable);

process.kill(Number(show('web', 'MainPID')), 'SIGKILL');
await Bun.sleep(500);
await answers();
const restarts = Number(show('web', 'NRestarts'));

const right = readFileSync(settings, 'utf8');
writeFileSync(settings, right.replace('GAS_PORT=8080', 'GAS_PORT=eighty'));
Bun.spawnSync(['systemctl', 'restart', unitOf('web')]);
await eventually('the wrong setting is noticed', async () => show('web', 'ActiveState') === 'failed');
const wrong = {
  state: show('web', 'ExecMainStatus'),
  restarts: show('web', 'NRestarts'),
  said: run('journalctl', '--identifier=gas-web', '--output=cat').includes("GAS_PORT is 'eighty'"),
};
writeFileSync(settings, right);
run('systemctl', 'reset-failed', unitOf('web'));
run('systemctl', 'start', unitOf('web'));
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
  traffic: met,
  upgradeSeconds,
  upgradeRestarts,
  faults,
  back,
  refused,
  afterRefused,
  handedBack: annotatorLog.includes('job handed back'),
  variants,
  restarts,
  wrong,
  stopSeconds: (performance.now() - beganMs) / 1000,
  results: each((program) => show(program, 'Result')),
  strangeLines: annotatorLog.split('\n').filter((line) => !isEntry(line)),
  exposures: each((program) =>
    Number(/level for .*: ([\d.]+)/.exec(run('systemd-analyze', 'security', unitOf(program)))?.[1]),
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
