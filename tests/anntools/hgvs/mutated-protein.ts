/**
 * What an edit does to a protein, by definition: the whole message is written out, edited and read from its start codon
 * to the first stop. Slow, and without a line in common with the engine's window of codons.
 */
import type { TranscriptModel } from '../../../anntools/models/gene-models.ts';
import { parseHgvs } from '../../../anntools/hgvs/parse.ts';
import { reverseComplement, type Edit, type World } from '../consequence/made-up.ts';

const AMINO_ACIDS = 'FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG';
const BASES = 'TCAG';

export interface Product {
  /** One letter a residue, without the stop. */
  residues: string;
  /** Whether a stop codon ends it; otherwise the message does. */
  stops: boolean;
}

/** The protein of a coding transcript whose genome is edited; the edit must lie in its exons, behind the start codon. */
export function productOf({ bases }: World, { exons, cds, strand }: TranscriptModel, edit?: Edit): Product {
  const first = strand === 1 ? (cds?.[0]?.start ?? 0) : (cds?.at(-1)?.end ?? 0) - 1;
  let message = '';
  let start = 0;
  for (const exon of exons) {
    const touched = edit !== undefined && edit.start >= exon.start && edit.end <= exon.end;
    const text = touched
      ? bases.slice(exon.start, edit.start) + edit.to + bases.slice(edit.end, exon.end)
      : bases.slice(exon.start, exon.end);
    if (first >= exon.start && first < exon.end) {
      // On the reverse strand the edit lies below the start codon, and what is counted is the rest behind it.
      start = strand === 1 ? message.length + first - exon.start : message.length + text.length - (exon.end - first);
    }
    message += text;
  }
  return strand === 1 ? translated(message.slice(start)) : translated(reverseComplement(message.slice(0, start + 1)));
}

function translated(message: string): Product {
  let residues = '';
  for (let at = 0; at + 3 <= message.length; at += 3) {
    const [a, b, c] = [at, at + 1, at + 2].map((i) => BASES.indexOf(message[i] ?? '')) as [number, number, number];
    const residue = AMINO_ACIDS[16 * a + 4 * b + c] ?? '';
    if (residue === '*') return { residues, stops: true };
    residues += residue;
  }
  return { residues, stops: false };
}

const ONE_LETTER: Record<string, string> = Object.fromEntries(
  'Ala A,Cys C,Asp D,Glu E,Phe F,Gly G,His H,Ile I,Lys K,Leu L,Met M,Asn N,Pro P,Gln Q,Arg R,Ser S,Thr T,Val V,Trp W,Tyr Y,Ter *'
    .split(',')
    .map((pair) => pair.split(' ')),
);

const letters = (residues: string) => residues.replace(/[A-Z][a-z]{2}/g, (name) => ONE_LETTER[name] ?? '?');

/** Why a description is no true one of how `before` becomes `after`; nothing when it is. */
export function contradiction(text: string, before: Product, after: Product): string | undefined {
  const variant = parseHgvs(text.replace('%3D', '='));
  if (variant.kind !== 'p' || variant.start === undefined || variant.edit === undefined) return 'no change of residues';
  const { edit } = variant;
  const from = variant.start.position;
  const to = variant.end?.position ?? from;
  const old = before.residues;
  const now = after.residues;
  for (const { residue, position } of variant.end === undefined ? [variant.start] : [variant.start, variant.end]) {
    if (letters(residue) !== (old[position - 1] ?? '*')) return `residue ${position} is ${old[position - 1] ?? 'Ter'}`;
  }
  const made = (residues: string): string | undefined => {
    const stop = residues.indexOf('*');
    const whole = stop < 0 ? residues : residues.slice(0, stop);
    return whole === now ? undefined : `makes ${whole}, not ${now}`;
  };
  const replaced = (by: string) => made(`${old.slice(0, from - 1)}${by}${old.slice(to)}`);
  switch (edit.kind) {
    case 'identity':
      return made(old);
    case 'substitution':
      return edit.alt === variant.start.residue ? 'a residue for itself' : replaced(letters(edit.alt));
    case 'del':
      if (to > old.length) return now.startsWith(old.slice(0, from - 1)) ? undefined : 'differs before the deletion';
      return old[from - 1] === old[to] ? 'could stand further on' : replaced('');
    case 'dup':
      return old[from - 1] === old[to] ? 'could stand further on' : replaced(old.slice(from - 1, to).repeat(2));
    case 'ins': {
      const alt = letters(edit.alt);
      if (alt[0] === old[from] && !alt.includes('*')) return 'could stand further on';
      return made(old.slice(0, from) + alt + old.slice(from));
    }
    case 'delins':
      if (to > old.length) return now.startsWith(old.slice(0, from - 1)) ? undefined : 'differs before the change';
      return replaced(letters(edit.alt));
    case 'frameshift': {
      if (now.slice(0, from - 1) !== old.slice(0, from - 1)) return 'differs before the frame shift';
      if (now[from - 1] !== letters(edit.alt) || now[from - 1] === old[from - 1]) return `begins with ${now[from - 1]}`;
      const length = after.stops ? String(now.length - from + 2) : '?';
      return edit.length === length ? undefined : `the stop is the residue ${length}`;
    }
    case 'extension': {
      if (!now.startsWith(old) || from !== old.length + 1) return 'the protein is not a beginning of the new one';
      if (now[from - 1] !== letters(edit.alt)) return `goes on with ${now[from - 1]}`;
      const length = after.stops ? String(now.length - old.length) : '?';
      return edit.length === length ? undefined : `goes on for ${length}`;
    }
  }
}
