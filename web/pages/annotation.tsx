/**
 * One annotation: how it stands, its result, what was found, its files, its record. The article is also the fragment
 * that htmx swaps: while something is still to happen it asks for itself again, and its last version does not.
 */
import type { Job, User } from '../../jobs/job.ts';
import type { PlanLimits } from '../../jobs/plan.ts';
import { Findings } from '../components/findings.tsx';
import { JobFailure } from '../components/job-failure.tsx';
import { JobFiles } from '../components/job-files.tsx';
import { JobProgress, type QueuePlace } from '../components/job-progress.tsx';
import { JobRecord } from '../components/job-record.tsx';
import { JobResult } from '../components/job-result.tsx';
import { StatusWord } from '../components/job-row.tsx';
import { Entry, Layout } from '../components/layout.tsx';
import { polling, pollSeconds } from '../components/standing.ts';
import type { SummaryFile } from '../components/summary-file.ts';
import { When } from '../components/when.tsx';
import type { SignedInVisit } from '../visit.ts';

export interface AnnotationProps {
  job: Job;
  user: User;
  limits: PlanLimits;
  now: number;
  queue: QueuePlace | null;
  /** The whole summary, when there is one. */
  summary: SummaryFile | null;
}

export function AnnotationPage({ visit, ...props }: AnnotationProps & { visit: SignedInVisit }): JSX.Element {
  const { job, user, now } = props;
  const seconds = pollSeconds(job, user.tier, now);
  return (
    <Layout
      visit={visit}
      title={job.input_file_name}
      here="annotations"
      refreshSeconds={seconds === null ? undefined : Math.max(3, seconds)}
    >
      <AnnotationArticle {...props} />
    </Layout>
  );
}

export function AnnotationArticle(props: AnnotationProps): JSX.Element {
  const { job, user, now, queue, summary } = props;
  const address = `/annotations/${job.job_id}`;
  return (
    <article id="annotation" {...polling(`${address}/article`, pollSeconds(job, user.tier, now), 'outerMorph')}>
      <p class="crumb">
        <a href="/annotations">Annotations</a>
      </p>
      <h1 class="file-name" safe>
        {job.input_file_name}
      </h1>
      <p class="lead-line">
        <StatusWord job={job} />
        <span class="quiet">
          submitted <When iso={job.submit_time} now={now} />
        </span>
      </p>
      <p class="visually-hidden" role="status" safe>
        {announcement(job)}
      </p>

      <JobProgress job={job} queue={queue} />
      {job.job_status === 'FAILED' && <JobFailure job={job} />}
      {job.job_status === 'CANCELLED' && (
        <Entry name="Cancelled">
          <p>
            This annotation was cancelled
            {job.complete_time !== undefined && (
              <>
                {' '}
                <When iso={job.complete_time} now={now} />
              </>
            )}
            . Nothing was produced. <a href="/annotate">Annotate another file</a>
          </p>
        </Entry>
      )}
      <JobResult {...props} />
      {job.summary !== undefined && <Findings summary={job.summary} file={summary} />}
      <JobFiles job={job} />
      <JobRecord job={job} now={now} summary={summary} />
      <Ending job={job} />
    </article>
  );
}

/** What a screen reader hears when it changes: coarse on purpose. */
function announcement(job: Job): string {
  switch (job.job_status) {
    case 'PENDING':
      return 'Waiting in the queue.';
    case 'RUNNING':
      return `Running, ${10 * Math.floor((job.progress?.percent ?? 0) / 10)} percent.`;
    case 'COMPLETED':
      return job.archive_status === 'ARCHIVED' ? 'Completed. The result is archived.' : 'Completed.';
    case 'FAILED':
      return 'Failed.';
    case 'CANCELLED':
      return 'Cancelled.';
  }
}

function Ending({ job }: { job: Job }): JSX.Element {
  const address = `/annotations/${job.job_id}`;
  const runs = job.job_status === 'PENDING' || job.job_status === 'RUNNING';
  return (
    <div class="actions ending">
      {runs && (
        <a class="button" href={`${address}/cancellation`}>
          Cancel…
        </a>
      )}
      <a class="button danger" href={`${address}/deletion`}>
        Delete…
      </a>
    </div>
  );
}
