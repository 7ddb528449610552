/**
 * The systemd units: what systemd thinks of them, and a whole story under a real systemd that is booted for it in
 * namespaces of its own.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { build, type Target } from '../../deploy/build.ts';
import { userData } from '../../deploy/user-data.ts';
import type { Happened } from './support/on-systemd.ts';

setDefaultTimeout(300_000);
const root = resolve(import.meta.dir, '../..');
const source = join(root, 'systemd');
const units = readdirSync(source).filter((name) => name.endsWith('.service'));
const scratch = mkdtempSync(join(tmpdir(), 'gas-units-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const analyses = Bun.which('systemd-analyze') !== null;
const boots = analyses && boot('true').includes('exit code 0');

/** Runs a command under a systemd of its own, which finds our scratch folder at /mnt; answers what it said. */
function boot(command: string): string {
  const output = join(scratch, 'said.txt');
  const namespaces = ['--mount', '--pid', '--uts', '--ipc', '--net', '--cgroup', '--fork', '--kill-child'];
  Bun.spawnSync(['unshare', ...namespaces, join(import.meta.dir, 'support/boot-systemd.sh'), command, output], {
    timeout: 280_000,
    killSignal: 'SIGKILL',
  });
  return existsSync(output) ? readFileSync(output, 'utf8') : '';
}

describe.skipIf(!analyses)(`the units${analyses ? '' : ' (skipped: no systemd-analyze here)'}`, () => {
  test('there is one for each program, and a target', () => {
    expect(units.sort()).toEqual(
      ['annotator', 'archiver', 'cloud@', 'thaw', 'web@'].map((program) => `gas-${program}.service`),
    );
    expect(existsSync(join(source, 'gas.target'))).toBe(true);
  });

  test('systemd has nothing to say against them', () => {
    const copy = join(scratch, 'verified');
    cpSync(source, copy, { recursive: true });
    mkdirSync(join(copy, 'bin'));
    for (const unit of units) {
      const path = join(copy, unit);
      writeFileSync(path, readFileSync(path, 'utf8').replace('/opt/gas/current/', `${copy}/bin/`));
      writeFileSync(join(copy, 'bin', unit.replace(/@?\.service/, '')), '', { mode: 0o755 });
    }
    const { exitCode, stderr } = Bun.spawnSync(
      ['systemd-analyze', 'verify', ...[...units, 'gas.target'].map((unit) => join(copy, unit))],
      { env: { ...process.env, SYSTEMD_UNIT_PATH: `${copy}:` } },
    );
    const ours = stderr
      .toString()
      .split('\n')
      .filter((line) => line.includes('gas'));
    expect({ exitCode, ours }).toEqual({ exitCode: 0, ours: [] });
  });

  test.each(units)('%s exposes no more than 2.0', (unit) => {
    const { stdout } = Bun.spawnSync(
      ['systemd-analyze', 'security', '--offline=true', '--no-pager', join(source, unit)],
      {
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${source}:` },
      },
    );
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/.exec(stdout.toString())?.[1]);
    console.log(`exposure of ${unit}: ${exposure}`);
    expect(exposure).toBeGreaterThan(0);
    expect(exposure).toBeLessThanOrEqual(2);
  });
});

/** A release of the site alone, whose site does not become ready. */
function makeBroken(release: string, folder: string): void {
  cpSync(release, folder, { recursive: true, filter: (path) => !/\/gas-[a-z]+$/.test(path) });
  writeFileSync(join(folder, 'gas-web'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  writeFileSync(join(folder, 'VERSION'), `${version}-broken\n`);
  Bun.spawnSync(['sh', '-c', 'sha256sum gas-web VERSION roll.sh > SHA256SUMS'], { cwd: folder });
}

describe.skipIf(!boots)(
  `under a real systemd${boots ? '' : ' (skipped: none can be booted here; it takes root)'}`,
  () => {
    const target: Target = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';
    beforeAll(async () => {
      const programs = ['gas-cloud', 'gas-web', 'gas-annotator', 'gas-archiver', 'gas-thaw'] as const;
      for (const commit of ['first', 'second']) {
        await build({ programs, targets: [target], outdir: join(scratch, commit), commit });
      }
    });

    test('installed, upgraded in full use, back, killed, misconfigured, stopped: nobody is refused, nothing is lost', () => {
      const releases = ['first', 'second'].map((commit) => join('/mnt', commit, target));
      makeBroken(join(scratch, 'second', target), join(scratch, 'broken'));
      releases.push('/mnt/broken');
      const said = boot([process.execPath, join(import.meta.dir, 'support/on-systemd.ts'), ...releases].join(' '));
      const line = said.split('\n').find((one) => one.startsWith('HAPPENED '));
      if (!line) throw new Error(said);
      const happened = JSON.parse(line.slice('HAPPENED '.length)) as Happened;
      console.log(`under a real systemd: ${line}`);

      const each = <T>(of: (program: string) => T) =>
        Object.fromEntries(['cloud', 'web', 'annotator', 'archiver', 'thaw'].map((program) => [program, of(program)]));
      const all = <T>(value: T) => each(() => value);
      expect(happened.states).toEqual(all('active'));
      expect(happened.users).toEqual(['gas', 'gas', 'gas', 'gas', 'gas']);
      expect(happened.installed).toMatch(/^\/opt\/gas\/.*-first\/gas-web$/);
      expect(happened.upgraded).toEqual(each((program) => `/opt/gas/${version}-second/gas-${program}`));
      const { upgradeRestarts, faults } = happened;
      const { failed } = happened.traffic;
      // If somebody was refused, what was said meanwhile tells why.
      expect(failed.length === 0 ? {} : { failed, upgradeRestarts, faults }).toEqual({});
      for (const kind of Object.values(happened.traffic.answered)) expect(kind).toBeGreaterThan(0);
      expect(happened.back).toEqual(each((program) => `/opt/gas/${version}-first/gas-${program}`));
      expect(happened.refused).toMatchObject({ code: 1, said: expect.stringContaining('going back to') });
      expect(happened.afterRefused).toEqual(happened.back);
      expect(happened.handedBack).toBe(true);
      expect(happened.variants.slice(0, 12)).toEqual(Array(12).fill(330_000));
      expect(happened.variants.slice(12)).toEqual(Array(happened.traffic.jobs.length).fill(200));
      expect(happened.restarts).toBe(1);
      expect(happened.wrong).toMatchObject({ state: '2', said: true });
      expect(happened.stopSeconds).toBeLessThan(100);
      expect(happened.results).toEqual(all('success'));
      expect(happened.strangeLines).toEqual([]);
      for (const exposure of Object.values(happened.exposures)) expect(exposure).toBeLessThanOrEqual(2);
    });

    test('an instance installs its release by its user data, runs its program and writes its log for CloudWatch', () => {
      const release = join(scratch, 'first', target);
      const files = readFileSync(join(release, 'SHA256SUMS'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.slice(66));
      const script = userData({
        program: 'web',
        region: 'eu-central-1',
        release: 's3://releases/first',
        files: ['SHA256SUMS', ...files],
        environment: { GAS_ACCOUNT_ID: '123456789012', GAS_PUBLIC_URL: 'https://gas.example.org', GAS_PORT: '8080' },
        logGroup: '/gas/gas/web',
      });
      // What of Amazon Linux the script needs and this machine has not.
      const tools = join(scratch, 'tools');
      mkdirSync(tools, { recursive: true });
      const tool = (name: string, text: string) =>
        writeFileSync(join(tools, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
      tool('aws', `mkdir -p "$(dirname "$5")"; cp "/mnt/first/${target}/\${4#s3://releases/first/}" "$5"`);
      tool(
        'dnf',
        'd=/opt/aws/amazon-cloudwatch-agent; mkdir -p $d/bin $d/etc; ln -s /bin/true $d/bin/amazon-cloudwatch-agent-ctl',
      );
      writeFileSync(join(scratch, 'user-data.sh'), script);
      const look = [
        'PATH=/mnt/tools:$PATH bash /mnt/user-data.sh',
        'sleep 2',
        'echo $(systemctl is-active gas-web@a gas-annotator)',
        'curl --silent localhost:8080/health',
        'ls /opt/gas/current/',
        'cat /var/log/gas/web.log /opt/aws/amazon-cloudwatch-agent/etc/gas.json /etc/gas/gas.env',
      ];
      writeFileSync(join(scratch, 'look.sh'), look.join('\n'));
      const said = boot('bash /mnt/look.sh');
      expect(said).toContain('active inactive');
      expect(said).toContain('"ok":true');
      expect(said).toContain('"event":"listening"');
      expect(said).toContain('"log_group_name": "/gas/gas/web"');
      expect(said).toMatch(/^GAS_THREADS=\d+$/m);
      expect(said).toMatch(/^gas-web$/m);
      expect(said).not.toMatch(/^gas-annotator$/m);
    });
  },
);
