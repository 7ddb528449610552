/** Submitting: allow an upload, look at what arrived, record the job and announce it in one transaction. */
import { headObject, readRange, signUpload, uploadBytes } from '../aws/objects.ts';
import { NotAsExpected } from '../aws/table.ts';
import { findJob, getJob } from './records.ts';
import { UserError } from './errors.ts';
import { newId, timestamp, type Gas } from './gas.ts';
import type { Job, JobOptions, User } from './job.ts';
import { inputKey, parseInputKey, safeFileName } from './keys.ts';
import { transactAndTell } from './outbox.ts';
import { inputBytesMax, sayBytes } from './plan.ts';
import {
  assemblyOf,
  chooseReference,
  listReferences,
  PEEK_BYTES,
  type AssemblyVerdict,
  type ReferenceChoice,
} from './references.ts';
import sampleVcf from './sample.vcf' with { type: 'text' };

export interface Upload {
  /** Where the browser posts the form. */
  url: string;
  /** Form fields, to be posted before the field `file`. */
  fields: Record<string, string>;
  jobId: string;
  bytesMax: number;
}

/** What the beginning of a file shows before anything runs. */
export interface BeginningInspection {
  assembly: AssemblyVerdict;
  choices: ReferenceChoice[];
  /** Name of the choice that fits the file. */
  preselected: string;
}

/** An upload looked at before anything runs. */
export interface Inspection extends BeginningInspection {
  key: string;
  jobId: string;
  fileName: string;
  bytes: number;
}

const UPLOAD_SECONDS = 3_600;

/** Lets the user upload one file for a new job, no larger than their tier allows. */
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
  return { ...form, jobId, bytesMax };
}

/** What the first bytes of a file show, before it is uploaded. */
export async function inspectBeginning(gas: Gas, head: Uint8Array): Promise<BeginningInspection> {
  const [assembly, choices] = await Promise.all([assemblyOf(head), listReferences(gas)]);
  return { assembly, choices, preselected: chooseReference(choices, assembly.name) };
}

/** What an uploaded file is, and which reference fits it. @throws UserError NO_UPLOAD, EMPTY_UPLOAD, NOT_YOURS */
export async function inspectUpload(gas: Gas, user: User, key: string): Promise<Inspection> {
  const { jobId, fileName, bytes } = await findUpload(gas, user, key);
  const head = await readRange(gas.aws, { bucket: gas.config.topology.buckets.inputs.name, key }, PEEK_BYTES);
  return { key, jobId, fileName, bytes, ...(await inspectBeginning(gas, head)) };
}

/**
 * Records a job for an uploaded file and announces it. The same upload submitted twice is one job.
 * @throws UserError NO_UPLOAD, EMPTY_UPLOAD, NOT_YOURS, TOO_LARGE, BAD_FORM
 */
export async function submitJob(gas: Gas, user: User, form: { key: string; options: JobOptions }): Promise<Job> {
  const { jobId, fileName, bytes } = await findUpload(gas, user, form.key);
  const { reference } = form.options;
  if (reference !== 'auto' && !(await listReferences(gas)).some((choice) => choice.name === reference)) {
    throw new UserError(
      'BAD_FORM',
      `There is no reference '${reference.slice(0, 60)}' here. Please choose one of the list.`,
      'reference',
    );
  }
  const { annotations } = gas.config.topology.tables;
  const job: Job = {
    job_id: jobId,
    user_id: user.user_id,
    input_file_name: fileName,
    s3_inputs_bucket: gas.config.topology.buckets.inputs.name,
    s3_key_input_file: form.key,
    input_bytes: bytes,
    submit_time: timestamp(gas),
    job_status: 'PENDING',
    options: { reference },
    attempt: 0,
    attention: 'PENDING',
    version: 1,
  };
  const put = { do: 'put', table: annotations.name, item: { ...job }, expect: { job_id: { is: 'absent' } } } as const;
  try {
    await transactAndTell(gas, [put], [{ kind: 'job request', job_id: jobId }]);
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
    return findJob(gas, user, jobId);
  }
  gas.log.info('job submitted', { job_id: jobId, user_id: user.user_id, bytes });
  return job;
}

/** Submits the sample file, as a visitor does with one click. */
export async function submitSample(gas: Gas, user: User): Promise<Job> {
  const key = inputKey(user.user_id, newId(gas), SAMPLE_NAME);
  const bucket = gas.config.topology.buckets.inputs.name;
  await uploadBytes(gas.aws, { bucket, key }, Buffer.from(sampleVcf), 'text/vcf');
  return submitJob(gas, user, { key, options: { reference: 'auto' } });
}

export const SAMPLE_NAME = 'gas-sample.GRCh38.vcf';

async function findUpload(gas: Gas, user: User, key: string) {
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
  return { jobId, fileName: safeFileName(fileName), bytes: head.bytes };
}
