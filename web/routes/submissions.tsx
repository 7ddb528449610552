/** Submitting: the page, signed forms to upload with, what arrived, and the sample. */
import { salvageOptions } from '../../jobs/annotation-options.ts';
import { UserError } from '../../jobs/errors.ts';
import type { Gas } from '../../jobs/gas.ts';
import { inspectTrack } from '../../jobs/own-track.ts';
import { listInstalled } from '../../jobs/installed.ts';
import {
  inspectBeginning,
  inspectOwnTrack,
  inspectUpload,
  prepareUpload,
  submitJob,
  submitSample,
  type Inspection,
} from '../../jobs/submit.ts';
import { OwnTrackPart, OwnTrackRefused } from '../components/own-track.tsx';
import { readOptionsForm, readOwnTrack } from '../options-form.ts';
import { AnnotatePage, InspectionPart, UploadedPage, type ArrivedTrack } from '../pages/annotate.tsx';
import { statusOf } from '../problems.tsx';
import { fragment, json, page, seeOther } from '../reply.ts';
import type { SignedInVisit, Visit } from '../visit.ts';

export async function annotatePage(visit: SignedInVisit): Promise<Response> {
  const successUrl = new URL('/annotate/uploaded', visit.gas.config.publicUrl).href;
  const [upload, installed] = await Promise.all([
    prepareUpload(visit.gas, visit.user, { successUrl }),
    listInstalled(visit.gas),
  ]);
  return page(<AnnotatePage visit={visit} upload={upload} installed={installed} />);
}

/** Fresh forms for upload.js, which posts the files itself and needs no redirect. */
export async function newUpload(visit: SignedInVisit): Promise<Response> {
  const { url, fields, bytesMax, track } = await prepareUpload(visit.gas, visit.user);
  return json({ url, fields, bytesMax, track });
}

/** What the first bytes of a chosen file show, before it is uploaded: they come as base64url, to fit a form. */
export async function inspection({ gas, form }: SignedInVisit): Promise<Response> {
  const head = Buffer.from(form.get('head') ?? '', 'base64url');
  return fragment(<InspectionPart inspection={await inspectBeginning(gas, head)} />);
}

/** The same for regions of the user's own. That they cannot be used is an answer like another, in the same place. */
export async function trackInspection({ form }: SignedInVisit): Promise<Response> {
  const head = Buffer.from(form.get('head') ?? '', 'base64url');
  try {
    const inspection = await inspectTrack(form.get('name') ?? '', head, form.get('whole') === 'yes');
    return await fragment(<OwnTrackPart inspection={inspection} />);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return fragment(<OwnTrackRefused error={error} />);
  }
}

/** Where S3 sends a browser without JavaScript. Nothing is submitted by looking at it. */
export async function uploadedPage(visit: SignedInVisit): Promise<Response> {
  const inspection = await lookAgain(visit, visit.url.searchParams.get('key') ?? '');
  return page(<UploadedPage visit={visit} inspection={inspection} />);
}

/** Where S3 sends it after a file of regions: the VCF's key is in the path, since S3 says the key of what it took. */
export async function uploadedTrackPage(visit: SignedInVisit, id: string): Promise<Response> {
  const key = Buffer.from(id, 'base64url').toString();
  const inspection = await lookAgain(visit, key);
  try {
    const track = await arrivedTrack(visit, key, { key: visit.url.searchParams.get('key') ?? '' });
    return await page(<UploadedPage visit={visit} inspection={inspection} track={track} />);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return page(<UploadedPage visit={visit} inspection={inspection} error={error} />, statusOf(error));
  }
}

export async function submit(visit: SignedInVisit): Promise<Response> {
  const { gas, user, form } = visit;
  const key = form.get('key') ?? '';
  const options = readOptionsForm(form);
  const own = readOwnTrack(form);
  try {
    const job = await submitJob(gas, user, { key, options, ...(own ? { track: own } : {}) });
    return seeOther(`/annotations/${job.job_id}`);
  } catch (error) {
    if (!(error instanceof UserError) || error.field === undefined || error.field === 'file') throw error;
    const inspection = await lookAgain(visit, key);
    // A track that is itself refused is not offered again.
    const track = own && error.field !== 'track' ? await arrivedTrack(visit, key, own) : undefined;
    const chosen = salvageOptions(options);
    return page(
      <UploadedPage visit={visit} inspection={inspection} options={chosen} track={track} error={error} />,
      statusOf(error),
    );
  }
}

function lookAgain({ gas, user }: SignedInVisit, key: string): Promise<Inspection> {
  return inspectUpload(gas, user, key, trackSuccessUrl(gas, key));
}

function trackSuccessUrl({ config }: Gas, key: string): string {
  return new URL(`/annotate/uploaded/${Buffer.from(key).toString('base64url')}`, config.publicUrl).href;
}

async function arrivedTrack(
  { gas, user }: SignedInVisit,
  key: string,
  track: { key: string; name?: string | undefined },
): Promise<ArrivedTrack> {
  const { fileName, ...inspection } = await inspectOwnTrack(gas, user, { key, trackKey: track.key });
  return { key: track.key, fileName, name: track.name, inspection };
}

export async function sample(visit: Visit): Promise<Response> {
  if (!visit.user) return seeOther('/sign-up?sample=yes');
  const job = await submitSample(visit.gas, visit.user);
  return seeOther(`/annotations/${job.job_id}`);
}
