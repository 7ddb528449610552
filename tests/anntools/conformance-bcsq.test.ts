/**
 * BCSQ beside that of bcftools csq in its local mode: how many entries are the same, letter by letter. What differs is
 * named in docs/decisions/041-output-forms.md; these floors keep it from growing. Needs the shared data.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Reference } from '../../anntools/bundle/reference.ts';
import { ByteBuffer } from '../../anntools/bytes/buffer.ts';
import { annotationsOf } from '../../anntools/forms/annotations.ts';
import { formColumns } from '../../anntools/forms/form.ts';
import { recordsOf, referenceOf, SHARED } from './conformance/answers.ts';

setDefaultTimeout(120_000);

interface Agreement {
  records: number;
  sameRecords: number;
  entries: number;
  sameEntries: number;
}

function compare(reference: Reference, vcf: string, sum: Agreement): void {
  const columns = formColumns('bcsq', undefined, []).engine;
  const options = { distance: 5000, transcripts: 'all', columns, manner: 'specification' } as const;
  const annotations = annotationsOf('bcsq', reference, options);
  const out = new ByteBuffer();
  const entriesOf = (value: string) => new Set(value.split(',').filter((entry) => entry !== ''));
  for (const record of recordsOf(vcf)) {
    out.clear();
    annotations.annotate(record, reference.contigs.idOf(record.text(0)), out);
    const theirs = entriesOf(/(?:^|;)BCSQ=([^;]*)/.exec(record.text(7))?.[1] ?? '');
    const ours = entriesOf(out.view().toString('latin1'));
    const same = theirs.intersection(ours).size;
    sum.records++;
    sum.entries += theirs.size;
    sum.sameEntries += same;
    if (same === theirs.size && same === ours.size) sum.sameRecords++;
  }
}

const none = (): Agreement => ({ records: 0, sameRecords: 0, entries: 0, sameEntries: 0 });

describe.skipIf(!existsSync(SHARED))('bcftools csq, local mode (needs shared data)', () => {
  test('ClinVar, chromosome 20, by bcftools 1.16', () => {
    const genes = join(SHARED, 'genes/grch37/gencodeV7.grch37.chr20.gff3.gz');
    const found = none();
    compare(
      referenceOf(join(SHARED, 'ref/grch37/20.fa.gz'), genes),
      join(SHARED, 'expected/csq.clinvar37.20.vcf.gz'),
      found,
    );
    expect(found).toMatchObject({ records: 1793, entries: 7089 });
    expect(found.sameRecords).toBeGreaterThanOrEqual(1778);
    expect(found.sameEntries).toBeGreaterThanOrEqual(7006);
  });

  test('made variants around exon borders of 49 regions, by bcftools 1.23', () => {
    const folder = join(SHARED, 'conformance');
    const found = none();
    for (const name of readdirSync(join(folder, 'csq-haplotype'))) {
      const [fasta, genes] = ['ref.fa', 'genes.gff3'].map((file) => join(folder, 'vep', name, file));
      if (fasta === undefined || genes === undefined || !existsSync(fasta)) continue;
      const reference = referenceOf(fasta, genes);
      compare(reference, join(folder, 'csq-haplotype', name, 'expected.local.vcf'), found);
    }
    expect(found).toMatchObject({ records: 5550, entries: 7679 });
    expect(found.sameRecords).toBeGreaterThanOrEqual(5145);
    expect(found.sameEntries).toBeGreaterThanOrEqual(7200);
  });
});
