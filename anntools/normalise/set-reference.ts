/**
 * Makes a record's REF what the reference has: a missing REF is filled in, an ambiguous letter becomes N or the base
 * that stands there, and where an ALT is the reference's allele the two change places, in the genotypes and AC too.
 */
import type { BaseAt } from './align.ts';
import { infoOf, replaceInfo, type VcfLine } from './line.ts';
import { agrees } from './realign.ts';

/** Changes the record in place; answers whether it did. */
export function setReference(line: VcfLine, baseAt: BaseAt): boolean {
  const start = line.position - 1;
  const [ref = ''] = line.alleles;
  if (agrees(ref, start, baseAt)) return false;
  if (ref === '.') {
    line.alleles[0] = baseAt(start);
    return true;
  }
  line.alleles = line.alleles.map((allele) => (/[<[\].*]/.test(allele) ? allele : allele.replace(/[^ACGTN]/gi, 'N')));
  fillUnknown(line, baseAt);
  const [filled = '', ...alts] = line.alleles;
  if (agrees(filled, start, baseAt)) return true;
  const swapped = alts.findIndex((alt) => /^[ACGTN]+$/i.test(alt) && agrees(alt, start, baseAt)) + 1;
  if (swapped === 0) {
    line.alleles[0] = Array.from(filled, (_, i) => baseAt(start + i)).join('');
    return true;
  }
  line.alleles[0] = line.alleles[swapped] ?? '';
  line.alleles[swapped] = filled;
  swapGenotypes(line, swapped);
  return true;
}

/** N in REF becomes the reference's base, and N at the same place of an ALT with it. */
function fillUnknown(line: VcfLine, baseAt: BaseAt): void {
  const [ref = ''] = line.alleles;
  line.alleles = line.alleles.map((allele) => {
    if (!/^[ACGTN]+$/i.test(allele)) return allele;
    return Array.from(allele, (letter, i) => {
      const isUnknown = letter.toUpperCase() === 'N' && ref[i]?.toUpperCase() === 'N';
      return isUnknown ? baseAt(line.position - 1 + i) : letter;
    }).join('');
  });
}

function swapGenotypes(line: VcfLine, alt: number): void {
  const at = line.format.indexOf('GT');
  if (at < 0) return;
  let carried = 0;
  for (const sample of line.samples) {
    sample[at] = (sample[at] ?? '').replace(/\d+/g, (allele) => {
      if (allele === '0') carried++;
      return allele === '0' ? `${alt}` : allele === `${alt}` ? '0' : allele;
    });
  }
  const counts = infoOf(line, 'AC')?.split(',');
  if (counts === undefined || counts.length < alt) return;
  counts[alt - 1] = `${carried}`;
  replaceInfo(line, 'AC', counts.join(','));
}

/** Takes out ALTs that are the same as REF; who carried them carries REF. */
export function dropRepeated(line: VcfLine): void {
  const [ref = '', ...alts] = line.alleles;
  let kept = 0;
  const numbers = alts.map((alt) => (alt.toUpperCase() === ref.toUpperCase() ? 0 : ++kept));
  line.alleles = [ref, ...alts.filter((_, i) => numbers[i] !== 0)];
  const at = line.format.indexOf('GT');
  if (at < 0) return;
  for (const sample of line.samples) {
    sample[at] = (sample[at] ?? '').replace(
      /\d+/g,
      (allele) => `${allele === '0' ? 0 : (numbers[Number(allele) - 1] ?? 0)}`,
    );
  }
}
