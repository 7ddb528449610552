/**
 * What the columns of a table of genes mean: which ones name the gene or its transcript, and which are values. Told by
 * the names of its columns. A file of one column without names is a list of genes.
 */

/** Where a table has its genes and values. */
export interface GeneLayout {
  /** Columns that name the gene or a transcript of it: symbols, then ids of genes, then ids of transcripts. */
  keys: number[];
  /** Columns that are values, with the name each goes by; none for a list of genes. */
  values: { column: number; name: string }[];
  /** Columns that say of a row that its transcript is the one to take for the gene, the surest last. */
  preferred: number[];
  /** Whether the first line is a gene already. */
  isList: boolean;
}

/** Names of columns of symbols, ids of genes (Ensembl, HGNC) and ids of transcripts. */
const KEYS = [
  /^(gene|symbol|(approved|gene|hgnc)[ _]?symbol|gene[ _]?name)$/i,
  /^((ensembl[ _]?)?gene[ _]?id|ensembl[ _]?gene|ensg|hgnc[ _]?id)$/i,
  /^((ensembl[ _]?)?transcript([ _]?id)?|enst|feature|ensembl_nuc|refseq_nuc)$/i,
];
const PREFERRED = [/^canonical$/i, /^mane[ _](select|status)$/i];

/** Tables that everybody uses, by columns that only they have: the columns to take, with the names they are known by. */
const KNOWN: readonly Readonly<Record<string, string>>[] = [
  // gnomAD v2.1.1, lof_metrics.by_gene and by_transcript
  { pLI: 'pLI', oe_lof_upper: 'LOEUF', mis_z: 'mis_z' },
  // gnomAD v4, constraint_metrics
  { 'lof.pLI': 'pLI', 'lof.oe_ci.upper': 'LOEUF', 'mis.z_score': 'mis_z' },
  // ExAC, forweb_cleaned_exac
  { pLI: 'pLI', lof_z: 'lof_z', mis_z: 'mis_z' },
  // ClinGen_gene_curation_list
  { 'Haploinsufficiency Score': 'haploinsufficiency', 'Triplosensitivity Score': 'triplosensitivity' },
  // hgnc_complete_set
  { name: 'name', locus_group: 'locus_group', location: 'location' },
];
/** A table of more values than this is not taken whole. */
const VALUES_MAX = 5;

/**
 * The layout of a table.
 * @param heads the line that names the columns, or the first gene of a list
 * @param wanted columns that the user wants: numbers from one, or names
 * @returns why not, when there is none.
 */
export function geneLayout(heads: readonly string[], wanted: readonly string[]): GeneLayout | string {
  const keys = KEYS.flatMap((pattern) => heads.flatMap((name, i) => (pattern.test(name) ? [i] : [])));
  const preferred = PREFERRED.map((pattern) => heads.findIndex((name) => pattern.test(name))).filter((i) => i >= 0);
  if (keys.length === 0) {
    if (heads.length === 1 && wanted.length === 0) return { keys: [0], values: [], preferred, isList: true };
    return `has no column of genes: one must be called gene, symbol, gene_id, hgnc_id or transcript; it has ${shown(heads)}`;
  }
  if (wanted.length > 0) {
    const columns = wanted.map((name) => (/^\d+$/.test(name) ? Number(name) - 1 : heads.indexOf(name)));
    const missing = columns.findIndex((column) => column < 0 || column >= heads.length);
    if (missing >= 0) return `has no column ${wanted[missing]}; it has ${shown(heads)}`;
    return { keys, values: columns.map((column) => ({ column, name: heads[column] })), preferred, isList: false };
  }
  const values = knownValues(heads) ?? otherValues(heads, keys, preferred);
  if (values.length > VALUES_MAX) {
    return `has ${values.length} columns of values: say which, NAME=FILE#COLUMN,COLUMN; it has ${shown(heads)}`;
  }
  return { keys, values, preferred, isList: false };
}

/** Whether a line names columns, one of which is of genes. */
export function namesGenes(heads: readonly string[]): boolean {
  return heads.some(isKey);
}

function isKey(name: string): boolean {
  return KEYS.some((pattern) => pattern.test(name));
}

function knownValues(heads: readonly string[]): GeneLayout['values'] | undefined {
  const known = KNOWN.find((columns) => Object.keys(columns).every((name) => heads.includes(name)));
  return known && Object.entries(known).map(([column, name]) => ({ column: heads.indexOf(column), name }));
}

function otherValues(heads: readonly string[], keys: readonly number[], preferred: readonly number[]) {
  return heads
    .map((name, column) => ({ column, name }))
    .filter(({ column }) => !keys.includes(column) && !preferred.includes(column));
}

function shown(heads: readonly string[]): string {
  const some = heads.slice(0, 60).join(', ');
  return heads.length > 60 ? `${some} …` : some;
}
