/**
 * `npm run build` and what comes out of it: executables that say what they are, the same bytes twice, checksums and a
 * bill of materials that fit, and a script that installs them again and again. Their journeys: tests/journeys.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dependencies, version } from '../../package.json';
import { build, type Target } from '../../deploy/build.ts';

setDefaultTimeout(120_000);
const here: Target = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';
const foreign: Target = here === 'linux-x64' ? 'linux-arm64' : 'linux-x64';
const scratch = mkdtempSync(join(tmpdir(), 'gas-build-'));
const release = join(scratch, 'once', here);

beforeAll(() =>
  build({
    programs: ['gas', 'gas-web', 'gas-annotator'],
    targets: [here],
    outdir: join(scratch, 'once'),
    commit: 'abc123',
  }),
);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs to the end, with nothing of this checkout in reach. */
function run(command: string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, {
    cwd: scratch,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test.each(['gas', 'gas-web', 'gas-annotator'])('%s says its version and its commit', (name) => {
  expect(run([join(release, name), '--version'])).toEqual({
    exitCode: 0,
    stdout: `${name} ${version} (abc123), Bun ${dependencies.bun}\n`,
    stderr: '',
  });
});

test('an executable does not read .env files where it is started', () => {
  writeFileSync(join(scratch, '.env'), 'GAS_PREFIX=Not_A_Prefix\n');
  const { stderr } = run([join(release, 'gas-web')], { AWS_ENDPOINT_URL: 'nowhere' });
  expect(stderr).toBe("AWS_ENDPOINT_URL is 'nowhere'; it must be a URL.\n");
});

test('a fault names our files and lines', () => {
  const { exitCode, stdout } = run([join(release, 'gas-annotator')], {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    GAS_DATA_DIR: '/dev/null',
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('ended by a fault');
  expect(stdout).toMatch(/jobs\/[a-z]+\.ts:\d+/);
});

test('checksums fit, and nothing lies beside the release', () => {
  expect(run(['sh', '-c', `cd ${release} && sha256sum --check --strict SHA256SUMS`]).exitCode).toBe(0);
  const listed = readFileSync(join(release, 'SHA256SUMS'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.slice(66));
  const there = [...new Bun.Glob('**/*').scanSync(release)].filter((name) => name !== 'SHA256SUMS');
  expect(listed).toEqual(there.sort());
  expect(there.filter((name) => name.endsWith('.map'))).toEqual([]);
});

test('the same commit gives the same bytes', async () => {
  await build({ programs: ['gas-web'], targets: [here], outdir: join(scratch, 'twice'), commit: 'abc123' });
  const hash = (path: string) => new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');
  expect(hash(join(scratch, 'twice', here, 'gas-web'))).toBe(hash(join(release, 'gas-web')));
});

test('the bill of materials names the packages inside, by hash and licence, and no tool', () => {
  const bill = JSON.parse(readFileSync(join(release, 'sbom.cdx.json'), 'utf8')) as {
    bomFormat: string;
    specVersion: string;
    components: { name: string; purl: string; hashes?: unknown[]; licenses?: unknown[] }[];
  };
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  const names = bill.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['@aws-sdk/client-s3', '@aws-sdk/client-glacier', 'elysia', 'jsonata']));
  expect(names.filter((name) => name.startsWith('@oven/bun'))).toHaveLength(1);
  expect(names).not.toContain('typescript');
  expect(new Set(bill.components.map(({ purl }) => purl)).size).toBe(names.length);
  for (const { hashes, licenses } of bill.components) expect([hashes?.length, licenses?.length]).toEqual([1, 1]);
});

describe(`for ${foreign}`, () => {
  test('an executable of the other processor, on its own Bun from the registry', async () => {
    await build({ programs: ['gas-web'], targets: [foreign], outdir: join(scratch, 'foreign'), commit: 'abc123' });
    const elf = readFileSync(join(scratch, 'foreign', foreign, 'gas-web'));
    expect(elf.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
    // e_machine: 183 is AArch64, 62 is x86-64 (ELF header, offset 18).
    expect(elf.readUInt16LE(18)).toBe(foreign === 'linux-arm64' ? 183 : 62);
    expect(elf.includes('abc123')).toBe(true);
  });

  const emulator = Bun.which('qemu-aarch64-static');
  const libraries = '/usr/aarch64-linux-gnu';
  const emulates = foreign === 'linux-arm64' && emulator !== null && existsSync(libraries);
  test.skipIf(!emulates)(`it runs${emulates ? '' : ' (skipped: no qemu-user-static with libc6-arm64-cross)'}`, () => {
    const { stdout } = run([
      emulator ?? '',
      '-L',
      libraries,
      join(scratch, 'foreign', foreign, 'gas-web'),
      '--version',
    ]);
    expect(stdout).toBe(`gas-web ${version} (abc123), Bun ${dependencies.bun}\n`);
  });
});

describe('install.sh', () => {
  const dest = join(scratch, 'machine');
  const install = (folder: string, ...programs: string[]) =>
    run(['sh', join(folder, 'install.sh'), ...programs], { DESTDIR: dest });
  const current = () => readlinkSync(join(dest, 'opt/gas/current'));

  test('lays out executables, units and settings', () => {
    expect(install(release)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(current()).toBe(`${version}-abc123`);
    expect(statSync(join(dest, 'opt/gas/current/gas-web')).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(dest, 'etc/systemd/system'))).toEqual(
      expect.arrayContaining(['gas.target', 'gas-web@.service', 'gas-.service.d']),
    );
    expect(statSync(join(dest, 'etc/gas/gas.env')).mode & 0o777).toBe(0o640);
  });

  test('again changes nothing, least of all the settings', () => {
    writeFileSync(join(dest, 'etc/gas/gas.env'), 'GAS_PORT=9999\n');
    expect(install(release).exitCode).toBe(0);
    expect(current()).toBe(`${version}-abc123`);
    expect(readFileSync(join(dest, 'etc/gas/gas.env'), 'utf8')).toBe('GAS_PORT=9999\n');
  });

  test('keeps the release before, to go back to, and no older one', async () => {
    for (const commit of ['def456', 'fed789']) {
      const next = join(scratch, commit, here);
      await build({ programs: [], targets: [here], outdir: join(scratch, commit), commit });
      expect(install(next).exitCode).toBe(0);
      expect(current()).toBe(`${version}-${commit}`);
    }
    expect(readdirSync(join(dest, 'opt/gas')).sort()).toEqual([`${version}-def456`, `${version}-fed789`, 'current']);
  });

  test('takes a release of one program, and carries the others over from the one before', async () => {
    const before = readFileSync(join(dest, 'opt/gas/current/gas-annotator'));
    const one = join(scratch, 'one', here);
    cpSync(release, one, { recursive: true, filter: (path) => !/\/gas(-annotator)?$/.test(path) });
    writeFileSync(join(one, 'VERSION'), `${version}-one\n`);
    run(['sed', '-i', '/VERSION$/d', join(one, 'SHA256SUMS')]);
    expect(install(one)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(current()).toBe(`${version}-one`);
    expect(readFileSync(join(dest, 'opt/gas/current/gas-annotator')).equals(before)).toBe(true);
    expect(existsSync(join(dest, 'usr/local/bin/gas-operate'))).toBe(false);
    expect(install(one, 'thaw')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('gas-thaw') });
  });

  test('refuses a damaged release, and an unknown program, and leaves what is there', () => {
    const broken = join(scratch, 'def456', here);
    writeFileSync(join(broken, 'gas-web@.service'), 'damaged');
    expect(install(broken).exitCode).not.toBe(0);
    expect(current()).toBe(`${version}-one`);
    expect(install(release, 'wbe')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no program 'wbe'") });
    expect(existsSync(join(dest, 'opt/gas/current'))).toBe(true);
  });
});
