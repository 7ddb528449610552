/**
 * The architecture as a test: which room may import which, and which packages live in which room.
 * DESIGN: imports run one way; the table below is the same one ARCHITECTURE.md shows.
 */
import { Glob } from 'bun';
import { expect, test } from 'bun:test';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dir, '..');

/** room → what it may import of ours (besides itself). */
const rooms: Record<string, readonly string[]> = {
  anntools: [],
  aws: [],
  cloud: [],
  jobs: ['aws', 'anntools'],
  web: ['jobs'],
  functions: ['jobs'],
  bin: ['jobs', 'web', 'cloud', 'anntools', 'functions'],
  deploy: ['jobs'],
  bench: ['jobs', 'anntools'],
};

/** The only files outside anntools/ and bench/ that may import the engine. */
const engineUsers = [
  'jobs/annotate.ts',
  'jobs/own-track.ts',
  'jobs/references.ts',
  'jobs/sources.ts',
  'jobs/starter.ts',
  'jobs/told-files.ts',
  'bin/annotator.ts',
  'bin/anntools.ts',
];

/** The rooms of the engine: each imports only from those above it. */
const engineRooms = [
  ['bytes', 'genome', 'models'],
  ['bgzf', 'annotation-files'],
  ['vcf', 'bundle'],
  ['consequence', 'lookup', 'reference', 'validate'],
  ['hgvs', 'tracks', 'starter'],
  ['engine', 'report'],
  ['genes', 'haplotype', 'structural'],
  ['forms'],
  ['kernel'],
  ['pipeline'],
  ['filter', 'normalise'],
  ['cli'],
];

/** package (or prefix) → the room that is alone in importing it. */
const packages: Record<string, string> = {
  '@aws-sdk/': 'aws',
  'bun:sqlite': 'cloud',
  elysia: 'web',
  '@elysiajs/': 'web',
  '@kitajs/html': 'web',
  jsonata: 'cloud',
  '@fastify/busboy': 'cloud',
};

interface Import {
  file: string;
  room: string;
  /** Path from the root for ours, the package name otherwise. */
  target: string;
  ours: boolean;
}

const transpiler = new Bun.Transpiler({ loader: 'tsx' });

async function importsOf(file: string): Promise<Import[]> {
  const text = await Bun.file(join(root, file)).text();
  const specifiers = new Set(transpiler.scanImports(text).map((found) => found.path));
  for (const match of text.matchAll(/^(?:import|export) type [^;]*? from '([^']+)'/gms)) specifiers.add(match[1] ?? '');
  return [...specifiers].map((specifier) => {
    const ours = specifier.startsWith('.');
    const target = ours ? normalize(join(dirname(file), specifier)) : specifier;
    return { file, room: file.split('/')[0] ?? '', target, ours };
  });
}

const sources = [
  ...new Glob('{anntools,aws,bench,bin,cloud,deploy,functions,jobs,web}/**/*.{ts,tsx}').scanSync(root),
].sort();
const imports = (await Promise.all(sources.map(importsOf))).flat();

test('imports between rooms run one way', () => {
  const strays = imports.filter(({ room, target, ours }) => {
    const to = target.split('/')[0] ?? '';
    return ours && to in rooms && to !== room && !rooms[room]?.includes(to);
  });
  expect(strays).toEqual([]);
});

test('nothing is imported from outside the rooms, but what npm keeps', () => {
  const strays = imports.filter(({ target, ours }) => {
    const top = target.split('/')[0] ?? '';
    return ours && !(top in rooms) && target !== 'package.json' && target !== 'package-lock.json';
  });
  expect(strays).toEqual([]);
});

test('only the named files use the annotation engine', () => {
  const strays = imports.filter(
    ({ file, room, target, ours }) =>
      ours && target.startsWith('anntools/') && room !== 'anntools' && room !== 'bench' && !engineUsers.includes(file),
  );
  expect(strays).toEqual([]);
});

test('the rooms of the engine stand on each other in one order', () => {
  const levelOf = (path: string) => engineRooms.findIndex((rooms) => rooms.includes(path.split('/')[1] ?? ''));
  const roomed = (path: string) => /^anntools\/[^/]+\//.test(path) && !path.startsWith('anntools/data/');
  const same = (file: string, target: string) => file.split('/')[1] === target.split('/')[1];
  const inside = imports.filter(({ file, target, ours }) => ours && roomed(file) && roomed(target));
  expect(inside.filter(({ file }) => levelOf(file) < 0)).toEqual([]);
  expect(inside.filter(({ file, target }) => !same(file, target) && levelOf(target) >= levelOf(file))).toEqual([]);
});

test('each package stays in its room', () => {
  const strays = imports.filter(({ room, target, ours }) => {
    if (ours) return false;
    const owner = Object.entries(packages).find(([name]) => target === name || target.startsWith(name))?.[1];
    return owner !== undefined && owner !== room;
  });
  expect(strays).toEqual([]);
});

test('the engine is free of packages, environment, logging and network', async () => {
  const strays: string[] = [];
  for (const file of sources.filter((name) => name.startsWith('anntools/'))) {
    const text = await Bun.file(join(root, file)).text();
    if (/process\.env|Bun\.env|console\.|[^.\w]fetch\(/.test(text)) strays.push(file);
  }
  const foreign = imports.filter(
    ({ room, target, ours }) => room === 'anntools' && !ours && !/^(node:|bun$|bun:ffi$)/.test(target),
  );
  expect(strays).toEqual([]);
  expect(foreign).toEqual([]);
});

test('nothing a Lambda reaches uses Bun', async () => {
  const reached = new Set<string>();
  const visit = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { target, ours } of imports.filter((found) => found.file === file)) if (ours) visit(target);
  };
  for (const file of sources.filter((name) => name.startsWith('functions/'))) visit(file);
  const strays: string[] = [];
  for (const file of reached) {
    const text = await Bun.file(join(root, file)).text();
    if (/\bBun\.|from 'bun|import\.meta\.(dir|main|path)\b/.test(text)) strays.push(file);
  }
  expect(strays).toEqual([]);
});

test('process.exit and signals are for bin/, and for benchmarks', async () => {
  const strays: string[] = [];
  for (const file of sources.filter((name) => !/^(bin|bench)\//.test(name))) {
    const text = await Bun.file(join(root, file)).text();
    if (/process\.(exit|on)\(/.test(text)) strays.push(file);
  }
  expect(strays).toEqual([]);
});
