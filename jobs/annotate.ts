/**
 * The annotator's part: claim a job, fetch its input, run the engine, store the outputs under the attempt, and make
 * them the result by one conditional write. What is wrong with the input is a state (FAILED, with a sentence); what
 * is wrong with us is tried again, and after a few attempts said honestly.
 */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  annotateFile,
  InputError,
  type AnnotateOptions,
  type AnnotateSummary,
  type TrackSource,
} from '../anntools/index.ts';
import { deletePrefix, downloadFile, uploadFile } from '../aws/objects.ts';
import type { Verdict } from '../aws/queue.ts';
import { NotAsExpected } from '../aws/table.ts';
import { completeOptions, type AnnotationOptions } from './annotation-options.ts';
import { timestamp, type Gas } from './gas.ts';
import type { Job, JobError, JobSummary, Progress } from './job.ts';
import { attemptPrefix, resultNames } from './keys.ts';
import { LeaseLost, newLease, secondsUntilFree, whileLeased, type Lease } from './lease.ts';
import { parseMessage } from './messages.ts';
import { transactAndTell } from './outbox.ts';
import { getJob, moveIfStill, moveWrite, note } from './records.ts';
import { trackLimits } from './own-track.ts';
import { installationFor } from './references.ts';
import type { ChosenSources } from './sources.ts';

/** After so many attempts that died or broke, a job is FAILED instead of being tried again. */
const ATTEMPTS_MAX = 4;
const PROGRESS_MS = 1000;
/** How soon to look again at a message whose job was taken away in the middle. */
const LOST_AGAIN_SECONDS = 5;

/** Handles queue `job_requests`. `workerUrl` is the module that serves as annotation worker thread. */
export async function annotate(gas: Gas, body: string, workerUrl: string, signal: AbortSignal): Promise<Verdict> {
  const { job_id } = parseMessage(body, 'job request');
  const job = await getJob(gas, job_id);
  if (!job || (job.job_status !== 'PENDING' && job.job_status !== 'RUNNING')) return;
  if (job.attempt >= ATTEMPTS_MAX && leaseIsOver(gas, job)) return giveUp(gas, job);

  const claimed = await claim(gas, job);
  if (!claimed) {
    const now = await getJob(gas, job_id);
    return now?.job_status === 'RUNNING' ? { againAfterSeconds: secondsUntilFree(gas, now) } : { againAfterSeconds: 1 };
  }
  const log = { job_id, attempt: claimed.attempt };
  gas.log.info('job claimed', log);
  try {
    await whileLeased(gas, claimed, signal, (lease) => annotateClaimed(gas, claimed, workerUrl, lease));
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof NotAsExpected) {
      gas.log.info('job taken away while running', log);
      return { againAfterSeconds: LOST_AGAIN_SECONDS };
    }
    await moveIfStill(gas, job_id, 'handBack', {
      remove: ['lease_owner', 'lease_until', 'progress'],
      expect: { lease_owner: claimed.lease_owner ?? '' },
    });
    if (signal.aborted) gas.log.info('job handed back', log);
    throw error;
  }
}

function claim(gas: Gas, { job_id, attempt }: Job): Promise<Job | null> {
  const progress: Progress = { stage: 'downloading', percent: 0, variants: 0, variants_per_second: 0 };
  return moveIfStill(gas, job_id, 'claim', {
    set: { ...newLease(gas), attempt: attempt + 1, start_time: timestamp(gas), progress },
    expect: [
      { job_status: 'PENDING', attempt },
      { job_status: 'RUNNING', attempt, lease_until: { is: 'before', value: timestamp(gas) } },
    ],
  });
}

function leaseIsOver(gas: Gas, job: Job): boolean {
  return job.job_status === 'PENDING' || (job.lease_until ?? '') < timestamp(gas);
}

async function annotateClaimed(gas: Gas, job: Job, workerUrl: string, lease: Lease): Promise<void> {
  const folder = join(gas.config.dataDir, 'scratch', `${process.pid}-${job.job_id}-${job.attempt}`);
  await mkdir(folder, { recursive: true });
  try {
    const input = join(folder, 'input');
    await downloadFile(gas.aws, { bucket: job.s3_inputs_bucket, key: job.s3_key_input_file }, input, lease.signal);
    const options = completeOptions(job.options);
    const names = resultNames(job.input_file_name, options.form);
    const paths = {
      output: join(folder, names.result),
      log: join(folder, names.log),
      summary: join(folder, names.summary),
    };
    const tellProgress = progressTeller(gas, job, lease);
    try {
      const ownTrack = await downloadTrack(gas, job, options, folder, lease.signal);
      const { reference, sources } = await installationFor(gas, options, input);
      const summary = await annotateFile({
        input,
        inputName: job.input_file_name,
        ...paths,
        reference,
        options: engineOptions(options, sources, ownTrack),
        threads: gas.config.threads,
        workerUrl,
        onProgress: tellProgress,
        signal: lease.signal,
        now: gas.now,
      });
      await complete(gas, job, lease, folder, summary, sources);
    } catch (error) {
      lease.signal.throwIfAborted();
      if (!(error instanceof InputError)) throw error;
      await fail(gas, job, lease, paths.log, { code: error.code, message: error.message, ...error.place });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fetches the regions that were uploaded with the job, under the name that is told of them in the result. */
async function downloadTrack(
  gas: Gas,
  job: Job,
  { own_track }: AnnotationOptions,
  folder: string,
  signal: AbortSignal,
): Promise<TrackSource[]> {
  if (!own_track) return [];
  const inside = join(folder, 'track');
  await mkdir(inside);
  const path = join(inside, own_track.file_name);
  await downloadFile(gas.aws, { bucket: job.s3_inputs_bucket, key: own_track.s3_key }, path, signal);
  return [{ name: own_track.name, path, limits: trackLimits(gas, own_track.bytes) }];
}

function engineOptions(
  { transcripts, distance, manner, form }: AnnotationOptions,
  { known, withoutKnown, tracks, genes }: ChosenSources,
  ownTrack: readonly TrackSource[],
): AnnotateOptions {
  return { transcripts, distance, manner, form, known, withoutKnown, genes, tracks: [...tracks, ...ownTrack] };
}

/** Uploads the outputs under the attempt, then makes them the result; a stale worker's outputs are removed again. */
async function complete(
  gas: Gas,
  job: Job,
  lease: Lease,
  folder: string,
  summary: AnnotateSummary,
  sources: ChosenSources,
): Promise<void> {
  const bucket = gas.config.topology.buckets.results.name;
  const prefix = attemptPrefix(job.user_id, job.job_id, job.attempt);
  const names = resultNames(job.input_file_name, completeOptions(job.options).form);
  const types = {
    result: 'application/gzip',
    index: 'application/octet-stream',
    log: 'text/plain; charset=utf-8',
    summary: 'application/json',
  } as const;
  const uploaded: Partial<Record<keyof typeof types, string>> = {};
  await note(gas, job.job_id, { progress: { ...finished(summary), stage: 'uploading' } }, lease.held);
  for (const file of ['result', 'index', 'log', 'summary'] as const) {
    const path = join(folder, names[file]);
    if (file === 'index' && !(await stat(path).catch(() => null))) continue;
    const key = prefix + names[file];
    await uploadFile(gas.aws, { bucket, key }, path, types[file], lease.signal);
    uploaded[file] = key;
  }
  const set: Partial<Job> = {
    s3_results_bucket: bucket,
    s3_key_result_file: uploaded.result ?? '',
    s3_key_log_file: uploaded.log ?? '',
    s3_key_summary_file: uploaded.summary ?? '',
    ...(uploaded.index ? { s3_key_index_file: uploaded.index } : {}),
    result_bytes: (await stat(join(folder, names.result))).size,
    input_sha256: summary.input_sha256,
    result_sha256: summary.output_sha256,
    complete_time: timestamp(gas),
    variant_count: summary.variants,
    summary: shortSummary(summary, sources),
  };
  const write = moveWrite(gas, job.job_id, 'complete', {
    set,
    remove: ['lease_owner', 'lease_until', 'progress'],
    expect: lease.held,
  });
  try {
    await transactAndTell(gas, [write], [{ kind: 'job result', job_id: job.job_id }]);
  } catch (error) {
    if (error instanceof NotAsExpected) await deletePrefix(gas.aws, bucket, prefix);
    throw error;
  }
  gas.metrics.add('gas_jobs_ended_total', { status: 'COMPLETED' });
  gas.metrics.add('gas_variants_annotated_total', {}, summary.variants);
  gas.log.info('job completed', { job_id: job.job_id, variants: summary.variants, seconds: summary.seconds });
}

/** The input cannot be annotated: a state with a sentence, and a log that says the same. */
async function fail(gas: Gas, job: Job, lease: Lease, logPath: string, error: JobError): Promise<void> {
  const bucket = gas.config.topology.buckets.results.name;
  const key = attemptPrefix(job.user_id, job.job_id, job.attempt) + resultNames(job.input_file_name).log;
  const place = [error.line && `line ${error.line}`, error.field].filter(Boolean).join(', ');
  const lines = [
    `Input file: ${job.input_file_name}`,
    `Failed: ${timestamp(gas)}`,
    `${error.code}: ${error.message}${place ? ` (${place})` : ''}`,
  ];
  await writeFile(logPath, `${lines.join('\n')}\n`);
  await uploadFile(gas.aws, { bucket, key }, logPath, 'text/plain; charset=utf-8', lease.signal);
  await moveIfStill(gas, job.job_id, 'fail', {
    set: { error, s3_results_bucket: bucket, s3_key_log_file: key, complete_time: timestamp(gas) },
    remove: ['lease_owner', 'lease_until', 'progress'],
    expect: lease.held,
  });
  gas.metrics.add('gas_jobs_ended_total', { status: 'FAILED' });
  gas.log.info('job failed', { job_id: job.job_id, code: error.code });
}

/** The fault is ours, and trying again did not help. */
async function giveUp(gas: Gas, job: Job): Promise<void> {
  const message =
    `The annotation broke off ${job.attempt} times, and not because of your file as far as we can tell. ` +
    'We have been told. You can submit the file again; nothing of it is lost.';
  await moveIfStill(gas, job.job_id, 'fail', {
    set: { error: { code: 'FAULT', message }, complete_time: timestamp(gas) },
    remove: ['lease_owner', 'lease_until', 'progress'],
  });
  gas.metrics.add('gas_jobs_ended_total', { status: 'FAILED' });
  gas.log.fault('job given up', new Error(`${job.attempt} attempts`), { job_id: job.job_id });
}

/** Writes progress at most once a second, one write at a time; a lost lease is the heartbeat's business. */
function progressTeller(gas: Gas, job: Job, lease: Lease): (progress: Omit<Progress, 'stage'>) => void {
  let lastMs = 0;
  let writing = false;
  return (progress) => {
    if (writing || gas.now() - lastMs < PROGRESS_MS) return;
    lastMs = gas.now();
    writing = true;
    note(gas, job.job_id, { progress: { ...progress, stage: 'annotating' } }, lease.held)
      .catch((error: unknown) => {
        if (!(error instanceof NotAsExpected)) gas.log.fault('progress not written', error, { job_id: job.job_id });
      })
      .finally(() => {
        writing = false;
      });
  };
}

function finished({ variants, seconds }: AnnotateSummary): Omit<Progress, 'stage'> {
  return { percent: 100, variants, variants_per_second: Math.round(variants / Math.max(seconds, 0.001)) };
}

/** What the item carries of the summary: under 20 KB whatever the file. */
function shortSummary(summary: AnnotateSummary, { missing }: ChosenSources): JobSummary {
  const { assembly, reference, variants, records, warnings, terms, impacts, classes, seconds } = summary;
  return {
    assembly: assembly.name,
    assembly_sentence: assembly.sentence,
    reference,
    variants,
    records,
    warnings: [...missing.map((message) => ({ code: 'SOURCE_MISSING', message, count: 0 })), ...warnings]
      .slice(0, 20)
      .map(({ code, message, count }) => ({ code, message: message.slice(0, 500), ...(count ? { count } : {}) })),
    terms,
    impacts,
    classes,
    seconds,
  };
}
