/** What a user reads and downloads of a job: signed links with good names, the log, the summary. */
import { readRange, signDownload } from '../aws/objects.ts';
import { UserError } from './errors.ts';
import type { Gas } from './gas.ts';
import type { Job } from './job.ts';
import { fileNameOf } from './keys.ts';

export type FileOfJob = 'input' | 'track' | 'result' | 'index' | 'log' | 'summary';

const LINK_SECONDS = 900;
const LOG_BYTES_MAX = 2 ** 20;
const SUMMARY_BYTES_MAX = 8 * 2 ** 20;

/** A link for the browser, good for a quarter of an hour. @throws UserError WRONG_STATE when it is not at hand */
export async function downloadUrl(gas: Gas, job: Job, file: FileOfJob): Promise<string> {
  const place = placeOf(gas, job, file);
  const fileName = file === 'input' ? job.input_file_name : fileNameOf(place.key);
  const contentType = fileName.endsWith('.gz')
    ? 'application/gzip'
    : file === 'summary'
      ? 'application/json'
      : 'text/plain; charset=utf-8';
  return signDownload(gas.aws, { ...place, fileName, contentType, expiresSeconds: LINK_SECONDS });
}

/** The log as text, its first MiB. */
export async function readLog(gas: Gas, job: Job): Promise<string> {
  const head = await readRange(gas.aws, placeOf(gas, job, 'log'), LOG_BYTES_MAX);
  return new TextDecoder().decode(head);
}

/** The whole summary as the annotator wrote it, or null when there is none. */
export async function readSummary(gas: Gas, job: Job): Promise<unknown> {
  if (!job.s3_key_summary_file) return null;
  const head = await readRange(gas.aws, placeOf(gas, job, 'summary'), SUMMARY_BYTES_MAX);
  return JSON.parse(new TextDecoder().decode(head)) as unknown;
}

function placeOf(gas: Gas, job: Job, file: FileOfJob): { bucket: string; key: string } {
  if (file === 'input') return { bucket: job.s3_inputs_bucket, key: job.s3_key_input_file };
  if (file === 'track' && job.options.own_track) {
    return { bucket: job.s3_inputs_bucket, key: job.options.own_track.s3_key };
  }
  const bucket = job.s3_results_bucket ?? gas.config.topology.buckets.results.name;
  const key = {
    result: resultAtHand(job) ? job.s3_key_result_file : undefined,
    index: job.s3_key_index_file,
    log: job.s3_key_log_file,
    summary: job.s3_key_summary_file,
    track: undefined,
  }[file];
  if (key) return { bucket, key };
  const archived = file === 'result' && job.job_status === 'COMPLETED';
  throw new UserError(
    'WRONG_STATE',
    archived
      ? 'This result is in the archive. Upgrade to premium and it comes back; if you have, it is on its way.'
      : `This annotation has no ${file} to download${job.job_status === 'FAILED' ? '; it failed' : ' yet'}.`,
  );
}

/** Whether the result can be downloaded now. */
export function resultAtHand(job: Job): boolean {
  return (
    job.job_status === 'COMPLETED' &&
    (job.archive_status === 'AVAILABLE' ||
      job.archive_status === 'ARCHIVE_SCHEDULED' ||
      job.archive_status === 'ARCHIVING')
  );
}
