/** Known structural variants: the index against a slow oracle, what is read from VCFs and tables, and bedtools. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { StructuralEffect } from '../../../anntools/consequence/structural-alleles.ts';
import { buildStructural, type StructuralRequest } from '../../../anntools/structural/build-structural.ts';
import { EventReader } from '../../../anntools/structural/events.ts';
import { KnownStructural } from '../../../anntools/structural/known-structural.ts';
import { TOLERANCE, type Tolerance } from '../../../anntools/structural/match.ts';
import { AltAlleles } from '../../../anntools/vcf/alleles.ts';
import { recordOf } from '../consequence/made-up.ts';

// Patience for a busy machine.
setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'structural-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;

/** A source made from text. */
async function sourceOf(
  text: string,
  { tolerance = TOLERANCE, ...some }: Partial<StructuralRequest> & { tolerance?: Tolerance } = {},
): Promise<KnownStructural> {
  const file = join(folder, `${made++}.txt`);
  writeFileSync(file, text);
  const output = `${file}.source`;
  await buildStructural({ name: 'S', files: [file], form: 'vcf', fields: ['ID'], output, now: new Date(0), ...some });
  return new KnownStructural(output, tolerance);
}

function vcf(...records: readonly string[]): string {
  const lines = records.map((record, i) => {
    const [contig = '', at = '', alt = '', info = '.'] = record.split(' ');
    return `${contig}\t${at}\tv${i}\tN\t${alt}\t.\tPASS\t${info}`;
  });
  const info = ['AF', 'SVLEN'].map((id) => `##INFO=<ID=${id},Number=A,Type=Float,Description="${id}">`);
  return `##fileformat=VCFv4.4\n${info.join('\n')}\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n${lines.join('\n')}\n`;
}

/** What is added to INFO for `contig at alt info`. */
function told(source: KnownStructural, record: string): string {
  const [contig = '', at = '', alt = '', info = '.'] = record.split(' ');
  const parsed = recordOf(`${contig}\t${at}\t.\tN\t${alt}\t.\t.\t${info}`);
  const alleles = new AltAlleles();
  alleles.parse(parsed);
  const out = new ByteBuffer();
  const events = new EventReader().read(parsed, alleles);
  source.annotate(source.contigOf(contig), events, alleles.count, out, true);
  return out.view().toString('latin1');
}

describe('what matches what', () => {
  const cases: readonly (readonly [why: string, known: string, asked: string, answer: string])[] = [
    ['the same', '1 100 <DEL> END=200', 'chr1 100 <DEL> END=200', 'S_ID=v0;S_OVERLAP=1;S_MATCHES=1'],
    ['70 of 100 bases', '1 100 <DEL> END=200', '1 130 <DEL> END=230', 'S_ID=v0;S_OVERLAP=0.7;S_MATCHES=1'],
    ['69 of 100 bases', '1 100 <DEL> END=200', '1 131 <DEL> END=231', ''],
    ['all of it, and more than it', '1 100 <DEL> END=200', '1 100 <DEL> END=250', ''],
    ['a loss and a gain', '1 100 <DUP> END=200', '1 100 <DEL> END=200', ''],
    ['a loss and a number of copies', '1 100 <CNV> END=200', '1 100 <DEL> END=200', 'S_ID=v0;S_OVERLAP=1;S_MATCHES=1'],
    ['a number of copies that is a gain, and a loss', '1 100 <CNV> END=200;CN=4', '1 100 <DEL> END=200', ''],
    ['a number of copies and a gain', '1 100 <DUP> END=200', '1 100 <CNV> END=200', 'S_ID=v0;S_OVERLAP=1;S_MATCHES=1'],
    ['an inversion and a deletion', '1 100 <INV> END=200', '1 100 <DEL> END=200', ''],
    ['another contig', '2 100 <DEL> END=200', '1 100 <DEL> END=200', ''],
    [
      'insertions near each other',
      '1 100 <INS> SVLEN=300',
      '1 190 <INS:ME:ALU> SVLEN=280',
      'S_ID=v0;S_OVERLAP=0.9333;S_MATCHES=1',
    ],
    ['insertions far from each other', '1 100 <INS> SVLEN=300', '1 201 <INS> SVLEN=300', ''],
    ['insertions of unlike lengths', '1 100 <INS> SVLEN=300', '1 100 <INS> SVLEN=200', ''],
    ['an insertion of a length that is not told', '1 100 <INS> .', '1 100 <INS> SVLEN=200', 'S_ID=v0;S_MATCHES=1'],
    ['breakends at both ends', '1 100 N[2:500[ .', '1 120 N[2:480[ .', 'S_ID=v0;S_MATCHES=1'],
    ['breakends told from the other end', '1 100 N[2:500[ .', '2 500 ]1:100]N .', 'S_ID=v0;S_MATCHES=1'],
    ['breakends at one end', '1 100 N[2:500[ .', '1 100 N[2:700[ .', ''],
    ['a breakend and a contig that is not known', '1 100 N[2:500[ .', '1 100 N[9:500[ .', ''],
    ['each ALT', '1 100 <DUP> SVLEN=100', '1 100 <DEL>,<DUP> SVLEN=100,90', 'S_ID=.,v0;S_OVERLAP=.,0.9;S_MATCHES=.,1'],
  ];
  test.each(cases)('%s', async (_, known, asked, answer) => {
    expect(told(await sourceOf(vcf(known)), asked)).toBe(answer);
  });

  test('of several the one most like it, and of equals the first', async () => {
    const source = await sourceOf(
      vcf('1 100 <DEL> END=215', '1 90 <DEL> END=200', '1 100 <DEL> END=205', '1 95 <DEL> END=200'),
    );
    expect(told(source, '1 100 <DEL> END=200')).toBe('S_ID=v3;S_OVERLAP=0.9524;S_MATCHES=4');
  });

  test('a share that is asked for', async () => {
    const source = await sourceOf(vcf('1 100 <DEL> END=200'), { tolerance: { overlap: 0.5, window: 0 } });
    expect(told(source, '1 150 <DEL> END=250')).toBe('S_ID=v0;S_OVERLAP=0.5;S_MATCHES=1');
  });
});

/** Any variant of contigs 1 and 2 as `contig at alt info`. */
const anyRecord = fc
  .record({
    contig: fc.constantFrom('1', '2'),
    at: fc.integer({ min: 1, max: 3000 }),
    alt: fc.constantFrom('<DEL>', '<DUP>', '<INV>', '<CNV>', '<INS>', '<INS>', 'BND'),
    size: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 3000 })),
    mate: fc.constantFrom('1', '2'),
  })
  .map(({ contig, at, alt, size, mate }) =>
    alt === 'BND'
      ? `${contig} ${at} N[${mate}:${size}[ .`
      : `${contig} ${at} ${alt} SVLEN=${alt === '<INS>' ? size % 300 : size}`,
  );

/** Answers by comparing with every variant, in the words of the rules. */
function oracle(
  known: readonly string[],
  asked: string,
  { overlap, window }: Tolerance,
): { ids: string[]; best: number } {
  const read = (record: string) => {
    const [contig = '', at = '', alt = '', info = ''] = record.split(' ');
    const [, mate = '', there = ''] = /\[(.+):(\d+)\[/.exec(alt) ?? [];
    const length = Number(info.split('=')[1] ?? 0);
    return {
      contig,
      from: Number(at),
      to: Number(at) + length,
      length,
      type: mate === '' ? alt : 'BND',
      mate,
      there: Number(there),
    };
  };
  const mine = read(asked);
  const near = (a: number, b: number) => Math.abs(a - b) <= window;
  const isEitherWay = (type: string) => type === '<CNV>';
  const likeness = known.map((record) => {
    const { contig, from, to, length, type, mate, there } = read(record);
    if (mine.type === 'BND' && type === 'BND') {
      const straight = contig === mine.contig && mate === mine.mate && near(from, mine.from) && near(there, mine.there);
      const turned = contig === mine.mate && mate === mine.contig && near(from, mine.there) && near(there, mine.from);
      return straight || turned ? 1 : 0;
    }
    const isAlike =
      type === mine.type ||
      (isEitherWay(type) && /DEL|DUP/.test(mine.type)) ||
      (isEitherWay(mine.type) && /DEL|DUP/.test(type));
    if (!isAlike || contig !== mine.contig) return 0;
    if (type === '<INS>') {
      if (!near(from, mine.from)) return 0;
      if (length === 0 || mine.length === 0) return 1e-9;
      const ratio = Math.min(length, mine.length) / Math.max(length, mine.length);
      return ratio >= overlap ? ratio : 0;
    }
    let shared = 0;
    for (let base = mine.from; base < mine.to; base++) if (base >= from && base < to) shared++;
    const share = Math.min(shared / length, shared / mine.length);
    return share > 0 && share >= overlap ? share : 0;
  });
  return { ids: known.map((_, i) => `v${i}`).filter((_, i) => (likeness[i] ?? 0) > 0), best: Math.max(0, ...likeness) };
}

test('the index finds what comparing with every variant finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecord, { minLength: 1, maxLength: 60 }),
      fc.array(anyRecord, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(
        { overlap: 0.7, window: 100 },
        { overlap: 0.1, window: 7 },
        { overlap: 1, window: 0 },
        { overlap: 0.5, window: 500 },
      ),
      async (known, asked, tolerance) => {
        const source = await sourceOf(vcf(...known), { tolerance });
        for (const record of [...asked, ...known]) {
          const want = oracle(known, record, tolerance);
          const info = new Map(
            told(source, record)
              .split(';')
              .map((entry) => entry.split('=') as [string, string]),
          );
          expect(Number(info.get('S_MATCHES') ?? 0)).toBe(want.ids.length);
          if (want.ids.length === 0) continue;
          expect(want.ids).toContain(info.get('S_ID') ?? '');
          if (info.has('S_OVERLAP')) expect(Number(info.get('S_OVERLAP'))).toBeCloseTo(want.best, 3);
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe('regions', () => {
  const regions = async (text: string, fields: readonly string[] = []) => sourceOf(text, { form: 'regions', fields });

  test('BED with a word for the type somewhere behind the place', async () => {
    const source = await regions('track name=x\nchr1\t100\t200\tdgv1\t0\t+\tLoss\nchr1\t100\t200\tdgv2\t0\t+\tGain\n');
    expect(told(source, '1 100 <DEL> END=200')).toBe('S_ID=dgv1;S_OVERLAP=1;S_MATCHES=1');
    expect(told(source, '1 100 <DUP> END=200')).toBe('S_ID=dgv2;S_OVERLAP=1;S_MATCHES=1');
  });

  test('BED of three columns: what nobody says may be a loss or a gain', async () => {
    const source = await regions('chr1\t100\t200\n');
    expect(told(source, '1 100 <DEL> END=200')).toBe('S_OVERLAP=1;S_MATCHES=1');
    expect(told(source, '1 100 <INV> END=200')).toBe('');
  });

  test('DGV, whose kinds stand in the second of two columns', async () => {
    const heading =
      'variantaccession\tchr\tstart\tend\tvarianttype\tvariantsubtype\tsamplesize\tobservedgains\tobservedlosses';
    const lines = [
      'nsv1\t1\t100\t200\tCNV\tgain+loss\t40\t3\t4',
      'nsv2\t1\t100\t200\tCNV\tdeletion\t40\t0\t4',
      'nsv3\t1\t100\t200\tOTHER\tinversion\t40\t\t',
    ];
    const source = await regions(`${heading}\n${lines.join('\n')}\n`);
    expect(told(source, '1 100 <DEL> END=200')).toBe(
      'S_ID=nsv2;S_SAMPLES=40;S_GAINS=0;S_LOSSES=4;S_OVERLAP=1;S_MATCHES=2',
    );
    expect(told(source, '1 100 <INV> END=200')).toBe('S_ID=nsv3;S_SAMPLES=40;S_OVERLAP=1;S_MATCHES=1');
  });

  test('a table whose columns have names, of which some are wanted', async () => {
    const source = await regions('#CHROM\tSTART\tEND\tSVLEN\tSVTYPE\tSV_ID\tAF\n1\t100\t101\t300\tINS\tx1\t0.01\n', [
      'SV_ID',
      'AF',
    ]);
    expect(told(source, '1 100 <INS> SVLEN=300')).toBe('S_SV_ID=x1;S_AF=0.01;S_OVERLAP=1;S_MATCHES=1');
  });

  test('lines that cannot be read are counted', async () => {
    const file = join(folder, 'odd.bed');
    writeFileSync(file, 'chr1\t100\t200\ta\tDEL\nchr1\t200\t100\tb\tDEL\nchr1\tx\t100\tc\tDEL\nchr1\t1\t2\td\twhat\n');
    const built = await buildStructural({
      name: 'S',
      files: [file],
      form: 'regions',
      fields: [],
      output: `${file}.source`,
      now: new Date(0),
    });
    expect([built.records, built.variants, built.leftOut]).toEqual([4, 1, 3]);
  });

  test('a file of another kind is refused with its first line', async () => {
    await expect(regions('this is\nno table\n')).rejects.toThrow(/region|table/);
  });
});

test('fields usual for such sources are taken when none are named, with their types', async () => {
  const source = await sourceOf(vcf('1 100 <DEL>,<DUP> AF=0.25,1e-05;SVLEN=100,900'), { fields: [] });
  expect(source.manifest.fields.map(({ id }) => id)).toEqual(['S_ID', 'S_AF', 'S_FILTER', 'S_OVERLAP', 'S_MATCHES']);
  expect(told(source, '1 100 <DUP> SVLEN=900')).toBe('S_ID=v0;S_AF=1e-05;S_FILTER=PASS;S_OVERLAP=1;S_MATCHES=1');
});

test('a file without structural variants is refused', async () => {
  await expect(sourceOf(vcf('1 100 A .'))).rejects.toThrow('there is no structural variant among its 1 records');
});

test('a file that is damaged or cut short is refused with a sentence', async () => {
  const { folder: place } = await sourceOf(vcf('1 100 <DEL> END=200'));
  const file = join(place, 'variants.known');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, -1));
  expect(() => new KnownStructural(place, TOLERANCE)).toThrow(
    /^the known variants in .* cannot be used: variants\.known has/,
  );
  writeFileSync(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]));
  expect(() => new KnownStructural(place, TOLERANCE).verify()).toThrow(/is damaged in its section .*Build them again/);
});

const shared = join(import.meta.dir, '../../../../shared/data');
const gnomad = join(shared, 'known/gnomad-sv/gnomad.v4.0.sv.chr1.vcf.gz');
const bedtools = Bun.which('bedtools');

test.skipIf(!existsSync(gnomad) || bedtools === null)(
  'counts and shares as bedtools intersect -f 0.7 -r -wo has them (../shared/data/known/gnomad-sv, bedtools)',
  async () => {
    const output = join(folder, 'gnomad');
    await buildStructural({ name: 'S', files: [gnomad], form: 'vcf', fields: ['ID'], output, now: new Date(0) });
    const source = new KnownStructural(output, TOLERANCE);
    const rows = gunzipSync(readFileSync(gnomad)).toString('latin1').split('\n');
    const regions = rows.flatMap((row) => {
      const [contig = '', at = '', , , alt = '', , , info = ''] = row.split('\t');
      const type = /^<(DEL|DUP|CNV)/.exec(alt)?.[1];
      return type === undefined
        ? []
        : [{ contig, at: Number(at), end: Number(/(?:^|;)END=(\d+)/.exec(info)?.[1]), type }];
    });
    // What matches is told to bedtools by the name of the contig; what may be a loss or a gain stands there twice.
    const known = regions.flatMap(({ contig, at, end, type }) =>
      (type === 'CNV' ? ['DEL', 'DUP'] : [type]).map((kind) => `${contig}${kind}\t${at}\t${end}\n`),
    );
    // Shifted by a tenth, as another caller would have them.
    const asked = regions
      .filter(({ type }) => type !== 'CNV')
      .map(({ contig, at, end, type }) => ({
        contig,
        type,
        at: at + Math.floor((end - at) / 10),
        end: end + Math.floor((end - at) / 10),
      }));
    const [a, b] = [join(folder, 'asked.bed'), join(folder, 'known.bed')];
    writeFileSync(a, asked.map(({ contig, at, end, type }, i) => `${contig}${type}\t${at}\t${end}\t${i}\n`).join(''));
    writeFileSync(b, known.join(''));
    const run = Bun.spawnSync([bedtools ?? '', 'intersect', '-a', a, '-b', b, '-f', '0.7', '-r', '-wo']);
    const want = asked.map(() => ({ count: 0, best: 0 }));
    for (const line of run.stdout.toString().trim().split('\n')) {
      const [, from, to, query, , start, end, bases] = line.split('\t');
      const one = want[Number(query)] ?? { count: 0, best: 0 };
      one.count++;
      one.best = Math.max(one.best, Number(bases) / Math.max(Number(to) - Number(from), Number(end) - Number(start)));
    }
    const got = asked.map(({ contig, at, end, type }) => {
      const effect = type === 'DEL' ? StructuralEffect.LOSS : StructuralEffect.GAIN;
      const shape = {
        effect,
        contig: source.contigOf(contig),
        start: at,
        end,
        length: 0,
        mateContig: -1,
        mateBase: -1,
      };
      const { count, likeness } = source.find(shape);
      return { count, best: count === 0 ? 0 : likeness };
    });
    expect(got).toEqual(want);
    expect(want.filter(({ count }) => count > 0).length).toBeGreaterThan(100);
  },
);
