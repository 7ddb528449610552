/** What lies in an operator's folders: what is offered, what is not and why, and what a job gets of it. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trackName } from '../../jobs/own-track.ts';
import { chooseSources, sourcesIn } from '../../jobs/sources.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder `references` with these files. */
function references(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(tmpdir(), 'sources-'));
  folders.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

const bed = 'chr1\t10\t20\tA\n';

test('a track is its file and what is said of it', async () => {
  const told = { name: 'SD', assembly: 'hg38', version: '7', description: 'Twice there', columns: ['4'] };
  const root = references({ 'tracks/segdup/track.json': told, 'tracks/segdup/sd.bed': bed });
  const { tracks, problems } = await sourcesIn(root);
  expect(problems).toEqual([]);
  expect(tracks).toEqual([
    {
      source: { name: 'SD', path: join(root, 'tracks/segdup/sd.bed'), columns: ['4'] },
      offered: {
        name: 'SD',
        assembly: 'hg38',
        version: '7',
        description: 'Twice there',
        file: 'sd.bed',
        regions: 1,
        bytes: bed.length,
      },
    },
  ]);
});

describe('what cannot be used is said', () => {
  const good = { assembly: 'GRCh38' };
  test.each<[string, Record<string, string | object>, RegExp]>([
    ['nothing is told', { 'tracks/T/x.bed': bed }, /^tracks\/T: there is no track.json/],
    ['no JSON', { 'tracks/T/track.json': '{', 'tracks/T/x.bed': bed }, /track.json is no JSON\.$/],
    ['no assembly', { 'tracks/T/track.json': {}, 'tracks/T/x.bed': bed }, /does not say its "assembly"/],
    ['a number for a text', { 'tracks/T/track.json': { ...good, version: 7 } }, /"version" .* has to be text/],
    ['no file', { 'tracks/T/track.json': good }, /there is no file beside track.json/],
    ['another file', { 'tracks/T/track.json': { ...good, file: 'y' }, 'tracks/T/x.bed': bed }, /there is no y\./],
    ['two files', { 'tracks/T/track.json': good, 'tracks/T/x': bed, 'tracks/T/y': bed }, /several files/],
    ['no regions', { 'tracks/T/track.json': good, 'tracks/T/x': 'hello\n' }, /is neither BED/],
    ['a name that cannot be', { 'tracks/A-1/track.json': good, 'tracks/A-1/x': bed }, /'A-1' cannot be the name/],
    [
      'two of one name',
      {
        'tracks/T/track.json': good,
        'tracks/T/x': bed,
        'tracks/U/track.json': { name: 'T', assembly: 'hg38' },
        'tracks/U/y': bed,
      },
      /^tracks: y is called T, as another file is/,
    ],
    ['a table without genes', { 'genes/G/genes.json': {}, 'genes/G/g.tsv': 'gene\tscore\n' }, /has no genes\.$/],
    ['a source of another version', { 'known/X/known.json': { format: 1 } }, /^known\/X is no source/],
  ])('%s', async (_what, files, sentence) => {
    const { problems } = await sourcesIn(references(files));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });
});

test('a table of genes is its file and what is said of it', async () => {
  const told = { description: 'Dosage' };
  const text = 'gene\tscore\tnote\nBRCA1\t3\tx\nTTN\t0\ty\n';
  const { genes, problems } = await sourcesIn(references({ 'genes/DOSE/genes.json': told, 'genes/DOSE/d.tsv': text }));
  expect(problems).toEqual([]);
  expect(genes.map(({ offered }) => offered)).toEqual([
    {
      name: 'DOSE',
      version: '',
      description: 'Dosage',
      file: 'd.tsv',
      fields: ['DOSE_score', 'DOSE_note'],
      genes: 2,
      bytes: text.length,
    },
  ]);
});

test('a file that is mended is read again', async () => {
  const root = references({ 'tracks/T/track.json': { assembly: 'GRCh38' }, 'tracks/T/x.bed': 'hello\n' });
  expect((await sourcesIn(root)).problems).toHaveLength(1);
  writeFileSync(join(root, 'tracks/T/x.bed'), bed);
  expect(await sourcesIn(root)).toMatchObject({ problems: [], tracks: [{ offered: { regions: 1 } }] });
});

test('a job gets what is of its assembly, under whatever name that goes', () => {
  const edition = { version: '', fields: [], variants: 0, bytes: 0 };
  const about = { version: '', description: '', file: '', regions: 0, bytes: 0 };
  const installed = {
    known: [
      { folder: 'a', offered: { ...edition, name: 'gnomAD', assembly: 'hg38' } },
      { folder: 'b', offered: { ...edition, name: 'gnomAD', assembly: 'GRCh37' } },
      { folder: 'c', offered: { ...edition, name: 'dbSNP', assembly: 'GRCh38' } },
    ],
    tracks: [
      { source: { name: 'SD', path: 'd' }, offered: { ...about, name: 'SD', assembly: 'GRCh38' } },
      { source: { name: 'SD', path: 'e' }, offered: { ...about, name: 'SD', assembly: 'GRCh37' } },
      { source: { name: 'NEW', path: 'f' }, offered: { ...about, name: 'NEW', assembly: 'GRCh38' } },
    ],
    genes: [
      {
        source: { name: 'LOEUF', path: 'g' },
        offered: { name: 'LOEUF', version: '', description: '', file: '', fields: [], genes: 0, bytes: 0 },
      },
    ],
    problems: [],
  };
  const options = { left_out: ['dbSNP'], tracks: ['SD', 'NEW', 'GONE'], genes: ['LOEUF', 'AWAY'] };
  expect(chooseSources(installed, options, 'GRCh37')).toEqual({
    known: ['b'],
    withoutKnown: ['dbSNP'],
    tracks: [{ name: 'SD', path: 'e' }],
    genes: [{ name: 'LOEUF', path: 'g' }],
    missing: [
      'The track NEW is not of GRCh37, so it was not used.',
      'The track GONE is no longer installed, so it was not used.',
      'The table of genes AWAY is no longer installed, so it was not used.',
    ],
  });
  expect(chooseSources(installed, { left_out: [], tracks: [], genes: [] }, 'GRCh38').known).toEqual(['a', 'c']);
});

test.each([
  ['panel.bed', 'panel'],
  ['my regions.v2.bed.gz', 'my_regions.v2'],
  ['2024 (final).gff3', '_2024_final_'],
  ['AF.bed', 'AF_regions'],
  ['ñ.bed', '_'],
])('the field of %s is called %s', (fileName, name) => {
  expect(trackName(fileName)).toBe(name);
});
