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
import { AddedValues, Blocks, numberAt, rankOf } from './blocks.ts';
import { ConsequenceObjects, jsonText } from './consequence-objects.ts';
import type { FormColumns } from './form.ts';
import { infoValues } from './info-values.ts';
import type { RecordLines } from './record-lines.ts';
import { altsOf, decoded } from './rows.ts';
import { isStructuralField, structuralObjects } from './structural-objects.ts';

type Json = string | number | Json[] | { [key: string]: Json };
type Fields = Record<string, Json>;

const COMMA = 44;
const CLOSE_LIST = 93;

export class JsonLines implements RecordLines {
  private readonly objects: ConsequenceObjects;
  private readonly blocks: Blocks;
  private readonly csq = new AddedValues(['CSQ']);
  private readonly terms: number;
  private readonly feature: number;
  private readonly existing: number;
  private readonly allele: number;

  constructor(
    columns: FormColumns,
    private readonly added: readonly InfoField[],
    private readonly assembly: string,
  ) {
    const { engine } = columns;
    this.objects = new ConsequenceObjects(columns);
    this.blocks = new Blocks(engine.length);
    this.terms = engine.indexOf('Consequence');
    this.feature = engine.indexOf('Feature');
    this.existing = engine.indexOf('Existing_variation');
    this.allele = engine.indexOf('ALLELE_NUM');
  }

  write(record: VcfRecord, added: Uint8Array, start: number, end: number, out: ByteBuffer): void {
    const { blocks, csq } = this;
    csq.read(added, start, end);
    const hasCsq = csq.starts[0] >= 0;
    blocks.read(added, csq.starts[0], hasCsq ? csq.ends[0] : -1);
    const alts = altsOf(record);
    // The objects of the consequences, bytes, stand between what is known of the record and what is known of its variants.
    const head = jsonText(this.head(record, alts, added));
    out.ascii(head.slice(0, -1));
    this.consequences(added, true, ',"transcript_consequences":[', out);
    this.consequences(added, false, ',"intergenic_consequences":[', out);
    const others = hasCsq ? [csq.starts[0] - 'CSQ='.length, csq.ends[0]] : [start, start];
    const text = (from: number, to: number): string => Buffer.prototype.latin1Slice.call(added, from, to);
    const info = infoValues(`${text(start, others[0])};${text(others[1], end)}`);
    const rest = jsonText(this.variants(info, alts, added));
    if (rest !== '{}') out.byte(COMMA);
    out.ascii(rest.slice(1));
  }

  private head(record: VcfRecord, alts: readonly string[], added: Uint8Array): Fields {
    const [id, filter] = [record.text(2), record.text(6)];
    const worst = this.worst(added);
    return {
      ...(id === '.' ? {} : { id }),
      ...(this.assembly === '' ? {} : { assembly_name: this.assembly }),
      ...place(record, alts),
      strand: 1,
      vcf: {
        chrom: record.text(0),
        pos: record.position,
        ref: record.text(3),
        alt: [...alts],
        ...qualityOf(record),
        ...(filter === '.' ? {} : { filter: filter.split(';') }),
      },
      ...(worst === '' ? {} : { most_severe_consequence: worst }),
    };
  }

  /** What is known of the record's variants, and where they lie. */
  private variants(info: ReadonlyMap<string, string>, alts: readonly string[], added: Uint8Array): Fields {
    const colocated = this.colocated(alts, added);
    const known = this.known(info, alts);
    const regions = this.regions(info);
    return {
      ...(colocated.length > 0 ? { colocated_variants: colocated } : {}),
      ...structuralObjects(info),
      ...(Object.keys(known).length > 0 ? { custom_annotations: known } : {}),
      ...(Object.keys(regions).length > 0 ? { regions } : {}),
    };
  }

  /** The most severe term of all blocks; a block has its own first. */
  private worst(added: Uint8Array): string {
    const { starts, ends, count, columns } = this.blocks;
    let worst = TERMS.length + 1;
    for (let cell = this.terms; cell < count * columns; cell += columns) {
      worst = Math.min(worst, rankOf(added, starts[cell], ends[cell]));
    }
    return TERMS[worst - 1]?.name ?? '';
  }

  /** The list of consequences on transcripts, or beside all of them. */
  private consequences(added: Uint8Array, onTranscripts: boolean, before: string, out: ByteBuffer): void {
    const { blocks } = this;
    let told = 0;
    for (let block = 0; block < blocks.count; block++) {
      const cell = block * blocks.columns + this.feature;
      if (blocks.starts[cell] < blocks.ends[cell] !== onTranscripts) continue;
      if (told++ === 0) out.ascii(before);
      else out.byte(COMMA);
      this.objects.write(added, blocks, block, out);
    }
    if (told > 0) out.byte(CLOSE_LIST);
  }

  unreadable(line: string, out: ByteBuffer): void {
    out.ascii(jsonText({ unreadable: line }));
  }

  /** The identifiers that known variants have, each with the ALTs it is of. */
  private colocated(alts: readonly string[], added: Uint8Array): Fields[] {
    const { starts, ends, count, columns } = this.blocks;
    const alleles = new Map<string, Set<string>>();
    for (let first = 0; first < count * columns && this.existing >= 0; first += columns) {
      const cell = first + this.existing;
      if (starts[cell] === ends[cell]) continue;
      const alt = alts[numberAt(added, starts[first + this.allele], ends[first + this.allele]) - 1] ?? '';
      const existing = Buffer.prototype.latin1Slice.call(added, starts[cell], ends[cell]);
      for (const id of existing.split('&')) alleles.set(id, (alleles.get(id) ?? new Set()).add(alt));
    }
    return [...alleles].map(([id, some]) => ({ id: decoded(id), alleles: [...some] }));
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
