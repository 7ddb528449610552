/** Submitting: allow uploads, look at what arrived, record the job and announce it in one transaction. */
import { headObject, readRange, signUpload, uploadBytes } from '../aws/objects.ts';
import { NotAsExpected } from '../aws/table.ts';
import { rememberOptions } from './accounts.ts';
import {
  defaultOptions,
  parseOptions,
  rememberedOf,
  type AnnotationOptions,
  type AskedOptions,
} from './annotation-options.ts';
import { findJob, getJob } from './records.ts';
import { UserError } from './errors.ts';
import { newId, timestamp, type Gas } from './gas.ts';
import { chooseReference, listInstalled, offeredNames, type Installed } from './installed.ts';
import type { Job, User } from './job.ts';
import { inputKey, parseInputKey, safeFileName } from './keys.ts';
import { transactAndTell } from './outbox.ts';
import { findTrack, prepareTrackUpload, type TrackInspection, type TrackUpload } from './own-track.ts';
import { inputBytesMax, sayBytes } from './plan.ts';
import { assemblyOf, PEEK_BYTES, type AssemblyVerdict } from './references.ts';
import sampleVcf from './sample.vcf' with { type: 'text' };

export interface Upload {
  /** Where the browser posts the form. */
  url: string;
  /** Form fields, to be posted before the field `file`. */
  fields: Record<string, string>;
  jobId: string;
  bytesMax: number;
  /** Where it posts a track for the same job, if there is one. */
  track: TrackUpload;
}

/** What the beginning of a file shows before anything runs. */
export interface BeginningInspection {
  assembly: AssemblyVerdict;
  installed: Installed;
  /** Name of the choice that fits the file. */
  preselected: string;
}

/** An upload looked at before anything runs. */
export interface Inspection extends BeginningInspection {
  key: string;
  jobId: string;
  fileName: string;
  bytes: number;
  /** Where a track for the same job can be posted. */
  trackUpload: TrackUpload;
}

const UPLOAD_SECONDS = 3_600;

/** Lets the user upload one file, and a track, for a new job, no larger than their tier allows. */
export async function prepareUpload(gas: Gas, user: User, options: { successUrl?: string } = {}): Promise<Upload> {
  const jobId = newId(gas);
  const bytesMax = inputBytesMax(gas.config.limits, user.tier);
  const form = await signUpload(gas.aws, {
    bucket: gas.config.topology.buckets.inputs.name,
    keyPrefix: inputKey(user.user_id, jobId, ''),
    bytesMax,
    expiresSeconds: UPLOAD_SECONDS,
    ...options,
  });
  const track = await prepareTrackUpload(gas, user, jobId, { expiresSeconds: UPLOAD_SECONDS });
  return { ...form, jobId, bytesMax, track };
}

/** What the first bytes of a file show, before it is uploaded. */
export async function inspectBeginning(gas: Gas, head: Uint8Array): Promise<BeginningInspection> {
  const [assembly, installed] = await Promise.all([assemblyOf(head), listInstalled(gas)]);
  return { assembly, installed, preselected: chooseReference(installed.references, assembly.name) };
}

/**
 * What an uploaded file is, and which reference fits it. `trackSuccessUrl` is where S3 sends the browser that posts a
 * track without JavaScript. @throws UserError NO_UPLOAD, EMPTY_UPLOAD, NOT_YOURS
 */
export async function inspectUpload(gas: Gas, user: User, key: string, trackSuccessUrl?: string): Promise<Inspection> {
  const { jobId, fileName, bytes } = await findUpload(gas, user, key);
  const head = await readRange(gas.aws, { bucket: gas.config.topology.buckets.inputs.name, key }, PEEK_BYTES);
  const trackUpload = await prepareTrackUpload(gas, user, jobId, {
    expiresSeconds: UPLOAD_SECONDS,
    ...(trackSuccessUrl ? { successUrl: trackSuccessUrl } : {}),
  });
  return { key, jobId, fileName, bytes, trackUpload, ...(await inspectBeginning(gas, head)) };
}

/** A track that was uploaded beside the file, looked at. @throws UserError as `findTrack` */
export async function inspectOwnTrack(
  gas: Gas,
  user: User,
  { key, trackKey }: { key: string; trackKey: string },
): Promise<TrackInspection & { fileName: string }> {
  const { jobId } = parseInputKey(key);
  const { track, inspection } = await findTrack(gas, user, { key: trackKey, jobId });
  return { ...inspection, fileName: track.file_name };
}

export interface Submission {
  /** Key of the uploaded file. */
  key: string;
  options: AskedOptions;
  /** A track uploaded for the same job, and what its field is to be called. */
  track?: { key: string; name?: string | undefined };
}

/**
 * Records a job for an uploaded file and announces it. The same upload submitted twice is one job. The options are
 * remembered for the user's next one.
 * @throws UserError NO_UPLOAD, EMPTY_UPLOAD, NOT_YOURS, TOO_LARGE, BAD_FORM
 */
export async function submitJob(gas: Gas, user: User, submission: Submission): Promise<Job> {
  const upload = await findUpload(gas, user, submission.key);
  const options = await checkOptions(gas, user, upload.jobId, submission);
  const job = await recordJob(gas, user, upload, options);
  await rememberOptions(gas, user, rememberedOf(options));
  return job;
}

async function checkOptions(
  gas: Gas,
  user: User,
  jobId: string,
  { options, track }: Submission,
): Promise<AnnotationOptions> {
  const installed = await listInstalled(gas);
  const parsed = parseOptions(options, offeredNames(installed));
  if (!track) return parsed;
  const { track: own } = await findTrack(gas, user, { ...track, jobId });
  const taken = [...parsed.tracks, ...installed.sources.flatMap(({ fields }) => fields)];
  if (taken.includes(own.name)) {
    const sentence = `Something else is called ${own.name} here already. Please choose another name for your regions.`;
    throw new UserError('BAD_FORM', sentence, 'track_name');
  }
  return { ...parsed, own_track: own };
}

/** Submits the sample file, as a visitor does with one click. */
export async function submitSample(gas: Gas, user: User): Promise<Job> {
  const key = inputKey(user.user_id, newId(gas), SAMPLE_NAME);
  const bucket = gas.config.topology.buckets.inputs.name;
  await uploadBytes(gas.aws, { bucket, key }, Buffer.from(sampleVcf), 'text/vcf');
  return recordJob(gas, user, await findUpload(gas, user, key), defaultOptions);
}

export const SAMPLE_NAME = 'gas-sample.GRCh38.vcf';

async function recordJob(
  gas: Gas,
  user: User,
  { key, jobId, fileName, bytes }: FoundUpload,
  options: AnnotationOptions,
): Promise<Job> {
  const { tables, buckets } = gas.config.topology;
  const job: Job = {
    job_id: jobId,
    user_id: user.user_id,
    input_file_name: fileName,
    s3_inputs_bucket: buckets.inputs.name,
    s3_key_input_file: key,
    input_bytes: bytes,
    submit_time: timestamp(gas),
    job_status: 'PENDING',
    options,
    attempt: 0,
    attention: 'PENDING',
    version: 1,
  };
  const expect = { job_id: { is: 'absent' } } as const;
  const put = { do: 'put', table: tables.annotations.name, item: { ...job }, expect } as const;
  try {
    await transactAndTell(gas, [put], [{ kind: 'job request', job_id: jobId }]);
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
    return findJob(gas, user, jobId);
  }
  gas.log.info('job submitted', { job_id: jobId, user_id: user.user_id, bytes });
  return job;
}

interface FoundUpload {
  key: string;
  jobId: string;
  fileName: string;
  bytes: number;
}

async function findUpload(gas: Gas, user: User, key: string): Promise<FoundUpload> {
  const { userId, jobId, fileName } = parseInputKey(key);
  if (userId !== user.user_id) throw new UserError('NOT_YOURS', 'That upload belongs to another account.');
  const erased = await getJob(gas, jobId);
  if (erased?.archive_status === 'DELETING')
    throw new UserError('NO_UPLOAD', 'That file has been deleted. Please upload it again.');
  const head = await headObject(gas.aws, { bucket: gas.config.topology.buckets.inputs.name, key });
  if (!head) throw new UserError('NO_UPLOAD', 'The file did not arrive. Please upload it again.');
  if (head.bytes === 0)
    throw new UserError('EMPTY_UPLOAD', `'${fileName}' is empty. Please choose a VCF file with content.`, 'file');
  const bytesMax = inputBytesMax(gas.config.limits, user.tier);
  if (head.bytes > bytesMax) {
    throw new UserError(
      'TOO_LARGE',
      `'${fileName}' has ${sayBytes(head.bytes)}; files may have ${sayBytes(bytesMax)} on the ${user.tier} tier.`,
      'file',
    );
  }
  return { key, jobId, fileName: safeFileName(fileName), bytes: head.bytes };
}
