/** ANN and BCSQ of a made-up gene, value by value. */
import { describe, expect, test } from 'bun:test';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { annotationsOf } from '../../../anntools/forms/annotations.ts';
import { formColumns } from '../../../anntools/forms/form.ts';
import { type World, lineOf, recordOf, referenceOf, threeExonWorld } from '../consequence/made-up.ts';

const world = threeExonWorld();
const { bases } = world;

function valueOf(form: 'ann' | 'bcsq', line: string, made: World = world): string {
  const { engine: columns } = formColumns(form, undefined, []);
  const options = { distance: 5000, transcripts: 'all', columns } as const;
  const out = new ByteBuffer();
  annotationsOf(form, referenceOf(made), options).annotate(recordOf(line), 0, out);
  return out.view().toString('latin1');
}

const line = (start: number, end: number, to: string) => lineOf(bases, { start, end, to });

/** The world with its transcript changed. */
const withModel = (some: Partial<World['transcripts'][number]>): World => ({
  ...world,
  transcripts: world.transcripts.map((model) => ({ ...model, ...some })),
});

describe('ANN', () => {
  test.each([
    [
      'missense',
      line(2014, 2015, 'A'),
      'A|missense_variant|MODERATE|MADE|G1|transcript|T1|protein_coding|1/3|c.5C>A|p.Ala2Asp|15/130|5/90|2/29||',
    ],
    [
      'intron',
      line(2060, 2061, bases[2060] === 'A' ? 'C' : 'A'),
      `${bases[2060] === 'A' ? 'C' : 'A'}|intron_variant|MODIFIER|MADE|G1|transcript|T1|protein_coding|1/2|c.30+21${bases[2060]}>${bases[2060] === 'A' ? 'C' : 'A'}||||||`,
    ],
  ])('%s', (_, given, want) => {
    expect(valueOf('ann', given)).toBe(want);
  });

  test('the allele is the ALT of the VCF, and the most severe annotation comes first', () => {
    const ref = bases.slice(2012, 2014);
    const blocks = valueOf('ann', `1\t2013\t.\t${ref}\t${ref}AAA,${ref[0]}\t.\t.\t.`).split(',');
    expect(blocks.map((block) => block.split('|').slice(0, 3))).toEqual([
      [ref[0] ?? '', 'frameshift_variant', 'HIGH'],
      [`${ref}AAA`, 'protein_altering_variant', 'MODERATE'],
    ]);
    for (const block of blocks) expect(block.split('|').length).toBe(16);
  });

  test('beside a transcript the distance is told, and an incomplete model is warned of', () => {
    expect(valueOf('ann', line(1989, 1990, 'T')).split('|')[14]).toBe('11');
    const open = withModel({ flags: TranscriptFlag.CDS_END_NF });
    expect(valueOf('ann', line(2014, 2015, 'A'), open)).toEndWith('|WARNING_TRANSCRIPT_INCOMPLETE');
  });

  test('names cannot break the field', () => {
    const named = { ...world, genes: world.genes.map((gene) => ({ ...gene, symbol: 'A (B)=C;D' })) };
    expect(valueOf('ann', line(2014, 2015, 'A'), named).split('|')[3]).toBe('A__B__C_D');
  });
});

describe('BCSQ', () => {
  test.each([
    ['missense', line(2014, 2015, 'A'), 'missense|MADE|T1|protein_coding|+|2A>2D|2015C>A'],
    ['a synonymous change', line(2015, 2016, 'A'), 'synonymous|MADE|T1|protein_coding|+|2A|2016T>A'],
    ['a lost start', line(2010, 2011, 'C'), 'start_lost|MADE|T1|protein_coding|+|1M>1L|2011A>C'],
    [
      'of a substitution, only what differs',
      line(2013, 2016, 'GAT'),
      'missense|MADE|T1|protein_coding|+|2A>2D|2014GCT>GAT',
    ],
    ['a UTR', line(2003, 2004, 'G'), '5_prime_utr|MADE|T1|protein_coding'],
    ['an intron, without the transcript', line(2060, 2061, 'N'), 'intron|MADE||protein_coding'],
    ['a donor, not a splice region beside it', line(2040, 2041, 'C'), 'splice_donor|MADE|T1|protein_coding'],
    ['nothing beside transcripts', line(1000, 1001, 'N'), ''],
    [
      'a splice region in an entry of its own',
      line(2038, 2039, 'G'),
      'splice_region|MADE|T1|protein_coding,missense|MADE|T1|protein_coding|+|10P>10R|2039C>G',
    ],
    [
      'a change of frame, to the next stop on both sides',
      line(2279, 2280, ''),
      'frameshift|MADE|T1|protein_coding|+|23PLEYSGF*>23PWNIVAS|2279AC>A',
    ],
  ])('%s', (_, given, want) => {
    expect(valueOf('bcsq', given)).toBe(want);
  });

  test('an intron is not told of where another transcript has more', () => {
    const [model] = world.transcripts;
    if (!model) throw new Error('no model');
    const other = { ...model, id: 'T2', exons: [{ start: 2000, end: 2330 }], cds: null, biotype: 'lncRNA' };
    const both = { ...world, transcripts: [model, other] };
    expect(valueOf('bcsq', line(2003, 2004, 'G'), both)).toBe('5_prime_utr|MADE|T1|protein_coding');
    expect(valueOf('bcsq', line(2060, 2061, 'N'), both)).toBe('intron|MADE||protein_coding,non_coding|MADE||lncRNA');
  });
});
