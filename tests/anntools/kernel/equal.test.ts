/** The kernel is a second way to the same end: what it writes, counts and tells is what the host would, byte by byte. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, spyOn, test } from 'bun:test';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundleFromModels } from '../../../anntools/bundle/build.ts';
import { DEFAULT_COLUMNS } from '../../../anntools/engine/columns.ts';
import { readGeneTable } from '../../../anntools/genes/gene-table.ts';
import { ARENA, MEMORY_SIZE } from '../../../anntools/kernel/assembly/layout.ts';
import { Kernel, Stop } from '../../../anntools/kernel/kernel.ts';
import { KnownWriter } from '../../../anntools/lookup/known-writer.ts';
import { type Span } from '../../../anntools/models/gene-models.ts';
import { BatchAnnotator } from '../../../anntools/pipeline/annotate.ts';
import type { Plan } from '../../../anntools/pipeline/plan.ts';
import { indexIntervals } from '../../../anntools/tracks/intervals.ts';
import type { Track } from '../../../anntools/tracks/track.ts';
import { transcript } from '../../support/models.ts';
import { planOf } from '../../support/plan.ts';
import { encoded } from '../../support/vcf.ts';
import { reverseComplement } from '../consequence/made-up.ts';
import { annotateBoth, batchesOf } from './both.ts';
import { NUMBERS, anyLine, anyText, anyVariant, lineOf } from './lines.ts';
import { anyKnown, anyRegions, trackOf, writeKnown } from './sources.ts';
import { anyWorld, makeReference, type World } from './world.ts';
setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'equal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newPath = (): string => join(folder, String(folders++));

/** Worlds that are made once, with their references. */
const worlds = fc.sample(anyWorld, { seed: 1, numRuns: 4 }).map((world) => ({ world, reference: newPath() }));
beforeAll(async () => {
  for (const { world, reference } of worlds) await makeReference(reference, world);
});

/** Records of changes near every border of a world, in order. */
function linesOf(world: World, numRuns: number, seed: number): string {
  const variants = fc.sample(anyVariant(world), { numRuns, seed });
  const numberOf = (name: string): number => world.contigs.findIndex((contig) => contig.name === name);
  variants.sort((a, b) => numberOf(a.contig) - numberOf(b.contig) || a.position - b.position);
  return variants.map((variant) => `${lineOf(variant)}\n`).join('');
}

const bands = { '1': { ends: [100, 900, 1500, 1501, 2500], names: ['p2', 'p1', 'q1', 'q2.1', 'q2.2'] } };

describe('gene models', () => {
  test('of every kind: at every border of theirs', async () => {
    const reference = newPath();
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.integer(), async (world, seed) => {
        await makeReference(reference, world);
        annotateBoth(planOf(reference), linesOf(world, 2000, seed));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test.each<[string, Partial<Plan> & { fields?: readonly string[] }]>([
    ['canonical transcripts', { transcripts: 'canonical' }],
    ['transcripts of MANE', { transcripts: 'mane' }],
    ['nothing beside transcripts', { distance: 0 }],
    ['a million bases beside transcripts', { distance: 1_000_000 }],
    ['some columns', { fields: ['Consequence', 'Feature', 'HGVSc'] }],
    ['Consequence and IMPACT apart', { fields: ['IMPACT', 'Allele', 'Consequence', 'NMD'] }],
    ['no column of the allele', { fields: ['SYMBOL', 'STRAND'] }],
    ['columns that are not usual', { fields: ['TSL', 'APPRIS', 'MANE', 'CCDS', 'SOURCE', 'OverlapBP', 'PICK', 'NMD'] }],
    ['every usual column the other way round', { fields: DEFAULT_COLUMNS.toReversed() }],
    ['text', { level: null }],
    ['an index for long contigs', { index: 'csi' }],
    [
      'bands, and contigs as long as their header says',
      {
        bands,
        lengths: new Map([
          ['1', 99],
          ['2', 1e9],
        ]),
      },
    ],
    ['no consequences of the nucleus', { nuclear: false }],
    ['none of the mitochondrion, none of a foreign contig', { mitochondrion: false, foreignContigs: ['1'] }],
  ])('told with %s', (_, options) => {
    for (const { world, reference } of worlds.slice(0, 2))
      annotateBoth(planOf(reference, options), linesOf(world, 1500, 2));
  });

  test('with columns of tables of genes, short or long', async () => {
    const { world, reference } = worlds[0]!;
    const genes = newPath();
    const rows = world.genes.map(({ id }, i) => `${id}\t${i / 4}\t${'long '.repeat(i % 2 === 0 ? 3 : 600)}`);
    writeFileSync(genes, ['gene_id\tscore\tabout', ...rows, ''].join('\n'));
    const table = await readGeneTable({ name: 'T', path: genes });
    annotateBoth(planOf(reference, { genes: [table] }), linesOf(world, 1500, 3));
    annotateBoth(planOf(reference, { genes: [table], fields: ['T_score', 'Allele'] }), linesOf(world, 1500, 4));
  });

  test('read by each genetic code: every change of one base', async () => {
    // Every codon is one change away from a stop, and there are more of them than decay needs.
    const codons = ['CAATGGTTA', 'TGGTTACAA', 'TTACAATGG', 'CAATGGTTA'];
    const contigs = ['TAA', 'TGA', 'AGA', 'CAA'].flatMap((stop, i) =>
      [1, 2, 11].map((codonTable) => {
        const text = `GATTACAATG${codons[i]!.repeat(30)}${stop}GATTACAGATTACA`;
        // Two introns.
        const forward = `${text.slice(0, 90)}GTAAGT${'ACGT'.repeat(10)}TTCAG${text.slice(90, 200)}GTATGT${'CCGA'.repeat(9)}CAG${text.slice(200)}`;
        const exons = [
          { start: 0, end: 90 },
          { start: 141, end: 251 },
          { start: 296, end: forward.length },
        ];
        const cds = [{ start: 7, end: 90 }, exons[1]!, { start: 296, end: forward.length - 14 }];
        return { name: `c${i}.${codonTable}`, codonTable, forward, exons, cds };
      }),
    );
    const turned = ({ start, end }: Span, length: number): Span => ({ start: length - end, end: length - start });
    const world: World = { contigs: [], genes: [], transcripts: [] };
    for (const { name, codonTable, forward, exons, cds } of contigs) {
      for (const strand of [1, -1] as const) {
        const { length } = forward;
        const of = (spans: Span[]): Span[] =>
          strand === 1 ? spans : spans.map((span) => turned(span, length)).reverse();
        const contig = `${name}.${strand}`;
        const bases = strand === 1 ? forward : reverseComplement(forward);
        world.contigs.push({ name: contig, length, codonTable, bases, hasSequence: true });
        world.transcripts.push(transcript({ id: contig, contig, strand, exons: of(exons), cds: of(cds) }));
      }
    }
    const reference = newPath();
    await makeReference(reference, world);
    const lines = world.contigs.flatMap(({ name, bases }) =>
      [...bases].flatMap((ref, i) =>
        [...'ACGT'].filter((alt) => alt !== ref).map((alt) => lineOf({ contig: name, position: i + 1, ref, alt })),
      ),
    );
    annotateBoth(planOf(reference, { fields: [...DEFAULT_COLUMNS, 'NMD'] }), ...batchesOf(lines));
  });

  test('none: a reference of bases alone', async () => {
    const reference = newPath();
    const { world } = worlds[0]!;
    await makeReference(reference, { ...world, genes: [], transcripts: [] });
    annotateBoth(planOf(reference, { bands }), linesOf(world, 500, 5));
  });

  test('on no reference: what sources and bands say', () => {
    const { world } = worlds[0]!;
    annotateBoth(planOf('', { reference: null, bands }), linesOf(world, 500, 5));
  });
});

describe('lines', () => {
  test('in every way of writing them, in order or not, whatever comes before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...worlds).chain(({ world, reference }) => {
          const text = anyText(anyLine(anyVariant(world)), 120);
          return fc.tuple(fc.constant(reference), fc.array(text, { minLength: 1, maxLength: 3 }));
        }),
        fc.record({
          level: fc.constantFrom(null, 1 as const),
          index: fc.constantFrom('tbi' as const, 'csi' as const),
          distance: fc.constantFrom(0, 5000),
          bands: fc.constantFrom(null, bands),
        }),
        ([reference, texts], options) => void annotateBoth(planOf(reference, options), ...texts),
      ),
      { numRuns: 50, interruptAfterTimeLimit: 30_000 },
    );
  });

  test('with numbers in every way of writing them', () => {
    const { reference } = worlds[0]!;
    const lines = NUMBERS.flatMap((number) => [
      `far\t5\t.\tA\tC\t${number}\tPASS\tAC=1\n`,
      `far\t5\t.\tA\tC\t9\tPASS\tAC=1;AF=${number},0.5\n`,
    ]);
    annotateBoth(planOf(reference), lines.join(''));
  });

  test.each(['END=40000', 'END=40000;AC=1', 'AC=1;END=40000', 'END=3', 'END=x', 'E=1;END=40000'])('with %s', (info) => {
    const { reference } = worlds[0]!;
    const line = `far\t5\t.\tA\tC\t9\tPASS\t${info}\n`;
    annotateBoth(planOf(reference), `far\t1\t.\tA\tC\t.\t.\t.\n${line}`);
  });

  test('in blocks, the first of them begun by the batch before', () => {
    const { world, reference } = worlds[1]!;
    const [lines, before] = [linesOf(world, 800, 7), linesOf(world, 5, 8)];
    const half = lines.indexOf('\n', lines.length / 2) - 5;
    const plan = planOf(reference, { level: null });
    const batch = { index: 0, encoding: 'bgzf', offset: 0, readBytes: 0 } as const;
    const bytes = Uint8Array.from(encoded(before + lines.slice(0, half), 'bgzf'));
    const tail = Uint8Array.from(Buffer.from(lines.slice(half)));
    const written = new BatchAnnotator(plan).run({ ...batch, bytes, skip: before.length, tail }).bytes;
    expect(Buffer.from(written).toString('latin1').split('\n')).toEqual(annotateBoth(plan, lines));
  });

  test('of any length', () => {
    const { world, reference } = worlds[0]!;
    const usual = linesOf(world, 30, 6).trimEnd().split('\n');
    for (const length of [65_000, 65_280, 900_000, 985_000, 1_048_000, 1_048_576, 1_200_000]) {
      const long = usual.flatMap((line, i) => {
        if (i === 10) return [line, line.replace('AF=0.25', `X=${'i'.repeat(length)}`)];
        return i === 20 ? [line, `${line}\tGT\t${'s'.repeat(length)}`] : [line];
      });
      annotateBoth(planOf(reference), long.join('\n'));
    }
  });

  test('of more contigs than are told apart, and of more windows than are kept for the index', () => {
    const { reference } = worlds[0]!;
    const contigs = Array.from({ length: 5100 }, (_, i) => `c${i}\t5\t.\tA\tC\t.\t.\t.\nc${i}\t6\t.\tA\tC\t.\t.\t.\n`);
    const windows = Array.from({ length: 6000 }, (_, i) => `c\t${1 + (i << 14)}\t.\tA\tAC\t.\t.\t.\n`);
    annotateBoth(planOf(reference), contigs.join(''));
    annotateBoth(planOf(reference), windows.join(''), windows.toReversed().join(''));
    // Deletions over the end of a window.
    const over = Array.from({ length: 99 }, (_, i) => `c\t${((i + 1) << 14) - 1}\t.\tACGTA\tA\t.\t.\t.\n`);
    annotateBoth(planOf(reference), over.join(''));
  });

  test('at the last position that there is', () => {
    const { reference } = worlds[0]!;
    const lines = ['A\tC', 'A\tAC', 'AC\tA', 'AC\tGT'].map((alleles) => `far\t2147483647\t.\t${alleles}\t.\t.\t.\n`);
    for (const line of lines) annotateBoth(planOf(reference), `far\t1\t.\tA\tC\t.\t.\t.\n${line}`);
  });

  test('of contigs that their header says to be longer than any is', () => {
    const { reference } = worlds[0]!;
    const lines = [1, 1e6, 1e9, 2e9].map((position) => `far\t${position}\t.\tA\tC\t.\t.\t.\n`).join('');
    for (const length of [3, 2 ** 31 - 1, 2 ** 31, 5e9, 1e10])
      annotateBoth(planOf(reference, { lengths: new Map([['far', length]]) }), lines);
  });

  test('the usual ones are annotated by the kernel', () => {
    const { world, reference } = worlds[0]!;
    const [{ name, bases }] = world.contigs as [World['contigs'][number]];
    const lines = [...bases].map((ref, i) =>
      lineOf({ contig: name, position: i + 1, ref, alt: ref === 'A' ? 'C' : 'A' }),
    );
    const run = spyOn(Kernel.prototype, 'run');
    annotateBoth(planOf(reference), lines.join('\n'));
    const left = run.mock.results.filter(({ value }) => value === Stop.LEFT).length;
    run.mockRestore();
    expect(left).toBeLessThan(lines.length / 5);
  });
});

describe('sources', () => {
  test('of known variants with values of every kind, and tracks', async () => {
    const [known, others, one, two] = [newPath(), newPath(), newPath(), newPath()];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...worlds).chain(({ world, reference }) => {
          const variants = anyVariant(world);
          return fc.tuple(anyKnown(variants), anyKnown(variants)).chain(([first, second]) => {
            const inside = fc.constantFrom(...first.entries, ...second.entries).map(({ variant }) => variant);
            const line = fc.oneof(
              { weight: 1, arbitrary: anyLine(variants) },
              { weight: 6, arbitrary: inside.map(lineOf) },
            );
            return fc.record({
              world: fc.constant(world),
              reference: fc.constant(reference),
              sources: fc.constant([first, second] as const),
              tracks: fc.tuple(anyRegions(world), anyRegions(world)),
              text: anyText(line, 300),
            });
          });
        }),
        fc.constantFrom({}, { level: null }, { fields: ['Allele', 'Consequence'] }, { distance: 0, bands }),
        async ({ world, reference, sources, tracks, text }, options) => {
          for (const path of [known, others]) rmSync(path, { recursive: true, force: true });
          writeKnown(known, world, sources[0]);
          writeKnown(others, world, sources[1]);
          const read = [await trackOf(`${one}.bed`, tracks[0]), await trackOf(`${two}.bed`, tracks[1])];
          const plan = planOf(reference, { known: [known, others], tracks: read, ...options });
          annotateBoth(plan, text, text);
          annotateBoth({ ...plan, ...planOf('', { known: [known], reference: null }), tracks: read }, text);
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });

  test('two of which know a variant by identifiers, the same or others', () => {
    const { world, reference } = worlds[0]!;
    const paths = [newPath(), newPath()];
    const variants = fc.sample(anyVariant(world), { numRuns: 400, seed: 9 });
    const fields = [{ id: 'RS', column: 'integer', description: '', prefix: 'rs' } as const];
    paths.forEach((path, source) => {
      const entries = variants.map((variant, i) => ({ variant, isLeft: false, values: [i + (i % 2) * source] }));
      writeKnown(path, world, { fields: [...fields], entries });
    });
    annotateBoth(planOf(reference, { known: paths }), variants.map(lineOf).join('\n'));
  });

  test('far along a contig of which nothing but its length is known', async () => {
    const [reference, known] = [newPath(), newPath()];
    const length = 2_100_000_000;
    const exons = [{ start: length - 5000, end: length - 10 }];
    await buildBundleFromModels(
      reference,
      { contigs: [{ name: '1', length }], genes: [], transcripts: [transcript({ exons })], sources: [] },
      { name: 'far', assembly: 'far', now: new Date(0) },
    );
    const places = [0, 1 << 12, 1 << 18, 1 << 20, 3 << 20, 1 << 28, 1 << 29, 3 << 29, length].flatMap((place) =>
      [-9, -2, -1, 0, 1, 4].map((by) => place + by).filter((at) => at > 0 && at < length),
    );
    const alts = ['C', 'G', 'AT', 'ATT', 'ATTTTT', 'ACCCCC', 'ACCCCG'];
    const lines = places.flatMap((position) => alts.map((alt) => lineOf({ contig: '1', position, ref: 'A', alt })));
    for (const isDense of [false, true]) {
      const writer = new KnownWriter(`${known}${isDense}`, {
        name: 'K',
        version: '1',
        assembly: 'far',
        fields: [{ id: 'K_N', column: 'integer', description: '' }],
        rsField: '',
      });
      writer.begin('1');
      places.forEach((position, i) => writer.add(position - 1, 'A', alts[i % alts.length]!, [position]));
      // Keys are shorter where there are many.
      for (let at = 0; isDense && at < 700_000; at++) writer.add(at * 3000, 'G', 'C', [at]);
      writer.finish();
      const regions = places.map((at) => `1\t${at}\t${at + 3}`);
      const tracks = [await trackOf(`${known}.bed`, regions)];
      annotateBoth(planOf(reference, { known: [`${known}${isDense}`], tracks }), lines.join('\n'));
    }
  });

  test('with more known variants at one place than the kernel looks at', () => {
    const { world, reference } = worlds[0]!;
    const known = newPath();
    const contig = world.contigs[0]!;
    const position = 300;
    const ref = contig.bases[position - 1]!;
    const added = ['', 'A', 'C', 'G', 'T'];
    const alts = added.flatMap((one) =>
      added.flatMap((two) => added.flatMap((three) => added.map((four) => one + two + three + four))),
    );
    // Of five bases there are more than there are hashes of long alleles.
    const long = alts.filter((alt) => alt.length === 4).flatMap((alt) => [`${alt}A`, `${alt}C`]);
    const variants = [...new Set([...alts, ...long])].map((alt) => ({
      contig: contig.name,
      position,
      ref,
      alt: `${ref}${alt}`,
    }));
    const fields = [{ id: 'N', column: 'integer', description: '' } as const];
    const entries = variants.filter((_, i) => i % 3 > 0).map((variant, i) => ({ variant, isLeft: false, values: [i] }));
    writeKnown(known, world, { fields, entries });
    const lines = variants.map(lineOf).join('\n');
    annotateBoth(
      planOf(reference, { known: [known], fields: ['Allele'] }),
      lines,
      lines.split('\n').reverse().join('\n'),
    );
  });
});

describe('memory', () => {
  /** A track of so many regions on contig 1, which lie in the kernel's memory. */
  function trackOfMany(count: number): Track {
    const starts = Int32Array.from({ length: count }, (_, i) => 10 * i);
    const tree = { starts, ends: starts.map((start) => start + 5), reach: new Int32Array(count) };
    indexIntervals(tree);
    const labels = new Uint32Array(count);
    return {
      name: 'MANY',
      source: 'many',
      sha256: '',
      form: 'BED',
      contigs: [{ name: '1', ...tree, labels }],
      labelBytes: new Uint8Array(0),
      labelEnds: new Uint32Array(0),
      intervals: count,
      badLines: 0,
      badExamples: [],
    };
  }

  test('that is full is emptied, and a contig that needs more than there is left to the host', async () => {
    const reference = newPath();
    const length = 300_000;
    const bases = `ATG${'GCC'.repeat(length / 6 - 2)}TAA`.repeat(2);
    const halves = [0, 1].map((half) => [{ start: (half * length) / 2, end: ((half + 1) * length) / 2 }]);
    await buildBundleFromModels(
      reference,
      {
        contigs: ['1', '2'].map((name) => ({ name, length })),
        genes: [],
        transcripts: Array.from({ length: 70 }, (_, i) => {
          const exons = halves[i % 2]!;
          return transcript({ id: `T${i}`, contig: i === 69 ? '2' : '1', exons, cds: exons });
        }),
        sequences: new Map(['1', '2'].map((name) => [name, Buffer.from(bases)])),
        sources: [],
      },
      { name: 'full', assembly: 'full', now: new Date(0) },
    );
    // The coding bases of either half fit into eight MiB, and those of both do not.
    const lines = [3001, 3002, 200_001, 200_002, 200_003, 3003, 3004].map((position) =>
      lineOf({ contig: '1', position, ref: bases[position - 1]!, alt: 'A' }),
    );
    const others = lines.map((line) => line.replace('1', '2'));
    const room = MEMORY_SIZE - ARENA;
    for (const free of [9 << 20, 4 << 20]) {
      const tracks = [trackOfMany(Math.floor((room - free) / 16))];
      const plan = planOf(reference, { tracks, distance: 0, fields: ['Allele', 'Consequence', 'Feature', 'HGVSc'] });
      annotateBoth(plan, [...lines, ...others, ...lines].join('\n'), lines.join('\n'));
    }
  });

  test('has room for so many transcripts at one place, and no more', async () => {
    const reference = newPath();
    const exons = [{ start: 900, end: 1000 }];
    const transcripts = Array.from({ length: 2100 }, (_, i) => transcript({ id: `T${i}`, exons, geneId: '' }));
    await buildBundleFromModels(
      reference,
      { contigs: [{ name: '1', length: 9000 }], genes: [], transcripts, sources: [] },
      { name: 'many', assembly: 'many', now: new Date(0) },
    );
    const lines = [100, 899, 901, 950, 1001, 7000].map((position) => `1\t${position}\t.\tA\tC\t.\t.\t.\n`).join('');
    for (const distance of [0, 10, 5000]) annotateBoth(planOf(reference, { distance }), lines, lines);
    annotateBoth(planOf(reference, { fields: ['Allele'] }), lines);
  });
});
