/** Gene models written as GFF3 and GTF, the way Ensembl writes them; and short hands for tests that write lines. */
import type { GeneModel, Span, TranscriptModel } from '../../anntools/models/gene-models.ts';
import type { GeneFile } from '../../anntools/annotation-files/read.ts';
import { parseGeneFile } from '../../anntools/annotation-files/read.ts';

/** Reads lines whose columns are separated by blanks (the ninth may hold some). */
export function read(...lines: string[]): GeneFile {
  return parseGeneFile(Buffer.from(`${lines.map(tabbed).join('\n')}\n`));
}

/** `1 test gene 1 9 . + . ID=x` with tabs between the nine columns. */
export function tabbed(line: string): string {
  if (line.startsWith('#') || line.startsWith('>')) return line;
  return line.split(/ +/).slice(0, 8).join('\t') + '\t' + line.split(/ +/).slice(8).join(' ');
}

/** Models as GFF3: the stop codon is part of the CDS. */
export function gff3Lines(genes: readonly GeneModel[], transcripts: readonly TranscriptModel[]): string[] {
  const lines = genes.map(({ contig, span, strand, id, symbol, biotype, version }) =>
    line(
      contig,
      'gene',
      span,
      strand,
      '.',
      `ID=gene:${id};Name=${symbol};biotype=${biotype};gene_id=${id};version=${version}`,
    ),
  );
  for (const model of transcripts) {
    const { contig, strand, id, geneId, biotype, version, exons } = model;
    const attributes = `ID=transcript:${id};Parent=gene:${geneId};biotype=${biotype};transcript_id=${id};version=${version}`;
    lines.push(line(contig, 'mRNA', extent(exons), strand, '.', attributes));
    for (const exon of exons) lines.push(line(contig, 'exon', exon, strand, '.', `Parent=transcript:${id}`));
    for (const [part, phase] of phased(model, model.cds ?? [])) {
      const protein = `ID=CDS:${model.proteinId};Parent=transcript:${id};protein_id=${model.proteinId};version=${model.proteinVersion}`;
      lines.push(line(contig, 'CDS', part, strand, phase, protein));
    }
  }
  return lines;
}

/** Models as GTF: the last three coding bases are a stop codon outside the CDS. */
export function gtfLines(genes: readonly GeneModel[], transcripts: readonly TranscriptModel[]): string[] {
  const lines = genes.map(({ contig, span, strand, id, symbol, biotype, version }) =>
    line(
      contig,
      'gene',
      span,
      strand,
      '.',
      `gene_id "${id}"; gene_version "${version}"; gene_name "${symbol}"; gene_biotype "${biotype}";`,
    ),
  );
  for (const model of transcripts) {
    const { contig, strand, id, geneId, biotype, version, exons } = model;
    const common = `gene_id "${geneId}"; transcript_id "${id}"; transcript_version "${version}"; transcript_biotype "${biotype}";`;
    lines.push(line(contig, 'transcript', extent(exons), strand, '.', common));
    for (const exon of exons) lines.push(line(contig, 'exon', exon, strand, '.', common));
    const { coding, stop } = withoutStop(model);
    const protein = `${common} protein_id "${model.proteinId}"; protein_version "${model.proteinVersion}";`;
    for (const [part, phase] of phased(model, coding)) lines.push(line(contig, 'CDS', part, strand, phase, protein));
    for (const part of stop) lines.push(line(contig, 'stop_codon', part, strand, '0', common));
  }
  return lines;
}

function line(
  contig: string,
  type: string,
  { start, end }: Span,
  strand: 1 | -1,
  phase: string,
  attributes: string,
): string {
  return [contig, 'test', type, start + 1, end, '.', strand === 1 ? '+' : '-', phase, attributes].join('\t');
}

function extent(exons: readonly Span[]): Span {
  return { start: Math.min(...exons.map(({ start }) => start)), end: Math.max(...exons.map(({ end }) => end)) };
}

/** Each part with the phase it has when the first one has the model's. */
function phased({ strand, phase }: TranscriptModel, parts: readonly Span[]): [Span, string][] {
  let toSkip: number = phase;
  return (strand === 1 ? [...parts] : parts.toReversed()).map((part) => {
    const now = toSkip;
    const after = (part.end - part.start - now) % 3;
    toSkip = after < 0 ? -after : (3 - after) % 3;
    return [part, `${now}`];
  });
}

/** The coding parts without their last three bases, and those. */
function withoutStop({ cds, strand }: TranscriptModel): { coding: Span[]; stop: Span[] } {
  const coding: Span[] = [];
  const stop: Span[] = [];
  let left = 3;
  for (const { start, end } of strand === 1 ? (cds ?? []).toReversed() : (cds ?? [])) {
    const taken = Math.min(left, end - start);
    left -= taken;
    const cut = strand === 1 ? end - taken : start + taken;
    if (taken > 0) stop.push(strand === 1 ? { start: cut, end } : { start, end: cut });
    if (taken < end - start) coding.push(strand === 1 ? { start, end: cut } : { start: cut, end });
  }
  return { coding: coding.sort((a, b) => a.start - b.start), stop };
}
