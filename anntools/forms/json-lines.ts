/**
 * One JSON object a line and a record, with the keys of Ensembl VEP's `--json`
 * (https://www.ensembl.org/info/docs/tools/vep/vep_formats.html#json): consequences by transcript, known variants as
 * `colocated_variants` by identifier and as `custom_annotations` by source, bands and tracks as `regions`, values of
 * tables of genes as `gene_annotations`, genes hit by structural variants as `genes_hit` and `fusions`. `start` and
 * `end` are VEP's, the base that all alleles of an indel begin with taken off; `vcf` has the record's own columns. A
 * line that is no record becomes `{"unreadable":"…"}`.
 */
import type { ByteBuffer } from '../bytes/buffer.ts';
import { TERMS } from '../consequence/terms.ts';
import type { InfoField } from '../vcf/header-writer.ts';
import type { VcfRecord } from '../vcf/record.ts';
import type { FormColumns } from './form.ts';
import { infoValues } from './info-values.ts';
import type { RecordLines } from './record-lines.ts';
import { type Row, RowReader, altsOf, decoded } from './rows.ts';
import { isStructuralField, structuralObjects } from './structural-objects.ts';

type Json = string | number | Json[] | { [key: string]: Json };
type Fields = Record<string, Json>;

const severities = new Map(TERMS.map(({ name, rank }) => [name, rank]));

/** Columns that become a text under VEP's key. */
const TEXTS: readonly (readonly [column: string, key: string])[] = [
  ['Allele', 'variant_allele'],
  ['IMPACT', 'impact'],
  ['SYMBOL', 'gene_symbol'],
  ['SYMBOL_SOURCE', 'gene_symbol_source'],
  ['Gene', 'gene_id'],
  ['HGNC_ID', 'hgnc_id'],
  ['Feature', 'transcript_id'],
  ['BIOTYPE', 'biotype'],
  ['EXON', 'exon'],
  ['INTRON', 'intron'],
  ['HGVSc', 'hgvsc'],
  ['HGVSp', 'hgvsp'],
  ['Amino_acids', 'amino_acids'],
  ['Codons', 'codons'],
  ['ENSP', 'protein_id'],
  ['MANE_SELECT', 'mane_select'],
  ['MANE_PLUS_CLINICAL', 'mane_plus_clinical'],
  ['VARIANT_CLASS', 'variant_class'],
];
const NUMBERS: readonly (readonly [column: string, key: string])[] = [
  ['ALLELE_NUM', 'allele_num'],
  ['STRAND', 'strand'],
  ['DISTANCE', 'distance'],
  ['HGVS_OFFSET', 'hgvs_offset'],
];
/** Columns of positions, `12-14`, which become `cdna_start` and `cdna_end`. */
const RANGES: readonly (readonly [column: string, key: string])[] = [
  ['cDNA_position', 'cdna'],
  ['CDS_position', 'cds'],
  ['Protein_position', 'protein'],
];

export class JsonLines implements RecordLines {
  private readonly rows: RowReader;
  private readonly genes: FormColumns['genes'];

  constructor(
    { engine, genes }: FormColumns,
    private readonly added: readonly InfoField[],
    private readonly assembly: string,
  ) {
    this.rows = new RowReader(engine);
    this.genes = genes;
  }

  write(record: VcfRecord, added: Uint8Array, start: number, end: number, out: ByteBuffer): void {
    out.ascii(this.record(record, Buffer.prototype.latin1Slice.call(added, start, end)));
  }

  private record(record: VcfRecord, added: string): string {
    const info = infoValues(added);
    const rows = this.rows.read(info.get('CSQ') ?? '');
    const alts = altsOf(record);
    const [id, filter] = [record.text(2), record.text(6)];
    const terms = rows.flatMap((row) => row.terms);
    const worst = terms.reduce(
      (a, b) => ((severities.get(b) ?? 99) < (severities.get(a) ?? 99) ? b : a),
      terms[0] ?? '',
    );
    const onTranscripts = rows.filter((row) => row.get('Feature') !== '').map((row) => this.consequence(row));
    const besideThem = rows.filter((row) => row.get('Feature') === '').map((row) => this.consequence(row));
    const colocated = colocatedVariants(rows, alts);
    const known = this.known(info, alts);
    const regions = this.regions(info);
    return json({
      ...(id === '.' ? {} : { id }),
      ...(this.assembly === '' ? {} : { assembly_name: this.assembly }),
      ...place(record, alts),
      strand: 1,
      vcf: {
        chrom: record.text(0),
        pos: record.position,
        ref: record.text(3),
        alt: alts,
        ...qualityOf(record),
        ...(filter === '.' ? {} : { filter: filter.split(';') }),
      },
      ...(worst === '' ? {} : { most_severe_consequence: worst }),
      ...(onTranscripts.length > 0 ? { transcript_consequences: onTranscripts } : {}),
      ...(besideThem.length > 0 ? { intergenic_consequences: besideThem } : {}),
      ...(colocated.length > 0 ? { colocated_variants: colocated } : {}),
      ...structuralObjects(info),
      ...(Object.keys(known).length > 0 ? { custom_annotations: known } : {}),
      ...(Object.keys(regions).length > 0 ? { regions } : {}),
    });
  }

  unreadable(line: string, out: ByteBuffer): void {
    out.ascii(json({ unreadable: line }));
  }

  private consequence(row: Row): Fields {
    const fields = consequence(row);
    const told = this.genes.flatMap(({ id, isNumber }): [string, Json][] => {
      const value = row.get(id);
      return value === '' ? [] : [[id, isNumber ? Number(value) : decoded(value)]];
    });
    if (told.length > 0) fields['gene_annotations'] = Object.fromEntries(told);
    return fields;
  }

  /** What each source knows, an entry for each ALT it knows. */
  private known(info: ReadonlyMap<string, string>, alts: readonly string[]): Fields {
    const bySource: Fields = {};
    const ofAlleles = this.added.filter(({ id, number }) => number === 'A' && info.has(id));
    for (const [source, fields] of Map.groupBy(ofAlleles, ({ source = '' }) => source)) {
      const columns = fields.map((field) => ({ ...field, values: info.get(field.id)?.split(',') ?? [] }));
      bySource[source] = alts.flatMap((allele, i) => {
        const values = columns.flatMap(({ id, type, values: { [i]: value = '.' } }): [string, Json][] =>
          value === '.' ? [] : [[id, valueOf(value, type)]],
        );
        return values.length === 0 ? [] : [{ allele, fields: Object.fromEntries(values) }];
      });
    }
    return bySource;
  }

  /** Bands and tracks, by the id of their field. */
  private regions(info: ReadonlyMap<string, string>): Fields {
    return Object.fromEntries(
      this.added.flatMap(({ id, number, type }): [string, Json][] => {
        const value = info.get(id);
        const isElsewhere = number === 'A' || id === 'CSQ' || isStructuralField(id);
        return value === undefined || isElsewhere ? [] : [[id, valueOf(value, type)]];
      }),
    );
  }
}

function consequence(row: Row): Fields {
  const fields: Fields = { consequence_terms: row.terms };
  for (const [column, key] of TEXTS) if (row.get(column) !== '') fields[key] = decoded(row.get(column));
  for (const [column, key] of NUMBERS) if (row.get(column) !== '') fields[key] = Number(row.get(column));
  for (const [column, key] of RANGES) {
    const [, start, end] = /^(\d+|\?)(?:-(\d+|\?))?$/.exec(row.get(column)) ?? [];
    if (start !== undefined && start !== '?') fields[`${key}_start`] = Number(start);
    if (start !== undefined && (end ?? start) !== '?') fields[`${key}_end`] = Number(end ?? start);
  }
  if (row.get('CANONICAL') === 'YES') fields['canonical'] = 1;
  if (row.get('FLAGS') !== '') fields['flags'] = row.get('FLAGS').split('&');
  return fields;
}

/** The identifiers that known variants have, each with the ALTs it is of. */
function colocatedVariants(rows: readonly Row[], alts: readonly string[]): Fields[] {
  const alleles = new Map<string, Set<string>>();
  for (const row of rows) {
    const existing = row.get('Existing_variation');
    if (existing === '') continue;
    const alt = alts[Number(row.get('ALLELE_NUM')) - 1] ?? '';
    for (const id of existing.split('&')) alleles.set(id, (alleles.get(id) ?? new Set()).add(alt));
  }
  return [...alleles].map(([id, some]) => ({ id: decoded(id), alleles: [...some] }));
}

/** Name, start, end and alleles as VEP gives them; an insertion ends before it starts. */
function place(record: VcfRecord, alts: readonly string[]): Fields {
  const ref = record.text(3);
  const alleles = [ref, ...alts];
  const isIndel =
    alts.some((alt) => alt.length !== ref.length) && alleles.every((allele) => /^[ACGTN*]+$/i.test(allele));
  const isAnchored = isIndel && alleles.every((allele) => allele[0] === ref[0] || allele === '*');
  const cut = isAnchored ? 1 : 0;
  return {
    seq_region_name: record.text(0),
    start: record.position + cut,
    end: record.position + ref.length - 1,
    allele_string: alleles.map((allele) => (allele === '*' ? allele : allele.slice(cut) || '-')).join('/'),
  };
}

function qualityOf(record: VcfRecord): Fields {
  const quality = record.text(5);
  return quality === '.' ? {} : { qual: valueOf(quality, 'Float') };
}

function valueOf(text: string, type: InfoField['type']): Json {
  const number = Number(text);
  const isNumber = (type === 'Integer' || type === 'Float') && text.trim() !== '' && Number.isFinite(number);
  return isNumber ? number : decoded(text);
}

/** As JSON in ASCII: text of the file is latin1 characters that are bytes, most likely of UTF-8. */
function json(value: Fields): string {
  const text = JSON.stringify(value);
  if (!BEYOND_ASCII.test(text)) return text;
  const unicode = Buffer.from(text, 'latin1').toString('utf8');
  return unicode.replace(EACH_BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
const EACH_BEYOND_ASCII = /[\u0080-\uffff]/g;
