/**
 * ClinVar's pathogenic and likely pathogenic variants of at least two stars (GRCh38), out of ideogram's table, whose
 * cells are indexes into lists that stand in the comments of a second file.
 */
import type { KnownField } from '../lookup/known-format.ts';
import { type KnownValue, KnownWriter } from '../lookup/known-writer.ts';
import { commentsOf, rowsOf } from './tables.ts';

export const CLINVAR = 'ClinVar';

const FIELDS: KnownField[] = [
  { id: 'ClinVar_ID', column: 'integer', description: 'ClinVar variation ID' },
  {
    id: 'ClinVar_SIG',
    column: 'word',
    description: 'Clinical significance in ClinVar (pathogenic and likely pathogenic of 2 stars or more only)',
  },
  { id: 'ClinVar_REVIEW', column: 'word', description: 'Review status in ClinVar' },
  { id: 'ClinVar_DN', column: 'word', description: 'Diseases in ClinVar, separated by |' },
  { id: 'ClinVar_MC', column: 'word', description: 'Molecular consequences in ClinVar, separated by |' },
  { id: 'ClinVar_RS', column: 'integer', description: 'dbSNP number in ClinVar' },
];

/** Writes the source into `folder`; answers how many variants it has. */
export function writeClinVar(folder: string, variants: Uint8Array, keys: Uint8Array): number {
  const lists = new Map([...commentsOf(keys)].flatMap(listOf));
  const named = (list: string, cell: string): string | null => {
    const names = cell.split(',').flatMap((index) => lists.get(list)?.[Number(index)] ?? []);
    // "0014052|Congenital_myasthenic_syndrome_8", "SO:0001587|nonsense": the part behind the identifier.
    return cell === '' || names.length === 0 ? null : names.map((name) => name.slice(name.indexOf('|') + 1)).join('|');
  };
  const writer = new KnownWriter(folder, {
    name: CLINVAR,
    version: releaseOf(variants),
    assembly: 'GRCh38',
    fields: FIELDS,
    rsField: 'ClinVar_RS',
  });
  const byContig = Map.groupBy(rowsOf(variants), ([contig]) => contig);
  let count = 0;
  for (const [contig, rows] of byContig) {
    writer.begin(contig);
    for (const [, position, id, ref, alt, diseases, , review, significance, , consequences, , rs = ''] of rows) {
      const values: KnownValue[] = [
        Number(id),
        named('clinical_significances', significance),
        named('clinical_review_statuses', review),
        named('disease_mondo_ids_and_names', diseases),
        named('molecular_consequences', consequences),
        /^\d+$/.test(rs) ? Number(rs) : null,
      ];
      writer.add(Number(position) - 1, ref, alt, values);
      count++;
    }
  }
  writer.finish();
  return count;
}

/** `# name = ["a", "b"]`. */
function listOf(comment: string): [string, string[]][] {
  const [, name, list] = /^# (\w+) = (\[.*\])$/.exec(comment) ?? [];
  return list === undefined ? [] : [[name, JSON.parse(list) as string[]]];
}

/** The date in `clinvar_20241215.vcf.gz`, which the comments name. */
function releaseOf(variants: Uint8Array): string {
  for (const comment of commentsOf(variants)) {
    const date = /clinvar_(\d{8})/.exec(comment)?.[1];
    if (date !== undefined) return date;
  }
  return '';
}
