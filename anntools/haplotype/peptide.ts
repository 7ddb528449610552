/** Translation of a stretch of the coding sequence in which bases were replaced, up to the first stop. */
import { STOP, translate } from '../genome/codons.ts';
import { type GeneModel, PADDING } from './gene-model.ts';

const QUESTION = 63;

const codon = new Uint8Array(3);

/**
 * The residues of bases that stand for [from, to) of the model's coding sequence, all in the direction of translation.
 * The codons at both ends are completed with bases of the model.
 * @param at where the bases begin in the changed coding sequence: its codons decide
 * @param toEnd whether to read on to the end of the coding sequence: the frame has changed
 */
export function residues(
  model: GeneModel,
  bases: Uint8Array,
  at: number,
  from: number,
  to: number,
  toEnd: boolean,
): Uint8Array {
  if (bases.length === 0) return Uint8Array.of(QUESTION);
  const { coding, table, length } = model;
  const before = at % 3;
  const missing = (3 - ((before + bases.length) % 3)) % 3;
  const behind = toEnd ? Math.max(missing, length - to) : missing;
  const end = before + bases.length;
  const out = new Uint8Array(Math.floor((end + behind) / 3));
  for (let i = 0; i < out.length; i++) {
    for (let k = 0; k < 3; k++) {
      const at = 3 * i + k;
      const isNew = at >= before && at < end;
      codon[k] = isNew ? bases[at - before] : coding[PADDING + (at < before ? from - before + at : to + at - end)];
    }
    out[i] = translate(table, codon, 0);
    if (out[i] === STOP) return out.subarray(0, i + 1);
  }
  return out;
}
