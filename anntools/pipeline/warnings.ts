/** What a person should know about a result: a code for programs, a sentence that says what, where and what to do. */
import { TranscriptFlag } from '../models/gene-models.ts';
import type { Reference } from '../bundle/reference.ts';
import type { TranscriptChoice } from '../engine/choice.ts';
import type { Manner } from '../consequence/spliced.ts';
import { assemblyNamed, spelled } from '../genome/assemblies.ts';
import { chromosomeOf } from '../genome/chromosome.ts';
import { say, sayMany } from '../report/say.ts';
import type { Warning } from '../report/summary.ts';
import type { Example, ExampleKind, TallyCounts } from '../report/tally.ts';
import type { KnownManifest } from '../lookup/known-format.ts';
import type { Track } from '../tracks/track.ts';
import type { Fit } from './fit.ts';
import type { Survey } from './survey.ts';

/** Everything the warnings are drawn from. */
export interface Findings {
  survey: Survey;
  reference: Reference | null;
  transcripts: TranscriptChoice;
  manner: Manner;
  fit: Fit | null;
  counts: TallyCounts;
  examples: Readonly<Record<ExampleKind, Example[]>>;
  /** The file is BGZF without its closing block. */
  lacksEnd: boolean;
  replaced: readonly string[];
  replacesVep: boolean;
  /** Why there is no index although one was asked for. */
  noIndex: 'unsorted' | 'long' | null;
  /** Sources of known variants of another assembly than the file's. */
  unfitKnown: readonly Pick<KnownManifest, 'name' | 'assembly'>[];
  /** Tables of genes for whose columns the form has no place. */
  genesLeftOut: readonly string[];
  /** What was met on the way to haplotypes; null when nobody asked for them. */
  haplotypes: { unphased: number; lacksGenotypes: boolean } | null;
  tracks: readonly Pick<Track, 'name' | 'source' | 'badLines' | 'badExamples'>[];
}

/** The warnings of a run, most important first. */
export function warningsOf(findings: Findings): Warning[] {
  return [
    ...aboutAssembly(findings),
    ...aboutChoice(findings),
    ...aboutExonLines(findings),
    ...aboutKnown(findings),
    ...aboutContigs(findings),
    ...aboutBases(findings),
    ...aboutLines(findings),
    ...aboutTracks(findings),
    ...aboutGenes(findings),
    ...aboutHaplotypes(findings),
    ...aboutFile(findings),
  ];
}

function aboutAssembly({ survey, reference, fit, counts }: Findings): Warning[] {
  const { verdict } = survey;
  if (reference === null || fit === null) {
    const message = `${verdict.sentence} No reference was used: no genes and consequences are given.`;
    return [{ code: 'NO_REFERENCE', message }];
  }
  if (nuclearRecords(counts) === 0) return [];
  const ours = assemblyNamed(reference.assembly);
  if (!fit.nuclear) {
    const theirs = assemblyNamed(verdict.name);
    const sentence =
      theirs || ours ? verdict.sentence : 'Its REF bases do not agree with the sequence of the reference.';
    const what =
      `The reference ${reference.name} is ${ours ? spelled(ours) : reference.assembly || 'another assembly'}, so nothing is ` +
      'said about genes, consequences and known variants of its chromosomes, rather than something wrong.';
    return [{ code: 'ASSEMBLY_MISMATCH', message: `${sentence} ${what} ${advice(theirs?.name ?? '')}` }];
  }
  if (verdict.name !== '' || fit.sameLengths || ours === undefined) return [];
  const message =
    `${verdict.sentence} It was annotated as ${spelled(ours)}; if that is not its assembly, the genes, consequences and ` +
    'known variants given are wrong. A line such as ##reference or ##contig with lengths in its header would tell.';
  return [{ code: 'ASSEMBLY_UNKNOWN', message }];
}

/** Transcripts were chosen by what the reference says of none: every record would look as if it lay in no gene. */
function aboutChoice({ reference, transcripts, fit }: Findings): Warning[] {
  if (reference === null || transcripts !== 'mane' || fit?.nuclear !== true) return [];
  const mane = TranscriptFlag.MANE_SELECT | TranscriptFlag.MANE_PLUS_CLINICAL;
  if (reference.transcripts.flags.some((flags) => (flags & mane) !== 0)) return [];
  const message =
    `The reference ${reference.name} does not say which transcripts are MANE, so no gene is told of. Choose canonical ` +
    'transcripts, or a reference made from a gene file that has MANE tags (Ensembl from release 104, for GRCh38).';
  return [{ code: 'NO_MANE', message }];
}

/** Models that VEP leaves out, and in its manner we. */
function aboutExonLines({ reference, manner, fit }: Findings): Warning[] {
  if (reference === null || manner !== 'vep' || !(fit?.nuclear || fit?.mitochondrion)) return [];
  const { flags } = reference.transcripts;
  const without = flags.reduce((count, each) => count + ((each & TranscriptFlag.NO_EXON_LINES) === 0 ? 0 : 1), 0);
  if (without === 0) return [];
  const message =
    `The reference ${reference.name} has ${sayMany(without, 'transcript')} with coding parts and no exon lines. Ensembl ` +
    'VEP leaves such transcripts out, and so did this run; by the rules of the specifications (--manner specification) ' +
    'their coding parts serve for exons.';
  return [{ code: 'NO_EXON_LINES', message }];
}

/** Sources that were asked for and are not of the file's assembly; those of the reference go with it. */
function aboutKnown({ survey, reference, fit, unfitKnown }: Findings): Warning[] {
  const ours = assemblyNamed(reference?.assembly ?? '');
  const told = reference !== null && fit?.nuclear === false;
  return unfitKnown
    .filter(({ assembly }) => !(told && assemblyNamed(assembly) === ours))
    .map(({ name, assembly }) => ({
      code: 'KNOWN_MISMATCH',
      message: `${name} holds variants of ${assembly}, which is not the file's assembly: nothing is looked up in it. ${survey.verdict.sentence}`,
    }));
}

function aboutHaplotypes({ haplotypes }: Findings): Warning[] {
  if (haplotypes === null) return [];
  const warnings: Warning[] = [];
  if (haplotypes.lacksGenotypes) {
    const message =
      'There are records without genotypes: their first ALTs were taken as one haplotype, as bcftools csq does. ' +
      'That is right only where all of them are on one chromosome.';
    warnings.push({ code: 'NO_GENOTYPES', message });
  }
  if (haplotypes.unphased > 0) {
    const count = haplotypes.unphased;
    const message =
      `${sayMany(count, 'heterozygous genotype')} of coding changes ${count === 1 ? 'is' : 'are'} not phased: by default such are part ` +
      'of no haplotype; --unphased as-is or merge takes them in.';
    warnings.push({ code: 'UNPHASED', message, count });
  }
  return warnings;
}

function aboutGenes({ genesLeftOut }: Findings): Warning[] {
  if (genesLeftOut.length === 0) return [];
  const message = `ANN and BCSQ have no place for values by gene: ${genesLeftOut.join(', ')} is left out; CSQ, tables and JSON lines have it.`;
  return [{ code: 'GENES_LEFT_OUT', message }];
}

function aboutTracks({ tracks }: Findings): Warning[] {
  return tracks
    .filter(({ badLines }) => badLines > 0)
    .map(({ name, source, badLines, badExamples }) => ({
      code: 'TRACK_LINES',
      message: `${sayMany(badLines, 'line')} of the track ${name} (${source}) cannot be read and ${badLines === 1 ? 'is' : 'are'} left out: line ${badExamples[0].line} ${badExamples[0].text}.`,
      count: badLines,
    }));
}

/** What to do about a file of this assembly. */
function advice(assembly: string): string {
  if (assembly === 'GRCh37' || assembly === 'GRCh38' || assembly.startsWith('GRCm')) {
    const name = assembly.toLowerCase();
    return `Annotate it with a reference of ${assembly}: "anntools reference install ${name}" installs one.`;
  }
  if (assembly === '') return 'Find out its assembly, and annotate it with a reference of that.';
  return 'Lift it over to GRCh38 first, or build a reference of its assembly with "anntools reference build".';
}

function nuclearRecords({ contigs }: TallyCounts): number {
  return [...contigs].reduce((sum, [name, { records }]) => (chromosomeOf(name) === 'MT' ? sum : sum + records), 0);
}

function aboutContigs({ survey, reference, fit, counts }: Findings): Warning[] {
  if (reference === null || fit === null) return [];
  const warnings: Warning[] = [];
  for (const name of fit.foreignContigs) {
    const records = counts.contigs.get(name)?.records ?? 0;
    // The assembly's mismatch has told it of the others.
    if (records === 0 || (!fit.nuclear && chromosomeOf(name) !== 'MT')) continue;
    const theirs = survey.header.contigs.find((contig) => contig.name === name)?.length ?? 0;
    const ours = reference.contigs.lengths[reference.contigs.idOf(name)];
    const message =
      `${name} has ${say(theirs)} bases according to the header and ${say(ours)} in the reference: it is another ` +
      `sequence of the same name, and its ${say(records)} records are not annotated.`;
    warnings.push({ code: 'FOREIGN_CONTIG', message, count: records });
  }
  if (!fit.mitochondrion) {
    const message = 'The REF bases of the mitochondrial records are not those of rCRS: they are not annotated.';
    warnings.push({ code: 'FOREIGN_CONTIG', message });
  }
  const unknown = [...counts.contigs].filter(([, { known, records }]) => !known && records > 0);
  if (unknown.length > 0) {
    const records = unknown.reduce((sum, [, contig]) => sum + contig.records, 0);
    const names = unknown.slice(0, 5).map(([name]) => name);
    const contigs = unknown.length === 1 ? 'a contig' : `${say(unknown.length)} contigs`;
    const message =
      `${sayMany(records, 'record')} ${records === 1 ? 'lies' : 'lie'} on ${contigs} that the reference does not have ` +
      `(${names.join(', ')}${unknown.length > names.length ? ', …' : ''}) and ${records === 1 ? 'is' : 'are'} not annotated.`;
    warnings.push({ code: 'UNKNOWN_CONTIGS', message, count: records });
  }
  return warnings;
}

function aboutBases({ reference, fit, counts, examples }: Findings): Warning[] {
  const warnings: Warning[] = [];
  const { refCompared, refDisagreeing, beyondEnd } = counts;
  if (refDisagreeing > 0) {
    const share = (100 * refDisagreeing) / refCompared;
    const many = share >= 10 ? ' So many mean that the file refers to another sequence than the reference.' : '';
    const message =
      `${sayMany(refDisagreeing, 'record')} of ${say(refCompared)} compared (${share.toFixed(share < 1 ? 2 : 0)} %) ` +
      `${refDisagreeing === 1 ? 'has' : 'have'} a REF that is not what the reference has there.${many}`;
    warnings.push({ code: 'REF_MISMATCH', message, count: refDisagreeing, examples: examples.refDisagreeing });
  }
  if (beyondEnd > 0) {
    const message = `${sayMany(beyondEnd, 'record')} ${beyondEnd === 1 ? 'lies' : 'lie'} beyond the end of the contig in the reference.`;
    warnings.push({ code: 'BEYOND_END', message, count: beyondEnd, examples: examples.beyondEnd });
  }
  if (reference !== null && fit?.nuclear === true && nuclearRecords(counts) > 0 && !hasNuclearSequence(reference)) {
    const message =
      `The reference ${reference.name} knows where genes, exons and coding parts lie, but not the sequence of the ` +
      'chromosomes: a coding change is told by its place and length, without amino acids. ' +
      `"anntools reference install ${reference.assembly.toLowerCase()}" installs the full reference.`;
    warnings.push({ code: 'NO_SEQUENCE', message });
  }
  return warnings;
}

function hasNuclearSequence({ contigs, sequence }: Reference): boolean {
  return contigs.names.some((name, id) => chromosomeOf(name) !== 'MT' && sequence.has(id));
}

function aboutLines({ counts, examples, noIndex }: Findings): Warning[] {
  const warnings: Warning[] = [];
  if (counts.badLines > 0) {
    const [first] = examples.badLine;
    const where = first ? ` The first is line ${first.line}, which ${first.text}.` : '';
    const message =
      counts.badLines === 1
        ? `One line cannot be read as a record and passes as it is: line ${first?.line ?? '?'}, which ${first?.text ?? ''}.`
        : `${say(counts.badLines)} lines cannot be read as records and pass as they are.${where}`;
    warnings.push({ code: 'BAD_LINES', message, count: counts.badLines, examples: examples.badLine });
  }
  if (noIndex === 'unsorted') {
    const [first] = examples.unsorted;
    const message =
      `The file is not sorted: line ${first?.line ?? '?'} (${first?.text ?? ''}) comes after a later position or another ` +
      'contig. Everything is annotated, but an unsorted file cannot have an index; "bcftools sort" sorts the result.';
    warnings.push({ code: 'UNSORTED', message, examples: examples.unsorted.slice(0, 1) });
  }
  if (noIndex === 'long') {
    const message =
      'A contig is longer than a .tbi index can hold (512 Mb), so none is written; "bcftools index -c" makes a .csi.';
    warnings.push({ code: 'LONG_CONTIG', message });
  }
  if (counts.lines === 0) warnings.push({ code: 'NO_RECORDS', message: 'The file has a header but no records.' });
  return warnings;
}

function aboutFile({ survey, lacksEnd, replaced, replacesVep }: Findings): Warning[] {
  const warnings: Warning[] = [];
  const { header } = survey;
  if (lacksEnd) {
    const message =
      'The compressed file lacks the block that says it is whole: it may have been cut off. Compare it with the original.';
    warnings.push({ code: 'MAY_BE_CUT', message });
  }
  if (header.version === '') {
    const message = 'The first line is not ##fileformat=VCFv4.x, as a VCF requires; other tools may refuse the file.';
    warnings.push({ code: 'NO_FILEFORMAT', message });
  }
  if (header.samples.some((name) => name === '') || new Set(header.samples).size < header.samples.length) {
    const message =
      'The #CHROM line names a sample twice, or ends in a tab and so names one without a name; other tools may refuse the file.';
    warnings.push({ code: 'SAMPLE_NAMES', message });
  }
  if (header.byteOrderMark) {
    const message = 'The file began with a byte order mark, which other tools refuse; the result is without.';
    warnings.push({ code: 'BYTE_ORDER_MARK', message });
  }
  if (replaced.length > 0) {
    const by = replacesVep ? ' (CSQ was by Ensembl VEP)' : '';
    const message = `The file was annotated before: its ${replaced.join(', ')} ${replaced.length === 1 ? 'is' : 'are'} replaced${by}.`;
    warnings.push({ code: 'REPLACED_FIELDS', message });
  }
  return warnings;
}
