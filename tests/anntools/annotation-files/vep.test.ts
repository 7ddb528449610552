/** What Ensembl VEP made of the same GFF3 files: which transcripts, of which gene, called what. */
import { expect, test } from 'bun:test';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { parseGeneFile } from '../../../anntools/annotation-files/read.ts';
import { referenceFromModels } from '../../../anntools/bundle/in-memory.ts';
import { stringAt } from '../../../anntools/bundle/string-pool.ts';

const conformance = join(import.meta.dir, '../../../../shared/data/conformance');
const isHere = existsSync(conformance);
const cases = isHere ? [...readdirSync(join(conformance, 'vep')).map((name) => `vep/${name}`), 'vep-mt', 'vep-sv'] : [];

test.skipIf(!isHere)(
  'every transcript VEP names has the same gene, symbol, biotype, strand and HGVS names (needs shared)',
  () => {
    const different: string[] = [];
    let compared = 0;
    for (const name of cases) {
      const models = modelsOf(name);
      for (const [feature, expected] of expectedOf(name)) {
        compared++;
        const found = models.get(feature);
        for (const [column, value] of Object.entries(expected)) {
          if (found?.[column] !== value)
            different.push(`${name} ${feature} ${column}: ${value}, not ${found?.[column]}`);
        }
      }
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(4000);
  },
);

type Row = Record<string, string>;

function modelsOf(name: string): Map<string, Row> {
  const path = join(conformance, name, 'genes.gff3');
  const bytes = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
  const { contigs, genes, transcripts } = parseGeneFile(bytes);
  const reference = referenceFromModels({ name, assembly: '', contigs, genes, transcripts });
  const { ids, labels, hgvsNames, hgvsProteinNames, strand, count } = reference.transcripts;
  return new Map(
    Array.from({ length: count }, (_, t) => {
      const [SYMBOL = '', Gene = '', , , BIOTYPE = ''] = stringAt(labels, t).split('|');
      const HGVSc = stringAt(hgvsNames, t);
      return [
        stringAt(ids, t),
        { SYMBOL, Gene, BIOTYPE, STRAND: `${strand[t]}`, HGVSc, HGVSp: stringAt(hgvsProteinNames, t) },
      ];
    }),
  );
}

function expectedOf(name: string): Map<string, Row> {
  const [head = '', ...lines] = gunzipSync(readFileSync(join(conformance, name, 'expected.tsv.gz')))
    .toString()
    .split('\n');
  const columns = head.slice(1).split('\t');
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const values = line.split('\t');
    const row: Row = Object.fromEntries(columns.map((column, i) => [column, values[i] ?? '']));
    if (!row.Feature) continue;
    const known = rows.get(row.Feature) ?? {};
    for (const column of ['SYMBOL', 'Gene', 'BIOTYPE', 'STRAND']) known[column] = row[column] ?? '';
    for (const column of ['HGVSc', 'HGVSp']) if (row[column]) known[column] = row[column].split(':')[0] ?? '';
    rows.set(row.Feature, known);
  }
  return rows;
}
