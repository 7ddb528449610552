/** Submitting: the page, a signed form to upload with, what arrived, and the sample. */
import { UserError } from '../../jobs/errors.ts';
import { listReferences } from '../../jobs/references.ts';
import { inspectBeginning, inspectUpload, prepareUpload, submitJob, submitSample } from '../../jobs/submit.ts';
import { AnnotatePage, InspectionPart, UploadedPage } from '../pages/annotate.tsx';
import { statusOf } from '../problems.tsx';
import { fragment, json, page, seeOther } from '../reply.ts';
import type { SignedInVisit, Visit } from '../visit.ts';

export async function annotatePage(visit: SignedInVisit): Promise<Response> {
  const successUrl = new URL('/annotate/uploaded', visit.gas.config.publicUrl).href;
  const [upload, references] = await Promise.all([
    prepareUpload(visit.gas, visit.user, { successUrl }),
    listReferences(visit.gas),
  ]);
  return page(<AnnotatePage visit={visit} upload={upload} references={references} />);
}

/** A fresh form for upload.js, which posts the file itself and needs no redirect. */
export async function newUpload(visit: SignedInVisit): Promise<Response> {
  const { url, fields, bytesMax } = await prepareUpload(visit.gas, visit.user);
  return json({ url, fields, bytesMax });
}

/** What the first bytes of a chosen file show, before it is uploaded: they come as base64url, to fit a form. */
export async function inspection({ gas, form }: SignedInVisit): Promise<Response> {
  const head = Buffer.from(form.get('head') ?? '', 'base64url');
  return fragment(<InspectionPart inspection={await inspectBeginning(gas, head)} />);
}

/** Where S3 sends a browser without JavaScript. Nothing is submitted by looking at it. */
export async function uploadedPage(visit: SignedInVisit): Promise<Response> {
  const inspection = await inspectUpload(visit.gas, visit.user, visit.url.searchParams.get('key') ?? '');
  return page(<UploadedPage visit={visit} inspection={inspection} />);
}

export async function submit(visit: SignedInVisit): Promise<Response> {
  const { gas, user, form } = visit;
  const key = form.get('key') ?? '';
  try {
    const job = await submitJob(gas, user, { key, options: { reference: form.get('reference') || 'auto' } });
    return seeOther(`/annotations/${job.job_id}`);
  } catch (error) {
    if (!(error instanceof UserError) || error.field !== 'reference') throw error;
    const inspection = await inspectUpload(gas, user, key);
    return page(<UploadedPage visit={visit} inspection={inspection} error={error} />, statusOf(error));
  }
}

export async function sample(visit: Visit): Promise<Response> {
  if (!visit.user) return seeOther('/sign-up?sample=yes');
  const job = await submitSample(visit.gas, visit.user);
  return seeOther(`/annotations/${job.job_id}`);
}
