/** The fields about structural variants as objects: entries between commas, values between bars in the order of their format. */
import { FUSIONS_FIELD, FUSIONS_FORMAT } from '../structural/fusions.ts';
import { GENES_FIELD, GENES_FORMAT } from '../structural/genes-hit.ts';
import { decoded } from './rows.ts';

type Entry = Record<string, string | number>;

/** By the id of the field: the key of its objects, and the keys in them (Ensembl VEP's, where it has such). */
const FIELDS = new Map([
  [GENES_FIELD, { key: 'genes_hit', names: keysOf(GENES_FORMAT) }],
  [FUSIONS_FIELD, { key: 'fusions', names: keysOf(FUSIONS_FORMAT) }],
]);

function keysOf(format: string): string[] {
  const keys: Record<string, string> = { SYMBOL: 'gene_symbol', Gene: 'gene_id', Feature: 'transcript_id' };
  return format.split('|').map((name) => keys[name] ?? name.toLowerCase());
}

const NUMBERS = new Set(['allele_num', 'overlappc', 'cds_pc']);

/** Whether a field is one of them. */
export function isStructuralField(id: string): boolean {
  return FIELDS.has(id);
}

/** The objects of a record's fields, by key; empty values are left out. */
export function structuralObjects(info: ReadonlyMap<string, string>): Record<string, Entry[]> {
  const objects: Record<string, Entry[]> = {};
  for (const [id, { key, names }] of FIELDS) {
    const value = info.get(id);
    if (value !== undefined) objects[key] = value.split(',').map((entry) => objectOf(entry, names));
  }
  return objects;
}

function objectOf(entry: string, names: readonly string[]): Entry {
  const object: Entry = {};
  entry.split('|').forEach((value, i) => {
    const name = names[i];
    if (name !== undefined && value !== '') object[name] = NUMBERS.has(name) ? Number(value) : decoded(value);
  });
  return object;
}
