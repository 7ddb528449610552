/**
 * What a user chooses for an annotation, beside the file: parsed once where it is submitted, kept on the job's item,
 * carried to the annotator. Whatever an item does not say (older ones only name a reference) is the default. Pure.
 */
import { UserError } from './errors.ts';

/** The transcripts told of: all in reach, or those that are canonical, of MANE, or the one VEP would pick per allele. */
export const transcriptChoices = ['all', 'canonical', 'mane', 'pick'] as const;
export type TranscriptChoice = (typeof transcriptChoices)[number];

/** Whom to follow where Ensembl VEP departs from the specifications of SO and HGVS. */
export const manners = ['vep', 'specification'] as const;
export type Manner = (typeof manners)[number];

/** What the result is: a VCF with one of three INFO fields, a table, or JSON lines. */
export const outputForms = ['csq', 'ann', 'bcsq', 'tsv', 'json'] as const;
export type OutputForm = (typeof outputForms)[number];

/** Regions that were uploaded with the job. */
export interface OwnTrack {
  /** INFO id of its values. */
  name: string;
  /** In the inputs bucket, in the job's folder. */
  s3_key: string;
  file_name: string;
  bytes: number;
}

export interface AnnotationOptions {
  /** Name of an installed reference, or `auto` for the one that fits the file's assembly. */
  reference: string;
  transcripts: TranscriptChoice;
  /** How far beside a transcript a variant is told of, in bases. */
  distance: number;
  manner: Manner;
  form: OutputForm;
  /** Names of sources of known variants that are not used; all others that fit are, also those installed later. */
  left_out: string[];
  /** Names of installed tracks, and tables of genes, that are used. */
  tracks: string[];
  genes: string[];
  own_track?: OwnTrack;
}

/** What an item holds, and what a submission asks for. */
export type SomeOptions = Partial<AnnotationOptions>;

/** What is remembered of a user's last choice: not the reference, which the file decides, nor what was uploaded. */
export type RememberedOptions = Omit<AnnotationOptions, 'reference' | 'own_track'>;

export const defaultOptions: AnnotationOptions = {
  reference: 'auto',
  transcripts: 'all',
  distance: 5_000,
  manner: 'vep',
  form: 'csq',
  left_out: [],
  tracks: [],
  genes: [],
};

/** Farther than this, "beside a transcript" means nothing, and every record would tell of dozens. */
export const DISTANCE_MAX = 100_000;

/** What a form says, as text: nothing of it is trusted. What is absent is the default. */
export interface AskedOptions {
  reference?: string | undefined;
  transcripts?: string | undefined;
  distance?: string | undefined;
  manner?: string | undefined;
  form?: string | undefined;
  left_out?: readonly string[];
  tracks?: readonly string[];
  genes?: readonly string[];
}

/** Names that can be chosen. */
export interface OfferedNames {
  references: readonly string[];
  sources: readonly string[];
  tracks: readonly string[];
  genes: readonly string[];
}

/** @throws UserError BAD_FORM, naming the field */
export function parseOptions(asked: AskedOptions, offered: OfferedNames): AnnotationOptions {
  const reference = asked.reference || defaultOptions.reference;
  if (reference !== 'auto' && !offered.references.includes(reference)) {
    throw bad(`There is no reference '${short(reference)}' here. Please choose one of the list.`, 'reference');
  }
  const distance = distanceOf(asked.distance);
  if (distance === null) {
    const most = DISTANCE_MAX.toLocaleString('en');
    const said = short(asked.distance ?? '');
    throw bad(`The distance is '${said}'; it must be a whole number from 0 to ${most}.`, 'distance');
  }
  // A source that is gone needs no leaving out; a track that is gone would be missed.
  refuseGone('track', 'tracks', asked.tracks, offered.tracks);
  refuseGone('table of genes', 'genes', asked.genes, offered.genes);
  return {
    reference,
    transcripts: oneOf(transcriptChoices, asked.transcripts, 'transcripts'),
    distance,
    manner: oneOf(manners, asked.manner, 'manner'),
    form: oneOf(outputForms, asked.form, 'form'),
    left_out: offered.sources.filter((name) => asked.left_out?.includes(name)),
    tracks: offered.tracks.filter((name) => asked.tracks?.includes(name)),
    genes: offered.genes.filter((name) => asked.genes?.includes(name)),
  };
}

/** What of a form that was not right can be shown again. */
export function salvageOptions({
  reference,
  left_out = [],
  tracks = [],
  genes = [],
  ...asked
}: AskedOptions): SomeOptions {
  const distance = distanceOf(asked.distance);
  const [transcripts] = transcriptChoices.filter((choice) => choice === asked.transcripts);
  const [manner] = manners.filter((choice) => choice === asked.manner);
  const [form] = outputForms.filter((choice) => choice === asked.form);
  return {
    ...(reference ? { reference } : {}),
    ...(transcripts ? { transcripts } : {}),
    ...(distance === null ? {} : { distance }),
    ...(manner ? { manner } : {}),
    ...(form ? { form } : {}),
    left_out: [...left_out],
    tracks: [...tracks],
    genes: [...genes],
  };
}

/** Options with everything an older item, or a short request, does not say. */
export function completeOptions(some: SomeOptions): AnnotationOptions {
  return { ...defaultOptions, ...some };
}

export function rememberedOf(options: AnnotationOptions): RememberedOptions {
  const { transcripts, distance, manner, form, left_out, tracks, genes } = options;
  return { transcripts, distance, manner, form, left_out, tracks, genes };
}

/** Whether anything was chosen that differs from the defaults, the reference aside. */
export function areUsual(options: SomeOptions): boolean {
  const { transcripts, distance, manner, form, left_out, tracks, genes, own_track } = completeOptions(options);
  return (
    transcripts === defaultOptions.transcripts &&
    distance === defaultOptions.distance &&
    manner === defaultOptions.manner &&
    form === defaultOptions.form &&
    left_out.length === 0 &&
    tracks.length === 0 &&
    genes.length === 0 &&
    own_track === undefined
  );
}

/** Bases; null for what is no number that can be. */
function distanceOf(asked: string | undefined): number | null {
  if (asked === undefined) return defaultOptions.distance;
  return /^\d{1,9}$/.test(asked) && Number(asked) <= DISTANCE_MAX ? Number(asked) : null;
}

function oneOf<T extends string>(choices: readonly [T, ...T[]], asked: string | undefined, field: string): T {
  if (asked === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === asked);
  if (!chosen) throw bad(`'${short(asked)}' is none of ${choices.join(', ')}. Please choose one of the list.`, field);
  return chosen;
}

function refuseGone(what: string, field: string, asked: readonly string[] = [], offered: readonly string[]): void {
  const gone = asked.find((name) => !offered.includes(name));
  if (gone !== undefined) throw bad(`There is no ${what} '${short(gone)}' here any more. Please choose again.`, field);
}

function short(text: string): string {
  return text.slice(0, 60);
}

function bad(message: string, field: string): UserError {
  return new UserError('BAD_FORM', message, field);
}
