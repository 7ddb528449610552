/**
 * Writes HGVS descriptions in the one way the recommendations prefer: deleted and copied bases are not spelled out,
 * residues have three letters, the new stop of a frame shift is `Ter`.
 */
import type {
  HgvsEnd,
  HgvsInterval,
  HgvsPosition,
  HgvsResidue,
  HgvsVariant,
  NucleotideEdit,
  ProteinEdit,
  ProteinVariant,
} from './variant.ts';

export function formatHgvs(variant: HgvsVariant): string {
  const gene = variant.gene === '' ? '' : `(${variant.gene})`;
  return `${variant.accession}${gene}:${variant.kind}.${change(variant)}`;
}

function change(variant: HgvsVariant): string {
  if (variant.kind === 'p') return protein(variant);
  const changed = variant.edit === undefined ? '' : bracketed(edit(variant.edit), variant.editPredicted);
  return bracketed(interval(variant.interval) + changed, variant.predicted);
}

function interval({ start, end, uncertain }: HgvsInterval): string {
  const text = end === undefined ? place(start) : `${place(start)}_${place(end)}`;
  return bracketed(text, uncertain);
}

function bracketed(text: string, isPredicted: boolean): string {
  return isPredicted ? `(${text})` : text;
}

function place([from, to]: HgvsEnd): string {
  return to === undefined ? position(from) : `(${position(from)}_${position(to)})`;
}

function position({ base, behindStop, offset }: HgvsPosition): string {
  const sign = offset > 0 ? '+' : '';
  return `${behindStop ? '*' : ''}${base ?? '?'}${offset === 0 ? '' : sign + offset}`;
}

function edit(told: NucleotideEdit): string {
  switch (told.kind) {
    case 'identity':
      return '=';
    case 'substitution':
      return `${told.ref}>${told.alt}`;
    case 'delins':
    case 'ins':
      return told.kind + told.alt;
    case 'repeat':
      return told.units.map(({ unit, count }) => `${unit}[${count}]`).join('');
    case 'con':
      return `con${told.from}`;
    case 'copy':
      return `copy${told.count}`;
    default:
      return told.kind;
  }
}

function protein({ whole, start, end, edit: told, predicted, editPredicted }: ProteinVariant): string {
  const changed = told === undefined ? '' : bracketed(proteinEdit(told), editPredicted);
  return bracketed(whole ?? residue(start) + (end ? `_${residue(end)}` : '') + changed, predicted);
}

function residue(told: HgvsResidue | undefined): string {
  return told === undefined ? '' : `${told.residue}${told.position}`;
}

function proteinEdit(told: ProteinEdit): string {
  switch (told.kind) {
    case 'identity':
      return '=';
    case 'substitution':
      return told.alt;
    case 'ins':
    case 'delins':
      return told.kind + told.alt;
    case 'frameshift':
      return `${told.alt}fsTer${told.length}`;
    case 'extension':
      return `${told.alt}ext${told.toward}${told.length}`;
    default:
      return told.kind;
  }
}
