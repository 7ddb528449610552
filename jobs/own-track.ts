/**
 * Regions that a user uploads with a job: a file of its own beside the VCF, looked at before the job is taken on. What
 * can be seen to be no track is refused there, with line and reason; what only shows when all of it is read ends the
 * job, since a result without the regions that were asked for would look as if nothing lay in them.
 */
import { InputError, peekTrack, trackSource } from '../anntools/index.ts';
import { headObject, readRange, signUpload } from '../aws/objects.ts';
import type { OwnTrack } from './annotation-options.ts';
import { UserError } from './errors.ts';
import type { Gas } from './gas.ts';
import type { User } from './job.ts';
import { parseTrackKey, safeFileName, trackKey } from './keys.ts';
import { sayBytes, trackBytesMax } from './plan.ts';
import { PEEK_BYTES } from './references.ts';

/** Where a browser posts a track, for one job only. */
export interface TrackUpload {
  url: string;
  fields: Record<string, string>;
  bytesMax: number;
}

/** What the beginning of a file says of its regions. */
export interface TrackInspection {
  /** INFO id its values get, when the user gives none. */
  name: string;
  /** `BED`, `GFF`, … */
  form: string;
  /** Regions in what was looked at, and whether that was all of it. */
  regions: number;
  isWhole: boolean;
  /** The first line that cannot be read, if any. */
  badLine?: { line: number; text: string };
}

/** What a track may hold when inflated, by what it may have as uploaded: no text of regions is packed smaller. */
const INFLATED_TIMES = 20;
const REGIONS_MAX = 5_000_000;

/** What the engine takes of a track of this user's tier: a file of a few kilobytes may inflate to anything. */
export function trackLimits(gas: Gas, bytes: number): { bytes: number; intervals: number } {
  const { freeTrackBytes, premiumTrackBytes } = gas.config.limits;
  // Whoever was allowed to upload it is allowed to have it read.
  const allowed = bytes <= freeTrackBytes ? freeTrackBytes : premiumTrackBytes;
  return { bytes: INFLATED_TIMES * allowed, intervals: REGIONS_MAX };
}

/** Lets the user upload a track for the job, no larger than their tier allows. */
export async function prepareTrackUpload(
  gas: Gas,
  user: User,
  jobId: string,
  options: { expiresSeconds: number; successUrl?: string },
): Promise<TrackUpload> {
  const bytesMax = trackBytesMax(gas.config.limits, user.tier);
  const form = await signUpload(gas.aws, {
    bucket: gas.config.topology.buckets.inputs.name,
    keyPrefix: trackKey(user.user_id, jobId, ''),
    bytesMax,
    ...options,
  });
  return { ...form, bytesMax };
}

/** What the first bytes of a file say; `isWhole` when they are all of it. @throws UserError BAD_FORM, field `track` */
export async function inspectTrack(fileName: string, head: Uint8Array, isWhole: boolean): Promise<TrackInspection> {
  const name = trackName(fileName);
  try {
    const look = await peekTrack({ name, path: fileName }, head, isWhole);
    const { form, intervals, badLines, badExamples } = look;
    const [first] = badExamples;
    if (intervals === 0 && badLines > 0 && first) {
      throw refused(fileName, `line ${first.line} ${first.text}`);
    }
    return { name, form, regions: intervals, isWhole: look.isWhole, ...(first ? { badLine: first } : {}) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw refused(fileName, error.message.replace(`${fileName}: `, '').replace(`the track ${name} `, 'it '));
  }
}

/**
 * The track that was uploaded for this job, looked at.
 * @throws UserError NO_UPLOAD, NOT_YOURS, TOO_LARGE, EMPTY_UPLOAD, BAD_FORM
 */
export async function findTrack(
  gas: Gas,
  user: User,
  { key, jobId, name }: { key: string; jobId: string; name?: string | undefined },
): Promise<{ track: OwnTrack; inspection: TrackInspection }> {
  const parts = parseTrackKey(key);
  if (parts.userId !== user.user_id || parts.jobId !== jobId) {
    throw new UserError('NOT_YOURS', 'That track belongs to another upload. Please choose the file again.', 'track');
  }
  const place = { bucket: gas.config.topology.buckets.inputs.name, key };
  const head = await headObject(gas.aws, place);
  if (!head) throw new UserError('NO_UPLOAD', 'The track did not arrive. Please upload it again.', 'track');
  const fileName = safeFileName(parts.fileName);
  if (head.bytes === 0) {
    throw new UserError('EMPTY_UPLOAD', `'${fileName}' is empty. Please choose a file of regions.`, 'track');
  }
  const bytesMax = trackBytesMax(gas.config.limits, user.tier);
  if (head.bytes > bytesMax) {
    const sizes = `${sayBytes(head.bytes)}; tracks may have ${sayBytes(bytesMax)} on the ${user.tier} tier`;
    throw new UserError('TOO_LARGE', `'${fileName}' has ${sizes}.`, 'track');
  }
  const beginning = await readRange(gas.aws, place, PEEK_BYTES);
  const inspection = await inspectTrack(fileName, beginning, beginning.length === head.bytes);
  const chosen = checkedName(name?.trim() || inspection.name);
  return { track: { name: chosen, s3_key: key, file_name: fileName, bytes: head.bytes }, inspection };
}

/** A name for INFO out of a file's: `my regions.v2.bed.gz` → `my_regions.v2`. */
export function trackName(fileName: string): string {
  const stem = fileName.replace(/\.(gz|bgz|bgzf)$/i, '').replace(/\.(bed|gff3?|gtf|tsv|txt|vcf|bedgraph)$/i, '');
  const word = stem.replace(/[^A-Za-z0-9_.]+/g, '_').slice(0, 60);
  const begun = /^[A-Za-z_]/.test(word) ? word : `_${word}`;
  return isName(begun) ? begun : `${begun}_regions`;
}

function isName(name: string): boolean {
  try {
    checkedName(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws UserError BAD_FORM */
function checkedName(name: string): string {
  try {
    // What stands behind a "=" would be taken for the file.
    return trackSource(`${name.replaceAll('=', ' ')}=x`).name;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const sentence = error.message.replace(/^a track/, 'A track');
    throw new UserError('BAD_FORM', `${sentence}. Please choose another name.`, 'track_name');
  }
}

function refused(fileName: string, why: string): UserError {
  return new UserError('BAD_FORM', `'${fileName}' cannot be used as a track: ${why}.`, 'track');
}
