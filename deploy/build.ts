/**
 * `npm run build`: every program as a single executable, for each target a folder in `dist/` that is all there is to
 * copy: executables, systemd units with their install script, checksums, and a bill of materials. What is hard is
 * that the same commit gives the same bytes, and that a foreign target needs its own Bun, which is taken from the
 * npm registry and compared with package-lock.json.
 *
 *     bun deploy/build.ts [--target linux-x64|linux-arm64]... [--outdir dist] [program]...
 */
import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import lock from '../package-lock.json';
import { dependencies, version } from '../package.json';
import { billOfMaterials } from './sbom.ts';

const root = resolve(import.meta.dir, '..');

/** Executable → its source. */
export const programs = {
  gas: 'bin/gas.ts',
  'gas-web': 'bin/web.ts',
  'gas-annotator': 'bin/annotator.ts',
  'gas-archiver': 'bin/archiver.ts',
  'gas-thaw': 'bin/thaw.ts',
  'gas-cloud': 'bin/cloud.ts',
  'gas-operate': 'bin/operate.ts',
  anntools: 'bin/anntools.ts',
} as const;
export type Program = keyof typeof programs;

/** Target → Bun's name of it, and the package that holds Bun for it. */
const targets = {
  'linux-x64': { bun: 'bun-linux-x64', package: '@oven/bun-linux-x64' },
  'linux-arm64': { bun: 'bun-linux-arm64', package: '@oven/bun-linux-aarch64' },
} as const satisfies Record<string, { bun: Bun.Build.CompileTarget; package: string }>;
export type Target = keyof typeof targets;

export interface BuildOptions {
  programs: readonly Program[];
  targets: readonly Target[];
  outdir: string;
  commit: string;
}

/** Builds the programs; each target's folder is replaced as a whole. */
export async function build({ programs: names, targets: wanted, outdir, commit }: BuildOptions): Promise<void> {
  for (const target of wanted) {
    const folder = join(outdir, target);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const executablePath = await bunFor(target);
    const inside = new Set([`node_modules/${targets[target].package}`]);
    for (const name of names) {
      for (const path of await compile(name, target, executablePath, join(folder, name), commit)) inside.add(path);
    }
    await cp(join(root, 'systemd'), folder, { recursive: true });
    await cp(join(root, 'docs/operations.md'), join(folder, 'operations.md'));
    await cp(join(root, 'deploy/prometheus'), join(folder, 'prometheus'), { recursive: true });
    await Bun.write(join(folder, 'VERSION'), `${version}-${commit}\n`);
    const bill = billOfMaterials(lock, inside, { version, commit });
    await Bun.write(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
    await writeChecksums(folder);
  }
}

/** Makes one executable. Answers where the packages lie that are inside. */
async function compile(
  name: Program,
  target: Target,
  executablePath: string,
  outfile: string,
  commit: string,
): Promise<string[]> {
  const { success, logs, metafile } = await Bun.build({
    entrypoints: [join(root, programs[name])],
    root,
    compile: {
      target: targets[target].bun,
      executablePath,
      outfile,
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    format: 'esm',
    bytecode: true,
    minify: true,
    sourcemap: 'inline',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.GAS_COMMIT': JSON.stringify(commit) },
    metafile: true,
    throw: false,
  });
  if (!success) throw new Error(`${programs[name]} cannot be built: ${logs.map(String).join('\n')}`);
  await chmod(outfile, 0o755);
  // The map is inside the executable, so that a fault's stack names our files and lines.
  await rm(`${outfile}.map`, { force: true });
  return Object.keys(metafile?.inputs ?? {}).flatMap(
    (path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
}

/** The Bun that becomes the body of an executable: this one for this machine, the registry's for another. */
async function bunFor(target: Target): Promise<string> {
  const wanted = dependencies.bun;
  if (Bun.version !== wanted) throw new Error(`Bun is ${Bun.version}; package.json says ${wanted}. Run npm install.`);
  if (target === `${process.platform}-${process.arch}`) return process.execPath;

  const { package: name } = targets[target];
  const cache = join(root, 'node_modules/.cache/gas-build');
  const path = join(cache, `${basename(name)}-${wanted}`);
  if (await Bun.file(path).exists()) return path;
  const scratch = join(cache, `${process.pid}`);
  await mkdir(scratch, { recursive: true });
  try {
    const packed = JSON.parse(run(['npm', 'pack', `${name}@${wanted}`, '--json', '--silent'], scratch));
    const { filename, integrity } = packed[0];
    const locked = (lock.packages as Record<string, { integrity?: string }>)[`node_modules/${name}`]?.integrity;
    if (integrity !== locked)
      throw new Error(`${name}@${wanted} is ${integrity}, but package-lock.json says ${locked}.`);
    run(['tar', '-xzf', filename, 'package/bin/bun'], scratch);
    await rename(join(scratch, 'package/bin/bun'), path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return path;
}

/** `SHA256SUMS` as `sha256sum --check` reads it. */
async function writeChecksums(folder: string): Promise<void> {
  const lines: string[] = [];
  for (const name of [...new Bun.Glob('**/*').scanSync(folder)].sort()) {
    const hash = new Bun.CryptoHasher('sha256').update(await Bun.file(join(folder, name)).bytes());
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  await Bun.write(join(folder, 'SHA256SUMS'), lines.join(''));
}

/** The commit of this checkout, with `-dirty` when files differ from it; `GAS_COMMIT` says it where git cannot. */
function commitHere(): string {
  return process.env.GAS_COMMIT ?? run(['git', 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], root);
}

function run(command: string[], cwd: string): string {
  const { success, stdout, stderr } = Bun.spawnSync(command, { cwd, stdout: 'pipe', stderr: 'pipe' });
  if (!success) throw new Error(`${command.join(' ')}: ${stderr.toString().trim()}`);
  return stdout.toString().trim();
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: {
      target: { type: 'string', multiple: true, default: Object.keys(targets) },
      outdir: { type: 'string', default: join(root, 'dist') },
    },
    allowPositionals: true,
  });
  const chosen = positionals.length > 0 ? positionals : Object.keys(programs);
  await build({
    programs: known(programs, chosen),
    targets: known(targets, values.target),
    outdir: resolve(values.outdir),
    commit: commitHere(),
  });
}

/** The names as keys of `table`. @throws for one that is none */
function known<T extends object>(table: T, names: readonly string[]): (keyof T & string)[] {
  return names.map((name) => {
    if (!(name in table)) throw new Error(`'${name}' is not one of ${Object.keys(table).join(', ')}.`);
    return name as keyof T & string;
  });
}
