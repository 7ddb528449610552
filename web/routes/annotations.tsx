/** A user's annotations: the list, one of them, its log and files, cancelling and deleting it. */
import type { Gas } from '../../jobs/gas.ts';
import type { Job } from '../../jobs/job.ts';
import { cancelJob, eraseJob } from '../../jobs/erase.ts';
import { findJob, listJobs, queuePlace } from '../../jobs/records.ts';
import { downloadUrl, readLog, readSummary, type FileOfJob } from '../../jobs/results.ts';
import { JobRow } from '../components/job-row.tsx';
import { readSummaryFile, type SummaryFile } from '../components/summary-file.ts';
import { AnnotationArticle, AnnotationPage, type AnnotationProps } from '../pages/annotation.tsx';
import { AnnotationsPage } from '../pages/annotations.tsx';
import { ConfirmPage } from '../pages/confirm.tsx';
import { LogPage } from '../pages/log.tsx';
import { fragment, page, seeOther } from '../reply.ts';
import type { SignedInVisit } from '../visit.ts';

const rowsOnPage = 50;

const saidOnList = new Map([['deleted', 'The annotation and all its files are deleted.']]);

export async function list(visit: SignedInVisit): Promise<Response> {
  const from = visit.url.searchParams.get('from') ?? '';
  const { jobs, cursor } = await listJobs(visit.gas, visit.user, {
    limit: rowsOnPage,
    ...(from ? { cursor: from } : {}),
  });
  const said = saidOnList.get(visit.url.searchParams.get('said') ?? '');
  return page(<AnnotationsPage visit={visit} jobs={jobs} cursor={cursor} continued={from !== ''} said={said} />);
}

export async function row(visit: SignedInVisit, jobId: string): Promise<Response> {
  const job = await findJob(visit.gas, visit.user, jobId);
  return fragment(<JobRow job={job} tier={visit.user.tier} now={visit.gas.now()} />);
}

export async function show(visit: SignedInVisit, jobId: string): Promise<Response> {
  return page(<AnnotationPage visit={visit} {...await propsOf(visit, jobId)} />);
}

/** The article of `show`, for htmx. */
export async function article(visit: SignedInVisit, jobId: string): Promise<Response> {
  return fragment(<AnnotationArticle {...await propsOf(visit, jobId)} />);
}

export async function log(visit: SignedInVisit, jobId: string): Promise<Response> {
  const job = await findJob(visit.gas, visit.user, jobId);
  return page(<LogPage visit={visit} job={job} log={await readLog(visit.gas, job)} />);
}

/** Sends the browser to the file itself, by a link that is good for a few minutes. */
export function download(file: FileOfJob) {
  return async ({ gas, user }: SignedInVisit, jobId: string): Promise<Response> => {
    const job = await findJob(gas, user, jobId);
    return seeOther(await downloadUrl(gas, job, file));
  };
}

export async function cancelPage(visit: SignedInVisit, jobId: string): Promise<Response> {
  const job = await findJob(visit.gas, visit.user, jobId);
  return page(
    <ConfirmPage
      visit={visit}
      title={`Cancel the annotation of ${job.input_file_name}?`}
      consequences={['It stops where it is and produces no result. Your input stays until you delete the annotation.']}
      action={`/annotations/${jobId}/cancellation`}
      verb="Cancel the annotation"
      back={`/annotations/${jobId}`}
      here="annotations"
    />,
  );
}

export async function cancel(visit: SignedInVisit, jobId: string): Promise<Response> {
  await cancelJob(visit.gas, visit.user, jobId);
  return seeOther(`/annotations/${jobId}`);
}

export async function erasePage(visit: SignedInVisit, jobId: string): Promise<Response> {
  const job = await findJob(visit.gas, visit.user, jobId);
  return page(
    <ConfirmPage
      visit={visit}
      title={`Delete the annotation of ${job.input_file_name}?`}
      consequences={['Its input, result, log and archive are removed. This cannot be undone.', ...runsStill(job)]}
      action={`/annotations/${jobId}/deletion`}
      verb="Delete the annotation"
      back={`/annotations/${jobId}`}
      here="annotations"
    />,
  );
}

export async function erase(visit: SignedInVisit, jobId: string): Promise<Response> {
  await eraseJob(visit.gas, visit.user, jobId);
  return seeOther('/annotations?said=deleted');
}

async function propsOf({ gas, user }: SignedInVisit, jobId: string): Promise<AnnotationProps> {
  const job = await findJob(gas, user, jobId);
  const [queue, summary] = await Promise.all([queuePlace(gas, job), wholeSummary(gas, job)]);
  return { job, user, queue, summary, limits: gas.config.limits, now: gas.now() };
}

/** A summary that cannot be read costs the page its pictures, not the download. */
async function wholeSummary(gas: Gas, job: Job): Promise<SummaryFile | null> {
  try {
    return readSummaryFile(await readSummary(gas, job));
  } catch (error) {
    gas.log.fault('summary unreadable', error, { job_id: job.job_id });
    return null;
  }
}

function runsStill(job: Job): string[] {
  return job.job_status === 'RUNNING' || job.job_status === 'PENDING'
    ? ['It is not finished; it is cancelled first.']
    : [];
}
