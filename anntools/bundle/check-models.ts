/**
 * Compares coding models with the sequence they lie on. A model that does not read from a start codon to one stop is
 * kept, flagged and counted: it may be wrong, or incomplete, or of a gene that plays by other rules.
 */
import { STOP, codonIndex, codonTable, complement } from '../genome/codons.ts';
import type { GeneModel, TranscriptModel } from '../models/gene-models.ts';
import { TranscriptFlag } from '../models/gene-models.ts';
import type { ProblemLog } from '../models/problems.ts';
import type { Contigs, Sequence } from './reference.ts';

const N = 78;

/**
 * Genes of selenoproteins (HGNC group 890), by today's symbols and those of older files. Ensembl's GTF marks their
 * TGA codons, its GFF3 does not; both must read alike.
 */
const SELENOPROTEINS =
  /^(DIO[123]|GPX[12346]|MSRB1|SELENO[FHIKMNOPSTVW]|SEPHS2|TXNRD[123]|SEP15|SEL[HIKMOSTV]|SEP[PNWX]1|VIMP|EPT1)$/i;

/** Sets the flags of each coding transcript that disagrees with its sequence, and notes the problem. */
export function checkModels(
  { genes, transcripts }: { genes: readonly GeneModel[]; transcripts: readonly TranscriptModel[] },
  contigs: Contigs,
  sequence: Sequence,
  problems: ProblemLog,
): void {
  const selenoproteins = new Set(genes.filter(({ symbol }) => SELENOPROTEINS.test(symbol)).map(({ id }) => id));
  const reader = new CodingReader(sequence);
  for (const transcript of transcripts) {
    const contig = contigs.idOf(transcript.contig);
    const unreadable = TranscriptFlag.NO_FRAME | TranscriptFlag.EXTENT_ONLY;
    if (transcript.cds === null || (transcript.flags & unreadable) !== 0 || !sequence.has(contig)) continue;
    const bases = reader.read(transcript, contig);
    if (selenoproteins.has(transcript.geneId)) recode(transcript, bases, contigs.codonTables[contig]);
    transcript.flags |= compare(transcript, bases, contigs.codonTables[contig], problems);
  }
}

const { CDS_START_NF, CDS_END_NF, NO_START_CODON, NO_STOP_CODON, INNER_STOP, NOT_MULTIPLE_OF_THREE } = TranscriptFlag;

/** Takes TGA inside a selenoprotein as selenocysteine, where the file has not said where it is. */
function recode(transcript: TranscriptModel, bases: Uint8Array, tableId: number): void {
  if (tableId !== 1 || transcript.selenocysteines.length > 0) return;
  for (let at = transcript.phase, codon = 1; at + 5 < bases.length; at += 3, codon++) {
    if (bases[at] === 84 && bases[at + 1] === 71 && bases[at + 2] === 65) transcript.selenocysteines.push(codon);
  }
}

function compare(transcript: TranscriptModel, bases: Uint8Array, tableId: number, problems: ProblemLog): number {
  const { id, phase } = transcript;
  const table = codonTable(tableId);
  const codons = Math.floor((bases.length - phase) / 3);
  const rest = bases.length - phase - codons * 3;
  const known = new Set(transcript.selenocysteines);
  const isStop = (codon: number): boolean =>
    table.aminoAcids[codonIndex(bases, phase + codon * 3)] === STOP && !known.has(codon + 1);

  let { flags } = transcript;
  if ((flags & CDS_START_NF) === 0 && (codons === 0 || !isStart(bases, tableId, table.starts))) {
    flags |= NO_START_CODON;
    problems.note('NO_START_CODON', id);
  }
  // Where the last codon is not known, nothing is missing.
  const stopped = codons > 0 && (isStop(codons - 1) || bases.subarray(-3).includes(N));
  if (rest > 0 && !isPolyadenylatedStop(bases, rest, tableId)) {
    flags |= NOT_MULTIPLE_OF_THREE;
    // Where nothing marks the end as missing, the length is an oddity of its own.
    if ((flags & CDS_END_NF) === 0) problems.note('NOT_MULTIPLE_OF_THREE', id);
    if (!stopped) flags |= CDS_END_NF;
  } else if (rest === 0 && !stopped && (flags & CDS_END_NF) === 0) {
    flags |= NO_STOP_CODON;
    problems.note('NO_STOP_CODON', id);
  }
  for (let codon = 0; codon < codons - 1; codon++) {
    if (!isStop(codon)) continue;
    flags |= INNER_STOP;
    problems.note('INNER_STOP', `${id} at codon ${codon + 1}`);
    break;
  }
  return flags;
}

/** The standard code's rare starts (CUG, UUG) would hide wrong models, so ATG alone counts there. */
function isStart(bases: Uint8Array, tableId: number, starts: Uint8Array): boolean {
  if (bases.subarray(0, 3).includes(N)) return true;
  return tableId === 1 ? bases[0] === 65 && bases[1] === 84 && bases[2] === 71 : starts[codonIndex(bases, 0)] === 1;
}

/** In mitochondria a last T or TA becomes the stop codon TAA by polyadenylation (NCBI table 2, note on MT-ND1 and others). */
function isPolyadenylatedStop(bases: Uint8Array, rest: number, tableId: number): boolean {
  const [last, before] = [bases[bases.length - 1], bases[bases.length - 2]];
  return [2, 3, 4, 5, 9, 13].includes(tableId) && (rest === 1 ? last === 84 : before === 84 && last === 65);
}

/** Reads the bases of a coding sequence in the order they are translated, slippage included. */
class CodingReader {
  #bases = new Uint8Array(1 << 14);

  constructor(readonly sequence: Sequence) {}

  /** Valid until the next call. */
  read({ cds, strand }: TranscriptModel, contig: number): Uint8Array {
    const parts = cds ?? [];
    const length = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    if (length > this.#bases.length) this.#bases = new Uint8Array(length * 2);
    const bases = this.#bases.subarray(0, length);
    let at = 0;
    for (const { start, end } of parts) {
      this.sequence.read(contig, start, end, bases, at);
      at += end - start;
    }
    if (strand === -1) bases.reverse().forEach((base, i) => (bases[i] = complement(base)));
    return bases;
  }
}
