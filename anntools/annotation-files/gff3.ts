/**
 * GFF3 lines as records: Ensembl, GENCODE, RefSeq, and the gene/CDS files of bacteria and viruses. What a line is
 * gets decided by its type; what belongs to what is decided later (`assemble.ts`), since parents may come after
 * children. Names and versions are read the way Ensembl VEP reads them with `--gff` (its AnnotationSource/File/GFF.pm,
 * BaseGXF.pm), so that answers can be compared.
 */
import { TranscriptFlag } from '../models/gene-models.ts';
import { gff3Attribute, gff3Attributes, unescapeGff3 } from './attributes.ts';
import type { CodingDetails, CollectedRecords, GeneRecord, Parts } from './collected.ts';
import { addPiece, ownString } from './collected.ts';
import type { Feature } from './feature.ts';
import { featureKind } from './feature-kinds.ts';
import { assumedVersion, flagsOfTags, symbolSourceOf } from './identifiers.ts';

/** Files one GFF3 line under its contig and parent. */
export function collectGff3(records: CollectedRecords, feature: Feature): void {
  if (feature.contig.includes('%')) feature.contig = unescapeGff3(feature.contig);
  switch (featureKind(feature.type)) {
    case 'gene':
      return collectGene(records, feature);
    case 'transcript':
      return collectTranscript(records, feature);
    case 'exon':
      return eachParent(records, feature, ({ exons }) => exons.push(feature.start, feature.end));
    case 'coding':
      return collectCoding(records, feature);
    case 'untranslated':
      return eachParent(records, feature, ({ utrs }) => utrs.push(feature.start, feature.end));
    case 'stop codon':
      return eachParent(records, feature, ({ stops }) => stops.push(feature.start, feature.end));
    case 'selenocysteine':
      return eachParent(records, feature, ({ selenocysteines }) => selenocysteines.push(feature.start));
    case 'sequence':
      return collectSequence(records, feature);
    case 'other':
  }
}

function eachParent(records: CollectedRecords, feature: Feature, add: (parts: Parts) => void): void {
  for (const parent of gff3Attributes(feature.attributes, 'Parent'))
    add(records.parts(feature.contig, parent, feature));
}

/** `gene:ENSG1`, `gene-BRCA2`, `rna-NM_1.2` without what only says which kind it is. */
function withoutKind(id: string): string {
  return id.replace(/^(gene|transcript|rna|cds|CDS|id)[:-]/, '');
}

function collectGene(records: CollectedRecords, feature: Feature): void {
  const { contig, type, start, end, strand, attributes, line } = feature;
  const value = (key: string): string => gff3Attribute(attributes, key);
  const key = value('ID') || value('gene_id') || value('Name') || value('gene_name') || `line ${line}`;
  const { genes } = records.contig(contig);
  const known = genes.get(key);
  if (known !== undefined) return addPiece(known, feature, records.problems);
  const description = value('description');
  const hgncId = value('hgnc_id') || hgncOf(attributes, description);
  const symbol = value('gene_name') || value('gene') || value('Name') || value('locus_tag');
  genes.set(ownString(key), {
    id: ownString(value('gene_id') || entrezId(attributes) || withoutKind(key)),
    version: value('version'),
    symbol: ownString(symbol),
    symbolSource: symbolSourceOf(description, hgncId, attributes),
    hgncId,
    biotype:
      value('biotype') || value('gene_biotype') || value('gene_type') || (type === 'pseudogene' ? 'pseudogene' : ''),
    start,
    end,
    strand,
    line,
  });
}

/** NCBI's gene number: `Dbxref=GeneID:675,…`. */
function entrezId(attributes: string): string {
  return referenceTo('GeneID', attributes);
}

/** What a line is called in another database; empty where it does not say. */
function referenceTo(database: string, attributes: string): string {
  if (!attributes.includes(`${database}:`)) return '';
  const references = gff3Attributes(attributes, 'Dbxref').concat(gff3Attributes(attributes, 'dbxref'));
  return references.find((reference) => reference.startsWith(`${database}:`))?.slice(database.length + 1) ?? '';
}

/** `HGNC:1101` out of `Dbxref=HGNC:HGNC:1101` or `[Source:HGNC Symbol;Acc:HGNC:1101]`. */
function hgncOf(attributes: string, description: string): string {
  const number =
    /[=,]HGNC:(?:HGNC:)?(\d+)/.exec(attributes)?.[1] ??
    /\[Source:HGNC [^;]*;Acc:(?:HGNC:)?(\d+)/.exec(description)?.[1];
  return number === undefined ? '' : `HGNC:${number}`;
}

function collectTranscript(records: CollectedRecords, feature: Feature): void {
  const { contig, type, start, end, strand, attributes, line } = feature;
  const value = (key: string): string => gff3Attribute(attributes, key);
  const key = value('ID') || value('transcript_id') || `line ${line}`;
  const id = value('transcript_id') || withoutKind(value('ID') || value('Name') || key);
  const { transcripts } = records.contig(contig);
  const known = transcripts.get(key);
  if (known !== undefined) return addPiece(known, feature, records.problems);
  transcripts.set(ownString(key), {
    id: ownString(id),
    version: value('version') || assumedVersion(id),
    type,
    parents: gff3Attributes(attributes, 'Parent').map(ownString),
    gene: geneOfLine(attributes),
    biotype: ownString(transcriptBiotype(type, attributes)),
    source: ownString(unescapeGff3(feature.source)),
    start,
    end,
    strand,
    maneMate: maneMateOf(attributes),
    ccdsId: ownString(value('ccdsid') || value('ccds_id')),
    supportLevel: Number.parseInt(value('transcript_support_level') || value('tsl'), 10) || 0,
    ...flagsOfTags(gff3Attributes(attributes, 'tag'), value('ccdsid') || value('ccds_id')),
    line,
  });
  const record = transcripts.get(key);
  if (record) record.flags |= partialEnds(attributes, strand);
}

function geneOfLine(attributes: string): Pick<GeneRecord, 'id' | 'symbol' | 'biotype'> {
  const value = (key: string): string => gff3Attribute(attributes, key);
  return {
    id: value('gene_id') || entrezId(attributes) || value('locus_tag'),
    symbol: value('gene_name') || value('gene'),
    biotype: value('gene_type') || value('gene_biotype'),
  };
}

/** VEP's order: told, or guessed from type and RefSeq's `gbkey` (GFF.pm, `_record_get_biotype`). */
function transcriptBiotype(type: string, attributes: string): string {
  const told = gff3Attribute(attributes, 'biotype') || gff3Attribute(attributes, 'transcript_type');
  if (told !== '') return told;
  const kind = type.toLowerCase();
  if (kind === 'mrna') return 'protein_coding';
  if (kind === 'ncrna' && gff3Attribute(attributes, 'ncrna_class') !== '')
    return gff3Attribute(attributes, 'ncrna_class');
  const segment = /^([a-z]+)_gene_segment$/.exec(kind);
  if (segment) return `IG_${segment[1].toUpperCase()}_gene`;
  const keyed = gff3Attribute(attributes, 'gbkey') || gff3Attribute(attributes, 'gene_biotype');
  return keyed || (kind === 'transcript' ? '' : type);
}

/** RefSeq names its Ensembl twin in Dbxref, MANE's own file its RefSeq twin as an attribute. */
function maneMateOf(attributes: string): string {
  if (!/MANE[_ ](Select|Plus)/.test(attributes)) return '';
  const told = gff3Attribute(attributes, 'refseq');
  return (
    told ||
    (gff3Attributes(attributes, 'Dbxref')
      .find((reference) => reference.startsWith('Ensembl:ENST'))
      ?.slice(8) ??
      '')
  );
}

/** RefSeq: `partial=true;start_range=.,100` means the lower end is not found, `end_range=200,.` the upper one. */
function partialEnds(attributes: string, strand: 1 | -1 | 0): number {
  if (!attributes.includes('_range=')) return 0;
  const low = gff3Attribute(attributes, 'start_range').startsWith('.');
  const high = gff3Attribute(attributes, 'end_range').endsWith('.');
  const [first, last] = strand === -1 ? [high, low] : [low, high];
  return (first ? TranscriptFlag.CDS_START_NF : 0) | (last ? TranscriptFlag.CDS_END_NF : 0);
}

function collectCoding(records: CollectedRecords, feature: Feature): void {
  const { contig, attributes, line } = feature;
  const parents = gff3Attributes(attributes, 'Parent');
  const proteinId = gff3Attribute(attributes, 'protein_id');
  const key = gff3Attribute(attributes, 'ID') || proteinId;
  // A CDS without parent stands for itself: every ID is a gene of its own.
  if (parents.length === 0) parents.push(`CDS ${key || line}`);
  const table = Number(gff3Attribute(attributes, 'transl_table'));
  if (table > 0) {
    const { codonTables } = records.contig(contig).facts;
    codonTables.set(table, (codonTables.get(table) ?? 0) + 1);
  }
  for (const parent of parents) {
    const { coding } = records.parts(contig, parent, feature);
    let group = coding.find((candidate) => candidate.key === key);
    if (group === undefined) {
      group = {
        key: ownString(key),
        line,
        parts: [],
        proteinId: ownString(proteinId),
        proteinVersion: proteinId === '' ? '' : gff3Attribute(attributes, 'version') || assumedVersion(proteinId),
        details: codingDetails(feature, table),
      };
      coding.push(group);
    }
    group.parts.push(feature.start, feature.end, feature.phase, feature.strand);
  }
}

function codingDetails({ attributes, strand }: Feature, codonTable: number): CodingDetails {
  const value = (key: string): string => gff3Attribute(attributes, key);
  const ccdsId = referenceTo('CCDS', attributes);
  return {
    transcriptId: ownString(value('transcript_id')),
    locusTag: ownString(value('locus_tag')),
    symbol: ownString(value('gene') || value('Name')),
    pseudo: value('pseudo') === 'true',
    transSpliced: value('exception').startsWith('trans-splicing'),
    flags: partialEnds(attributes, strand) | (ccdsId === '' ? 0 : TranscriptFlag.CCDS),
    ccdsId: ownString(ccdsId),
    codonTable,
    selenocysteines: selenocysteinesOf(attributes),
  };
}

/** `transl_except=(pos:1204..1206,aa:Sec)` and its complement form; the offset of the codon's lowest base. */
function selenocysteinesOf(attributes: string): readonly number[] {
  if (!attributes.includes('transl_except=')) return [];
  const text = gff3Attribute(attributes, 'transl_except');
  return [...text.matchAll(/pos:(?:complement\()?(?:join\()?(\d+)[^()]*?\)*,aa:(?:Sec|U)\b/g)].map(
    (found) => Number(found[1]) - 1,
  );
}

/** A line for the sequence itself: its other names, whether it is a circle. */
function collectSequence(records: CollectedRecords, { contig, start, end, attributes }: Feature): void {
  if (start !== 0) return;
  const { facts } = records.contig(contig);
  if (gff3Attribute(attributes, 'Is_circular') === 'true') facts.circular = true;
  facts.length = Math.max(facts.length, end);
  const names = gff3Attributes(attributes, 'Alias');
  const chromosome = gff3Attribute(attributes, 'chromosome');
  if (chromosome !== '' && chromosome !== 'Unknown' && gff3Attribute(attributes, 'genome') === 'chromosome')
    names.push(chromosome);
  if (gff3Attribute(attributes, 'genome') === 'mitochondrion') names.push('MT');
  for (const name of names) if (name !== contig && !facts.aliases.includes(name)) facts.aliases.push(name);
}
