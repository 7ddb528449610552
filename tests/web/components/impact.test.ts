import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bySeverity, impactOf } from '../../../web/components/impact.ts';

test('terms are ordered most severe first, unknown ones last', () => {
  const terms = ['intron_variant', 'made_up_variant', 'stop_gained', 'missense_variant', 'splice_donor_variant'];
  expect(terms.sort(bySeverity)).toEqual([
    'splice_donor_variant',
    'stop_gained',
    'missense_variant',
    'intron_variant',
    'made_up_variant',
  ]);
});

test('a term nobody knows has the least impact', () => {
  expect(impactOf('made_up_variant')).toBe('MODIFIER');
});

const table = join(import.meta.dir, '../../../../shared/design/so-terms.tsv');

test.skipIf(!existsSync(table))('rank and impact of all 41 terms are those of shared/design/so-terms.tsv', () => {
  const rows = readFileSync(table, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  expect(rows).toHaveLength(41);
  for (const [, term = '', , impact = ''] of rows) expect([term, impactOf(term)]).toEqual([term, impact]);
  const ranked = rows.map(([, term = '']) => term);
  expect([...ranked].reverse().sort(bySeverity)).toEqual(ranked);
});
