/** What is to be done with every record of a file: decided once by the main thread, handed to every worker as data. */
import type { TranscriptChoice } from '../engine/choice.ts';
import type { Manner } from '../consequence/spliced.ts';
import type { IndexKind } from '../vcf/index-writer.ts';
import type { DeflateLevel } from '../bgzf/block.ts';
import type { FormColumns, FormName } from '../forms/form.ts';
import type { GeneTable } from '../genes/gene-table.ts';
import type { BandTable } from '../lookup/bands.ts';
import type { Tolerance } from '../structural/match.ts';
import type { Track } from '../tracks/track.ts';
import type { InfoField } from '../vcf/header-writer.ts';

export interface Plan {
  /** Folder of the reference bundle; null when there is none that can be used. */
  reference: string | null;
  /** Folders of sources of known variants, in the order of their fields: of alleles, then of structural variants. */
  known: readonly string[];
  knownStructural: readonly string[];
  /** When a structural variant is taken for a known one. */
  tolerance: Tolerance;
  /** Whether the chromosomes of the nucleus refer to the assembly of each source of either kind. */
  knownFits: readonly boolean[];
  /** Tracks, in the order of their fields. */
  tracks: readonly Track[];
  /** Tables of genes, in the order of their columns. */
  genes: readonly GeneTable[];
  /** Cytobands of the file's assembly; null when they are not known. */
  bands: BandTable | null;
  form: FormName;
  columns: FormColumns;
  /** INFO fields that are added, with where their values come from. */
  added: readonly InfoField[];
  /** The file's assembly, empty when it is not known. */
  assembly: string;
  transcripts: TranscriptChoice;
  /** How far beside a transcript a variant is told of. */
  distance: number;
  manner: Manner;
  /** Whether haplotypes are told of in BCSQ: the lines that come have it. */
  phased: boolean;
  /** Whether chromosomes of the nucleus, and the mitochondrion, refer to the reference's assembly. */
  nuclear: boolean;
  mitochondrion: boolean;
  /** Contigs whose length in the header is not the reference's: they are another sequence of the same name. */
  foreignContigs: readonly string[];
  /** Lengths by the file's contig names, from its header or the tables of its assembly. */
  lengths: ReadonlyMap<string, number>;
  /** INFO ids whose old values are taken out. */
  replaced: readonly string[];
  /** Compression of the output; null for text. */
  level: DeflateLevel | null;
  index: IndexKind;
}
