import { expect, test } from 'bun:test';
import { maneIsThere, measure } from './accuracy.ts';

test.skipIf(!maneIsThere)('structures that are kept are those of MANE Select (needs ../shared/data)', async () => {
  const { withExons, compared, sameExons, canonicalSameExons, sameCoding, others } = await measure();
  expect(withExons).toBeGreaterThan(16_000);
  expect(compared).toBeGreaterThan(15_800);
  // The few others have another transcript in MANE's release than in Ensembl 110, at the same place.
  expect(sameExons / compared).toBeGreaterThan(0.9985);
  expect(others.length).toBeLessThan(20);
  expect(canonicalSameExons / sameExons).toBeGreaterThan(0.999);
  expect(sameCoding / sameExons).toBeGreaterThan(0.999);
});
