/**
 * Five small genes of three exons on two contigs, their coding sequences of 210 bases laid out so that the remainders by
 * three can be told by hand:
 *
 *     gene  contig, strand     exons (zero-based)                    coding     coding bases before exon 2, exon 3
 *     A     1 +                1000-1100  1200-1300  1400-1500       1050-1460  50 (2), 150 (0)
 *     B     1 −                3400-3500  3200-3300  3000-3100       3460-3050  60 (0), 160 (1)
 *     E     1 +                5000-5100  5200-5300  5400-5500       5040-5450  60 (0), 160 (1)
 *     C     2 +                2000-2100  2200-2300  2400-2500       2040-2450  60 (0), 160 (1)
 *     D     2 −                6400-6500  6200-6300  6000-6100       6450-6040  50 (2), 150 (0)
 *     N     2 +                8000-8100  8200-8300                  none
 */
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import type { Reference } from '../../../anntools/bundle/reference.ts';
import { ByteBuffer } from '../../../anntools/bytes/buffer.ts';
import { EventReader, type StructuralEvent } from '../../../anntools/structural/events.ts';
import { AltAlleles } from '../../../anntools/vcf/alleles.ts';
import { gene, transcript } from '../../support/models.ts';
import { recordOf } from '../consequence/made-up.ts';

const LAYOUT: readonly (readonly [id: string, contig: string, strand: 1 | -1, start: number, coding: string])[] = [
  ['A', '1', 1, 1000, '1050-1460'],
  ['B', '1', -1, 3000, '3050-3460'],
  ['E', '1', 1, 5000, '5040-5450'],
  ['C', '2', 1, 2000, '2040-2450'],
  ['D', '2', -1, 6000, '6040-6450'],
  ['N', '2', 1, 8000, ''],
];

export const twoContigs: Reference = referenceFromModels({
  name: 'two contigs',
  assembly: 'made-up',
  contigs: ['1', '2'].map((name) => ({ name, length: 10_000 })),
  genes: LAYOUT.map(([id, contig, strand, start, coding]) =>
    gene({ id: `G${id}`, symbol: id, contig, strand, span: { start, end: start + (coding === '' ? 300 : 500) } }),
  ),
  transcripts: LAYOUT.map(([id, contig, strand, start, coding]) => {
    const exons = [0, 200, ...(coding === '' ? [] : [400])].map((at) => ({ start: start + at, end: start + at + 100 }));
    const [from = 0, to = 0] = coding.split('-').map(Number);
    const cds = exons
      .map((exon) => ({ start: Math.max(exon.start, from), end: Math.min(exon.end, to) }))
      .filter((part) => part.start < part.end);
    return transcript({ id: `T${id}`, geneId: `G${id}`, contig, strand, exons, cds: coding === '' ? null : cds });
  }),
});

export interface Call {
  contig?: string;
  /** POS, one-based. */
  at: number;
  ref?: string;
  alt: string;
  info?: string;
}

type Write = (event: StructuralEvent, contig: number, out: ByteBuffer, first: boolean) => boolean;

/** The entries that a writer has for a record, split at their bars. */
export function entriesOf(write: Write, { contig = '1', at, ref = 'N', alt, info = '.' }: Call): string[][] {
  const record = recordOf(`${contig}\t${at}\t.\t${ref}\t${alt}\t.\t.\t${info}`);
  const alleles = new AltAlleles();
  alleles.parse(record);
  const out = new ByteBuffer();
  let first = true;
  for (const event of new EventReader().read(record, alleles)) {
    if (write(event, twoContigs.contigs.idOf(contig), out, first)) first = false;
  }
  const text = out.view().toString('latin1');
  return text === '' ? [] : text.split(',').map((entry) => entry.split('|'));
}
