/** Whatever a file holds: it becomes models that can be laid out, or a sentence about it. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';

import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import { layOut } from '../../../anntools/bundle/layout.ts';
import { fitModels } from '../../../anntools/bundle/fit-models.ts';
import { ProblemLog } from '../../../anntools/models/problems.ts';
import { InputError } from '../../../anntools/errors.ts';
import { tabbed } from '../../support/gene-files.ts';

function readAnyhow(bytes: Uint8Array): void {
  try {
    const file = parseGeneFile(bytes);
    const fitted = fitModels(null, file, new Map(), new ProblemLog());
    const { transcripts } = layOut(fitted.contigs, fitted.genes, fitted.transcripts);
    for (let t = 0; t < transcripts.count; t++) {
      const exons = (transcripts.exonFirst[t + 1] ?? 0) - (transcripts.exonFirst[t] ?? 0);
      expect(exons).toBeGreaterThan(0);
      expect((transcripts.cdsStart[t] ?? 0) < 0).toBe((transcripts.cdsCdnaStart[t] ?? 0) < 0);
    }
  } catch (cause) {
    expect(cause).toBeInstanceOf(InputError);
  }
}

test('random bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readAnyhow), { numRuns: 200 });
});

test('lines with mistakes in them: swapped, doubled, cut, with other ids, strands, places', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'g');
  const line = fc
    .record({
      contig: fc.constantFrom('1', 'MT'),
      type: fc.constantFrom(
        'gene',
        'mRNA',
        'exon',
        'CDS',
        'stop_codon',
        'five_prime_UTR',
        'miRNA',
        'tRNA',
        'region',
        'pseudogene',
        'transcript',
      ),
      start: fc.integer({ min: 1, max: 60 }),
      length: fc.integer({ min: 0, max: 30 }),
      strand: fc.constantFrom('+', '-', '.', '?'),
      phase: fc.constantFrom('0', '1', '2', '.', '9'),
      attributes: fc.array(
        fc.oneof(
          id.map((value) => `ID=${value}`),
          id.map((value) => `Parent=${value}`),
          fc.tuple(id, id).map((values) => `Parent=${values.join(',')}`),
          fc.constantFrom(
            'pseudo=true',
            'Is_circular=true',
            'transl_except=(pos:7..9%2Caa:Sec)',
            'exception=trans-splicing',
            'part=1/2',
            'protein_id=P',
            'protein_id=Q',
            'Name=%zz',
            '=',
            'ID',
          ),
        ),
        { maxLength: 4 },
      ),
      gtf: fc.boolean(),
    })
    .map(({ contig, type, start, length, strand, phase, attributes, gtf }) => {
      const column = gtf
        ? attributes
            .map((text) => text.replace(/^ID=(.*)/, 'gene_id "$1"').replace(/^Parent=(.*)/, 'transcript_id "$1"'))
            .join('; ')
        : attributes.join(';');
      return tabbed(`${contig} t ${type} ${start} ${start + length} . ${strand} ${phase} ${column}`);
    });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), fc.nat(40), (lines, cut) => {
      const text = `${lines.join('\n')}\n`;
      readAnyhow(Buffer.from(cut < 5 ? text.slice(0, -cut - 1) : text));
    }),
    { numRuns: 1500 },
  );
});
