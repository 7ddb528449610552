/** Translation of a stretch of the coding sequence in which bases were replaced, up to the first stop. */
import { STOP, translate } from '../consequence/codons.ts';
import { type GeneModel, PADDING } from './gene-model.ts';

const QUESTION = 63;

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
  const start = PADDING + from - before;
  const text = Buffer.concat([
    coding.subarray(start, PADDING + from),
    bases,
    coding.subarray(PADDING + to, PADDING + to + behind),
  ]);
  const out = new Uint8Array(Math.floor(text.length / 3));
  for (let i = 0; i < out.length; i++) {
    out[i] = translate(table, text, 3 * i);
    if (out[i] === STOP) return out.subarray(0, i + 1);
  }
  return out;
}
