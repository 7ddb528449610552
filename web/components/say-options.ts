/** The options of an annotation in words. Pure. */
import {
  areUsual,
  completeOptions,
  defaultOptions,
  type Manner,
  type OutputForm,
  type SomeOptions,
  type TranscriptChoice,
} from '../../jobs/annotation-options.ts';
import { sayCount } from './say.ts';

/** The choices as a list offers them. */
export const transcriptLabels: Record<TranscriptChoice, string> = {
  all: 'All in reach',
  canonical: 'The canonical one of each gene',
  mane: 'MANE Select and MANE Plus Clinical',
  pick: 'One for each allele, the one VEP would pick',
};

export const mannerLabels: Record<Manner, string> = {
  vep: 'As Ensembl VEP applies them',
  specification: 'As SO and HGVS specify them',
};

export const formLabels: Record<OutputForm, string> = {
  csq: 'VCF with CSQ, as Ensembl VEP writes it',
  ann: 'VCF with ANN, as SnpEff writes it',
  bcsq: 'VCF with BCSQ, as bcftools csq writes it',
  tsv: 'Table, a row for each allele and transcript (TSV)',
  json: 'JSON lines, an object for each record',
};

/** What the result is called where it can be had. */
export const resultLabels: Record<OutputForm, string> = {
  csq: 'Annotated VCF',
  ann: 'Annotated VCF',
  bcsq: 'Annotated VCF',
  tsv: 'Annotated table (TSV)',
  json: 'Annotated records (JSON lines)',
};

const transcriptWords: Record<TranscriptChoice, string> = {
  all: 'all transcripts',
  canonical: 'canonical transcripts',
  mane: 'MANE transcripts',
  pick: 'one transcript for each allele',
};

const mannerWords: Record<Manner, string> = { vep: "VEP's rules", specification: 'rules as specified' };

const formWords: Record<OutputForm, string> = {
  csq: 'VCF with CSQ',
  ann: 'VCF with ANN',
  bcsq: 'VCF with BCSQ',
  tsv: 'table (TSV)',
  json: 'JSON lines',
};

/** `all transcripts, up to 5,000 bases beside; VCF with CSQ; without dbSNP` */
export function sayOptions(options: SomeOptions): string {
  const { transcripts, distance, manner, form, ...sources } = completeOptions(options);
  const reach = `${transcriptWords[transcripts]}, up to ${sayCount(distance)} bases beside`;
  return [reach, mannerWords[manner], formWords[form], ...saySources(sources)].join('; ');
}

/** Only what is not as usual, e.g. `MANE transcripts; table (TSV)`; empty when everything is. */
export function sayUnusual(options: SomeOptions): string {
  if (areUsual(options)) return '';
  const { transcripts, distance, manner, form, ...sources } = completeOptions(options);
  return [
    transcripts !== defaultOptions.transcripts && transcriptWords[transcripts],
    distance !== defaultOptions.distance && `up to ${sayCount(distance)} bases beside`,
    manner !== defaultOptions.manner && mannerWords[manner],
    form !== defaultOptions.form && formWords[form],
    ...saySources(sources),
  ]
    .filter((words) => words !== false)
    .join('; ');
}

function saySources({ left_out = [], tracks = [], genes = [], own_track }: SomeOptions): string[] {
  return [
    ...(left_out.length > 0 ? [`without ${left_out.join(', ')}`] : []),
    ...(tracks.length + genes.length > 0 ? [`with ${[...tracks, ...genes].join(', ')}`] : []),
    ...(own_track ? [`with ${own_track.name} from ${own_track.file_name}`] : []),
  ];
}
