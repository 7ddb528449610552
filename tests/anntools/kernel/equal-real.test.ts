/** The kernel beside the host on real references: the starter, and chromosome 20 with two sets of gene models. */
import { afterAll, beforeAll, describe, setDefaultTimeout, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildBundle } from '../../../anntools/bundle/build.ts';
import { openBundle } from '../../../anntools/bundle/open.ts';
import { bandsBeside, knownBeside } from '../../../anntools/lookup/beside.ts';
import { buildKnown } from '../../../anntools/lookup/build-known.ts';
import { KnownVariants } from '../../../anntools/lookup/known.ts';
import { TranscriptFlag } from '../../../anntools/models/gene-models.ts';
import { planOf } from '../../support/plan.ts';
import { starterFolder } from '../../support/starter.ts';
import { annotateBoth, batchesOf, batchOf } from './both.ts';
import { lineOf } from './lines.ts';

setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'equal-real-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newPath = (): string => join(folder, String(folders++));

const shared = join(import.meta.dir, '../../../../shared/data');
const fasta = join(shared, 'ref/grch37/20.fa.gz');

describe('the reference that comes with the program', () => {
  test('at places that ClinVar knows, and near the ends of exons', async () => {
    const reference = await starterFolder();
    const { contigs, transcripts } = openBundle(reference);
    const known = knownBeside(reference);
    const [clinvar] = known.map((path) => new KnownVariants(path));
    const bandTable = bandsBeside(reference, 'GRCh38');
    // The mitochondrion is told of below.
    for (const [id, contig] of contigs.names.entries()) {
      if (contig === 'MT' || id % 10 > 0) continue;
      const places = clinvar!
        .variantsOf(clinvar!.contigOf(contig))
        .offsets()
        .map(({ offset }) => offset)
        .toArray();
      for (let t = transcripts.firstOfContig[id]!; t < transcripts.firstOfContig[id + 1]!; t += 40) {
        for (let exon = transcripts.exonFirst[t]!; exon < transcripts.exonFirst[t + 1]!; exon++) {
          for (let by = -3; by < 9; by += 3)
            places.push(transcripts.exonStart[exon]! + by, transcripts.exonEnd[exon]! - by);
        }
      }
      const lines = [...new Set(places)]
        .sort((a, b) => a - b)
        .map((place, i) => {
          const [ref = '', alt = ''] = ALLELES[i % ALLELES.length]!;
          return lineOf({ contig, position: place + 1, ref, alt });
        });
      annotateBoth(planOf(reference, { known, bands: bandTable }), ...batchesOf(lines));
    }
  });

  test('on the mitochondrion, everywhere', async () => {
    const reference = await starterFolder();
    const { contigs, sequence } = openBundle(reference);
    const id = contigs.idOf('MT');
    const bases = Buffer.alloc(contigs.lengths[id]!);
    sequence.read(id, 0, bases.length, bases, 0);
    const lines = [...bases.toString('latin1')].map((ref, i) => {
      const more = bases.toString('latin1', i, i + 3);
      const changes = [
        [ref, 'ACGT'[(i >> 2) % 4]!],
        [ref, `${ref}${'CA'.slice((i >> 2) % 2)}`],
        [more, ref],
        [more, [...more].reverse().join('')],
      ];
      const [from = '', to = ''] = changes[i % 4]!;
      return lineOf({ contig: 'chrM', position: i + 1, ref: from, alt: to });
    });
    annotateBoth(planOf(reference, { known: knownBeside(reference) }), ...batchesOf(lines));
  });
});

/** Alleles where nobody knows the bases. */
const ALLELES = [
  ...[...'ACGT'].flatMap((ref) => [...'ACGT'].filter((alt) => alt !== ref).map((alt) => [ref, alt])),
  ['A', 'AG'],
  ['GT', 'G'],
  ['CAG', 'C'],
  ['T', 'TCA'],
  ['AC', 'GT'],
  ['CTT', 'AG'],
];

describe.skipIf(!existsSync(fasta))('chromosome 20 (needs ../shared/data)', () => {
  const genes = ['gencodeV7', 'refseq'].map((name) => join(shared, `genes/grch37/${name}.grch37.chr20.gff3.gz`));
  const references = genes.map(newPath);
  const known = newPath();
  const hail = join(shared, 'vcf/hail_1000G_chr20_100samples_b37.vcf.gz');
  beforeAll(async () => {
    for (const [i, path] of genes.entries())
      await buildBundle(
        references[i]!,
        { fasta, genes: path },
        { name: 'chr20', assembly: 'GRCh37', now: new Date(0) },
      );
    const fields = ['ID', 'INFO/AF', 'INFO/AC'];
    await buildKnown({
      name: 'HAIL',
      files: [hail],
      form: 'vcf',
      fields,
      output: known,
      reference: references[0]!,
      now: new Date(0),
    });
  });

  test.each([
    'NA12878_WGS_chr20_firstMB_b37',
    'ashk_trio_HG002_3_4_grch37',
    'chr20_51samples_b37',
    'chr20_unsorted_b37',
    'dragen_gatk_chr20_b37',
    'exome_Pfeiffer_grch37',
    'gatk3_trio_combined_chr20_b37',
    'gatk_CEUTrio_chr20_b37',
    'gatk_YRIoffspring_chr20_b37.g',
    'hail_1000G_chr20_100samples_b37',
    'mutect2_dream3_chr20_b37',
    'shapeit4_1000G_chr20_300samples_b37',
    'truvari_3samples_SV_chr20_hg38',
  ])('the records of %s', (name) => {
    const text = gunzipSync(readFileSync(join(shared, `vcf/${name}.vcf.gz`))).toString('latin1');
    const lines = text.split('\n').filter((line) => !line.startsWith('#'));
    const batches = Array.from({ length: 3 }, (_, i) => {
      const from = Math.floor((i * lines.length) / 3);
      return batchOf(lines.slice(from, from + 4000));
    });
    references.forEach((reference, i) =>
      annotateBoth(planOf(reference, { known: i === 0 ? [known] : [] }), ...batches),
    );
  });

  test.each(references.map((reference, i) => [i === 0 ? 'GENCODE' : 'RefSeq', reference]))(
    'changes at every border of transcripts of %s',
    (_, reference) => void annotateBoth(planOf(reference, { known: [known] }), ...batchesOf(borderLines(reference))),
  );
});

/** An SNV, an insertion, a deletion and an MNV at positions near the ends of exons and coding sequences of every fourth transcript. */
function borderLines(path: string): string[] {
  const { transcripts, sequence, contigs } = openBundle(path);
  const { count, exonFirst, exonStart, exonEnd, cdsStart, cdsEnd, flags } = transcripts;
  const places = new Set<number>();
  const near = (border: number, by: number): void => {
    for (let at = border - by; at < border + by; at++) places.add(at);
  };
  for (let t = 0; t < count; t++) {
    const isRare = (flags[t]! & ~(TranscriptFlag.CANONICAL | TranscriptFlag.CCDS)) !== 0;
    if (t % (isRare ? 20 : 80) !== 0) continue;
    for (let exon = exonFirst[t]!; exon < exonFirst[t + 1]!; exon++) {
      near(exonStart[exon]!, 20);
      near(exonEnd[exon]!, 20);
    }
    if (cdsStart[t]! >= 0) near(cdsStart[t]!, 6);
    if (cdsEnd[t]! >= 0) near(cdsEnd[t]!, 6);
  }
  const bases = Buffer.alloc(contigs.lengths[0]!);
  sequence.read(0, 0, bases.length, bases, 0);
  const at = (from: number, length: number): string => bases.toString('latin1', from, from + length);
  return [...places]
    .sort((a, b) => a - b)
    .flatMap((place, i) => {
      const [ref, long] = [at(place, 1), at(place, 2 + (i % 4))];
      const other = 'CGTA'['ACGT'.indexOf(ref)] ?? 'A';
      const added = i % 2 === 0 ? at(place + 1, 1 + (i % 3)) : 'GAT'.slice(i % 3);
      const changed = [...at(place, 2 + (i % 2))].map((base) => 'TGAC'['ACGT'.indexOf(base)] ?? 'A').join('');
      const alleles = [
        `${ref}\t${other}`,
        `${ref}\t${ref}${added}`,
        `${long}\t${ref}`,
        `${at(place, changed.length)}\t${changed}`,
      ];
      return [alleles[0], alleles[1 + (i % 3)]].map((pair) => `20\t${place + 1}\t.\t${pair}\t50\tPASS\tAF=0.5`);
    });
}
