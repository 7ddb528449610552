/**
 * Records of a file to gene models: finds for every piece its transcript and for every transcript its gene. The hard
 * part is what is missing: bacteria and viruses have genes with coding parts and no transcript between, pseudogenes
 * have only exons, some transcripts name a gene that never comes. All of them are kept; each habit is counted.
 */
import type { GeneModel, TranscriptModel } from '../models/gene-models.ts';
import { TranscriptFlag } from '../models/gene-models.ts';
import type { ProblemLog } from '../models/problems.ts';
import type { CodingGroup, CollectedRecords, ContigRecords, GeneRecord, Parts, TranscriptRecord } from './collected.ts';
import { buildTranscript, emptyParts } from './structure.ts';

export interface Models {
  genes: GeneModel[];
  transcripts: TranscriptModel[];
}

/** Puts all records together; oddities go to the records' problems. */
export function assemble({ contigs: byName, problems }: CollectedRecords): Models {
  const models: Models = { genes: [], transcripts: [] };
  const contigs = [...byName.values()];
  const geneMap = isGeneMap(contigs);
  for (const contig of contigs) new ContigAssembly(contig, models, problems, geneMap).run();
  return models;
}

/** Tools for viral lineages write files of gene lines and nothing else: there the genes are the coding parts. */
export function isGeneMap(contigs: readonly ContigRecords[]): boolean {
  const genes = contigs.flatMap((contig) => [...contig.genes.values()]);
  return (
    genes.length > 0 &&
    contigs.every(({ transcripts, parts }) => transcripts.size === 0 && parts.size === 0) &&
    genes.every(({ biotype }) => biotype === '' || biotype === 'protein_coding')
  );
}

class ContigAssembly {
  readonly #name: string;
  readonly #used = new Set<string>();
  readonly #genesInUse = new Map<GeneRecord, { hasTranscript: boolean; coding: boolean }>();
  readonly #impliedGenes = new Map<string, GeneRecord>();

  constructor(
    readonly records: ContigRecords,
    readonly models: Models,
    readonly problems: ProblemLog,
    readonly geneMap: boolean,
  ) {
    this.#name = records.facts.name;
  }

  run(): void {
    const { genes, transcripts, parts } = this.records;
    for (const gene of genes.values()) this.#genesInUse.set(gene, { hasTranscript: false, coding: false });
    const matureOf = this.#matureProducts();
    const onlyChild = this.#onlyTranscripts();
    for (const [key, record] of transcripts) {
      if (this.#used.has(key)) continue;
      this.#used.add(key);
      const own = parts.get(key) ?? emptyParts(record);
      // Some files hang the exons under the transcript and the coding parts under the gene.
      const coding = own.coding.length > 0 ? own.coding : (parts.get(onlyChild.get(key) ?? '')?.coding ?? []);
      this.#add(record, { ...own, coding }, this.#geneOf(key, record), matureOf.get(key) ?? []);
    }
    for (const [key, found] of parts) {
      if (this.#used.has(key)) continue;
      this.#derive(key, found);
    }
    for (const [gene, { hasTranscript }] of this.#genesInUse) if (!hasTranscript) this.#addExtent(gene);
    for (const [gene, use] of this.#genesInUse) this.#addGene(gene, use.coding);
  }

  /** A miRNA inside another transcript is its mature product (RefSeq: gene, primary_transcript, miRNA). */
  #matureProducts(): Map<string, TranscriptRecord[]> {
    const { transcripts } = this.records;
    const matureOf = new Map<string, TranscriptRecord[]>();
    for (const [key, record] of transcripts) {
      if (record.type !== 'miRNA') continue;
      const host = record.parents.find((parent) => transcripts.has(parent));
      if (host === undefined) continue;
      this.#used.add(key);
      const products = matureOf.get(host);
      if (products) products.push(record);
      else matureOf.set(host, [record]);
    }
    return matureOf;
  }

  /** Transcripts that are alone in their gene, with the gene's key. */
  #onlyTranscripts(): Map<string, string> {
    const childOf = new Map<string, string>();
    for (const [key, { parents }] of this.records.transcripts) {
      const gene = parents[0];
      if (gene === undefined || !this.records.parts.has(gene)) continue;
      childOf.set(gene, childOf.has(gene) ? '' : key);
    }
    return new Map([...childOf].map(([gene, key]) => [key, gene]));
  }

  /** The gene of a transcript line: its parent, a parent's parent, or one made of what the line says. */
  #geneOf(key: string, record: TranscriptRecord): GeneRecord | undefined {
    const { genes, transcripts } = this.records;
    const seen = new Set([key]);
    let parents = record.parents;
    for (;;) {
      const gene = parents.map((parent) => genes.get(parent)).find((found) => found !== undefined);
      if (gene) return gene;
      const above = parents.find((parent) => transcripts.has(parent) && !seen.has(parent));
      if (above === undefined) break;
      seen.add(above);
      parents = transcripts.get(above)?.parents ?? [];
    }
    if (record.parents.length > 0)
      this.problems.note('MISSING_PARENT', `${record.id} (line ${record.line}) names ${record.parents[0]}`);
    const id = record.gene.id || (record.parents[0] ?? '').replace(/^gene[:-]/, '');
    return id === '' ? undefined : this.#impliedGene(id, record);
  }

  #impliedGene(id: string, from: TranscriptRecord): GeneRecord {
    let gene = this.#impliedGenes.get(id);
    if (gene === undefined) {
      const { start, end, strand, line } = from;
      const { symbol, biotype } = from.gene;
      gene = { id, version: '', symbol, symbolSource: '', hgncId: '', biotype, start, end, strand, line };
      this.#impliedGenes.set(id, gene);
      this.#genesInUse.set(gene, { hasTranscript: false, coding: false });
    }
    return gene;
  }

  #add(
    record: TranscriptRecord,
    parts: Parts,
    gene: GeneRecord | undefined,
    mature: readonly TranscriptRecord[],
  ): void {
    const model = buildTranscript(this.#name, record, parts, mature, this.problems);
    model.geneId = gene?.id ?? '';
    const use = gene && this.#genesInUse.get(gene);
    if (gene && use) {
      // A gene without a line of its own reaches as far as its transcripts.
      gene.start = Math.min(gene.start, record.start);
      gene.end = Math.max(gene.end, record.end);
      use.hasTranscript = true;
      use.coding ||= model.cds !== null;
    }
    this.models.transcripts.push(model);
  }

  /** Pieces whose parent is a gene, is not there, or was never named. */
  #derive(key: string, parts: Parts): void {
    const gene = this.records.genes.get(key);
    // Ensembl-like genes have transcripts; exons that also name the gene say nothing new.
    if (gene && this.#genesInUse.get(gene)?.hasTranscript) return;
    if (!gene && !key.startsWith('CDS ')) this.problems.note('MISSING_PARENT', `line ${parts.line} names ${key}`);
    const groups = parts.coding;
    if (groups.length === 0) {
      const record = derivedRecord(gene?.id ?? key, gene, parts, undefined);
      this.#add(record, parts, gene ?? this.#ownGene(record), []);
      return;
    }
    const ids = derivedIds(groups, gene?.id ?? key);
    groups.forEach((group, i) => {
      const pseudo = group.details.pseudo || isPseudogene(gene);
      const details = { ...group.details, pseudo };
      const own = {
        ...parts,
        coding: [{ ...group, details }],
        exons: groups.length === 1 ? parts.exons : [],
        utrs: [],
      };
      const record = derivedRecord(ids[i], gene, own, own.coding[0]);
      this.#add(record, own, gene ?? this.#ownGene(record), []);
    });
  }

  #ownGene(record: TranscriptRecord): GeneRecord {
    return this.#impliedGene(record.gene.id || record.id, record);
  }

  #addExtent(gene: GeneRecord): void {
    const parts = emptyParts(gene);
    if (this.geneMap) {
      const group = wholeCoding(gene);
      this.#add(derivedRecord(gene.symbol || gene.id, gene, parts, group), { ...parts, coding: [group] }, gene, []);
      return;
    }
    this.problems.note('GENE_WITHOUT_TRANSCRIPT', `${gene.id} (line ${gene.line})`);
    const record = derivedRecord(gene.id, gene, parts, undefined);
    record.flags |= TranscriptFlag.EXTENT_ONLY;
    this.#add(record, parts, gene, []);
  }

  #addGene(gene: GeneRecord, coding: boolean): void {
    const { id, version, symbol, symbolSource, hgncId, start, end } = gene;
    this.models.genes.push({
      id,
      version,
      symbol,
      symbolSource,
      hgncId,
      biotype: gene.biotype || (coding ? 'protein_coding' : ''),
      contig: this.#name,
      span: { start, end },
      strand: gene.strand === -1 ? -1 : 1,
    });
  }
}

/** RefSeq marks some coding parts of pseudogenes as such and others not; none of them is translated. */
function isPseudogene(gene: GeneRecord | undefined): boolean {
  return /pseudo/.test(gene?.biotype ?? '');
}

/** Names for transcripts that the file does not name: their own, the locus tag, the protein; the first that tells them apart. */
function derivedIds(groups: readonly CodingGroup[], fallback: string): string[] {
  const choices = [
    groups.map(({ details }) => details.transcriptId.replace(/^unassigned_transcript_\d+$/, '')),
    groups.map(({ details }) => details.locusTag),
    groups.map(({ proteinId }) => proteinId),
    groups.map(({ key }) => key.replace(/^(cds|CDS|id)[:-]/, '')),
  ];
  const distinct = choices.find((names) => names.every((name) => name !== '') && new Set(names).size === names.length);
  return distinct ?? groups.map((_, i) => (groups.length === 1 ? fallback : `${fallback}.${i + 1}`));
}

/** A transcript the file implies: the gene's extent or the extent of its pieces. */
function derivedRecord(
  id: string,
  gene: GeneRecord | undefined,
  parts: Parts,
  group: CodingGroup | undefined,
): TranscriptRecord {
  const bounds = [...parts.exons, ...(group?.parts.filter((_, i) => i % 4 < 2) ?? [])];
  const start = bounds.length > 0 ? Math.min(...bounds) : (gene?.start ?? 0);
  const end = bounds.length > 0 ? Math.max(...bounds) : (gene?.end ?? 0);
  const pseudo = group?.details.pseudo ?? isPseudogene(gene);
  return {
    id,
    version: '',
    type: group ? 'CDS' : 'transcript',
    parents: [],
    gene: { id: group?.details.locusTag ?? '', symbol: group?.details.symbol ?? '', biotype: '' },
    biotype: group && !pseudo ? 'protein_coding' : gene?.biotype || (pseudo ? 'pseudogene' : ''),
    source: parts.source,
    start,
    end,
    strand: gene?.strand || parts.strand,
    maneMate: '',
    ccdsId: '',
    supportLevel: 0,
    appris: 0,
    flags: group?.details.flags ?? 0,
    line: group?.line ?? parts.line,
  };
}

function wholeCoding({ start, end, strand, line }: GeneRecord): CodingGroup {
  return {
    key: '',
    line,
    parts: [start, end, 0, strand],
    proteinId: '',
    proteinVersion: '',
    details: {
      transcriptId: '',
      locusTag: '',
      symbol: '',
      pseudo: false,
      transSpliced: false,
      flags: 0,
      ccdsId: '',
      codonTable: 0,
      selenocysteines: [],
    },
  };
}
