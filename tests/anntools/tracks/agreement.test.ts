/** Regions that real variants overlap, against `bedtools intersect` and `bedtools coverage`. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { annotateFile } from '../../../anntools/index.ts';
import { trackSource } from '../../../anntools/tracks/track.ts';

setDefaultTimeout(120_000);

const shared = join(import.meta.dir, '../../../../shared/data');
const isThere = existsSync(shared) && Bun.which('bedtools') !== null;
const folder = mkdtempSync(join(tmpdir(), 'tracks-agree-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  contig: string;
  start: number;
  end: number;
  info: Map<string, string>;
}

const tracks = {
  gff: ['genes/grch37/gencodeV7.grch37.chr20.gff3.gz', '#ID'],
  bed: ['genes/grch38/mane.grch38.bigGenePred.bed.gz', ''],
  // VCFs, of which those records are kept whose regions the slow way below knows.
  clinvar37: ['known/clinvar/clinvar_grch37_macarthur.no22XY.vcf.gz', '#INFO/MEASURESET_ID'],
  gnomadSv: ['known/gnomad-sv/gnomad.v4.0.sv.chr1.vcf.gz', ''],
} as const;

describe.skipIf(!isThere)('tracks agree with bedtools (needs ../shared/data and bedtools)', () => {
  test.each([
    ['vcf/chr20_51samples_b37.vcf.gz', ...tracks.gff],
    ['vcf/hail_1000G_chr20_100samples_b37.vcf.gz', ...tracks.gff],
    ['vcf/HG00096_1000G_SV_grch37.vcf.gz', ...tracks.gff],
    ['vcf/chr20_51samples_hg38.vcf.gz', ...tracks.bed],
    ['vcf/truvari_3samples_SV_chr20_hg38.vcf.gz', ...tracks.bed],
    ['known/gnomad-sv/gnomad.v4.0.sv.chr1.vcf.gz', ...tracks.bed],
    ['vcf/chr20_51samples_b37.vcf.gz', ...tracks.clinvar37],
    ['vcf/HG00096_1000G_SV_grch37.vcf.gz', ...tracks.clinvar37],
    ['known/gnomad-sv/gnomad.v4.0.sv.chr1.vcf.gz', ...tracks.gnomadSv],
  ])('%s on %s', async (file, track, column) => {
    const output = join(folder, 'out.vcf');
    const path = track.includes('.vcf') ? writeUnderstood(join(shared, track)) : join(shared, track);
    await annotateFile({ input: join(shared, file), output, options: { tracks: [trackSource(`T=${path}${column}`)] } });
    const lines = readFileSync(output, 'latin1').split('\n').flatMap(changed);
    const spans = writeSpans(lines);
    const regions = writeRegions(path, column);

    const theirs = new Map<number, Set<string>>();
    for (const row of rows('bedtools', 'intersect', '-a', spans, '-b', regions, '-wa', '-wb')) {
      const names = theirs.get(Number(row[3])) ?? new Set();
      theirs.set(Number(row[3]), names.add(row[7] ?? ''));
    }
    const wrong = lines.flatMap(({ info }, i) => {
      const ours = (info.get('T') ?? '').split(',').filter(Boolean).map(decodeURIComponent).sort();
      const expected = [...(theirs.get(i) ?? [])].sort();
      return ours.join() === expected.join() ? [] : [[i, ours, expected]];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(theirs.size).toBeGreaterThan(0);

    const wrongCover = rows('bedtools', 'coverage', '-a', spans, '-b', regions).flatMap((row) => {
      const { info, start, end } = lines[Number(row[3])] ?? { info: new Map<string, string>(), start: 0, end: 0 };
      if (!info.has('T_BASES')) return [];
      const percent = Math.round((1000 * Number(row[5])) / (end - start)) / 10;
      return info.get('T_BASES') === row[5] && Number(info.get('T_PCT')) === percent ? [] : [[row, [...info]]];
    });
    expect(wrongCover.slice(0, 3)).toEqual([]);
  });
});

/** What a record changes; insertions are left out: bedtools has another idea of them. */
function changed(line: string): Line[] {
  return placed(line).filter(({ start, end }) => start < end);
}

/** What a record changes, found the slow way, an insertion as no bases; breakends are left out. */
function placed(line: string): Line[] {
  if (line === '' || line.startsWith('#')) return [];
  const [contig = '', position = '', , ref = '', alts = '', , , text = ''] = line.split('\t', 8);
  const info = new Map(text.split(';').map((entry) => [entry.split('=')[0] ?? '', entry.split('=')[1] ?? '']));
  let [start, end] = [Infinity, -1];
  for (const alt of alts.split(',')) {
    if (alt === '*' || alt === '.') continue;
    let [from, to] = [Number(position) - 1, Number(position) - 1 + ref.length];
    if (alt.startsWith('<')) {
      if (!/^<(DEL|DUP|INV|CNV)/.test(alt) || !info.has('END')) return [];
      [from, to] = [Number(position), Number(info.get('END'))];
      if (to <= from) return [];
    } else if (/[^ACGTN]/i.test(alt)) return [];
    else {
      let [kept, end2] = [alt, ref];
      while (kept !== '' && end2 !== '' && kept.at(-1)?.toUpperCase() === end2.at(-1)?.toUpperCase())
        [kept, end2, to] = [kept.slice(0, -1), end2.slice(0, -1), to - 1];
      for (let i = 0; i < kept.length && i < end2.length && kept[i]?.toUpperCase() === end2[i]?.toUpperCase(); i++)
        from++;
    }
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  return end < 0 ? [] : [{ contig: contig.replace(/^chr/, ''), start, end, info }];
}

function writeSpans(lines: readonly Line[]): string {
  const path = join(folder, 'spans.bed');
  writeFileSync(path, lines.map(({ contig, start, end }, i) => `${contig}\t${start}\t${end}\t${i}\n`).join(''));
  return path;
}

/** The track as BED4 without `chr`, names as they are expected. */
function writeRegions(path: string, column: string): string {
  const text = textOf(path);
  const regions = text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const cells = line.split('\t');
    if (path.endsWith('.vcf')) return placed(line).map((place) => regionOfRecord(place, cells, column));
    const isGff = column !== '';
    const [start, end] = isGff ? [Number(cells[3]) - 1, cells[4]] : [cells[1], cells[2]];
    const name = isGff ? (/(?:^|;)ID=([^;]*)/.exec(cells[8] ?? '')?.[1] ?? cells[2]) : cells[3];
    return [`${cells[0]?.replace(/^chr/, '')}\t${start}\t${end}\t${name}\n`];
  });
  const out = join(folder, 'regions.bed');
  writeFileSync(out, regions.join(''));
  return out;
}

/** An insertion is the base on each of its sides; what has no value is its place. */
function regionOfRecord({ contig, start, end, info }: Line, cells: readonly string[], column: string): string {
  const [from, to] = start === end ? [Math.max(0, start - 1), end + 1] : [start, end];
  const value = column === '' ? cells[2] : info.get(column.replace('#INFO/', ''));
  return `${contig}\t${from}\t${to}\t${value === undefined || value === '.' ? `${from + 1}-${to}` : value}\n`;
}

/** A VCF with those records only whose regions are understood here. */
function writeUnderstood(path: string): string {
  const lines = textOf(path).split('\n');
  const out = join(folder, 'track.vcf');
  writeFileSync(out, lines.filter((line) => line.startsWith('#') || placed(line).length > 0).join('\n'));
  return out;
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function rows(...command: string[]): string[][] {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
}
