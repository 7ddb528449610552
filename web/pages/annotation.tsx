/**
 * One annotation: how it stands, its result, what was found, its files, its record. The article is also the fragment
 * that htmx swaps: while something is still to happen it asks for itself again, and its last version does not.
 */
import type { Job, User } from '../../jobs/job.ts';
import type { PlanLimits } from '../../jobs/plan.ts';
import { sayBytes } from '../../jobs/plan.ts';
import { resultAtHand } from '../../jobs/results.ts';
import { Findings } from '../components/findings.tsx';
import { JobProgress, type QueuePlace } from '../components/job-progress.tsx';
import { JobResult } from '../components/job-result.tsx';
import { StatusWord } from '../components/job-row.tsx';
import { Entry, Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import { sayCount, sayDuration, sayMany, saySentence } from '../components/say.ts';
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
      {job.job_status === 'FAILED' && <Failure job={job} />}
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
      <Files job={job} />
      <Record job={job} now={now} summary={summary} />
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

function Failure({ job }: { job: Job }): JSX.Element {
  const { error } = job;
  return (
    <Entry name="What went wrong">
      <Notice tone="failed">
        <p class="said" safe>
          {saySentence(error?.message ?? 'the annotation failed; the log says more')}
        </p>
        {error !== undefined && (
          <p class="quiet">
            Code <code safe>{error.code}</code>
            {error.line !== undefined && (
              <>
                , line{' '}
                <span class="number" safe>
                  {sayCount(error.line)}
                </span>
              </>
            )}
            {error.field !== undefined && (
              <>
                , field <code safe>{error.field}</code>
              </>
            )}
          </p>
        )}
      </Notice>
      <div class="actions">
        <a class="button primary" href="/annotate">
          Submit a corrected file
        </a>
        {job.s3_key_log_file !== undefined && (
          <a class="button" href={`/annotations/${job.job_id}/log`}>
            Read the log
          </a>
        )}
      </div>
    </Entry>
  );
}

function Files({ job }: { job: Job }): JSX.Element {
  const address = `/annotations/${job.job_id}`;
  const done = job.job_status === 'COMPLETED';
  return (
    <Entry name="Files">
      <table class="files">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" class="number">
              Size
            </th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          <FileRow
            href={`${address}/input`}
            label="Input, as uploaded"
            bytes={job.input_bytes}
            sha256={job.input_sha256}
          />
          {done && (
            <FileRow
              {...(resultAtHand(job)
                ? { href: `${address}/result` }
                : { away: job.archive_status === 'ARCHIVED' ? 'archived' : 'being restored' })}
              label="Annotated VCF"
              bytes={job.result_bytes}
              sha256={job.result_sha256}
            />
          )}
          {done && job.s3_key_index_file !== undefined && <FileRow href={`${address}/index`} label="Tabix index" />}
          {done && job.s3_key_summary_file !== undefined && (
            <FileRow href={`${address}/summary`} label="Summary, JSON" />
          )}
          {job.s3_key_log_file !== undefined && <FileRow href={`${address}/log-file`} label="Log" />}
        </tbody>
      </table>
    </Entry>
  );
}

interface FileRowProps {
  label: string;
  href?: string;
  /** Why it cannot be had now. */
  away?: string;
  bytes?: number | undefined;
  sha256?: string | undefined;
}

function FileRow({ label, href, away, bytes, sha256 }: FileRowProps): JSX.Element {
  return (
    <tr>
      <th scope="row">
        {href ? (
          <a href={href} safe>
            {label}
          </a>
        ) : (
          <>
            <span safe>{label}</span> <span class="quiet" safe>{`(${away ?? 'not there yet'})`}</span>
          </>
        )}
      </th>
      <td class="number" safe>
        {bytes === undefined ? '' : sayBytes(bytes)}
      </td>
      <td>
        <code class="hash" safe>
          {sha256 ?? ''}
        </code>
      </td>
    </tr>
  );
}

function Record({ job, now, summary }: Pick<AnnotationProps, 'job' | 'now' | 'summary'>): JSX.Element {
  const seconds = job.summary?.seconds;
  const variants = job.variant_count ?? job.summary?.variants;
  return (
    <Entry name="Record">
      <dl class="record">
        <Moment term="Submitted" iso={job.submit_time} now={now} />
        <Moment term="Started" iso={job.start_time} now={now} />
        <Moment term={job.job_status === 'COMPLETED' ? 'Completed' : 'Ended'} iso={job.complete_time} now={now} />
        {seconds !== undefined && variants !== undefined && (
          <Fact
            term="Annotated in"
            value={`${sayDuration(seconds)}${seconds > 0 ? `, ${sayMany(variants / seconds, 'variant')}/s` : ''}`}
          />
        )}
        {job.attempt > 1 && <Fact term="Attempts" value={sayCount(job.attempt)} />}
        <Fact term="Reference" value={job.summary?.reference || sayReference(job.options.reference)} />
        {summary !== null && summary.sources.length > 0 && (
          <Fact
            term="Made from"
            value={summary.sources.map(({ name, version }) => `${name} ${version}`.trim()).join(', ')}
          />
        )}
        {summary !== null && <Fact term="File" value={sayFile(summary)} />}
        <dt>Job</dt>
        <dd>
          <code safe>{job.job_id}</code>
        </dd>
      </dl>
    </Entry>
  );
}

/** `VCF 4.2, 1 sample, 190,112 records passing all filters, 1,327 with several ALTs` */
function sayFile({ vcfVersion, samples, passing, multiAllelic }: SummaryFile): string {
  const parts = [
    vcfVersion && `VCF ${vcfVersion}`,
    samples !== undefined && (samples === 0 ? 'no samples' : sayMany(samples, 'sample')),
    passing !== undefined && `${sayMany(passing, 'record')} passing all filters`,
    !!multiAllelic && `${sayCount(multiAllelic)} with several ALTs`,
  ];
  return parts.filter(Boolean).join(', ');
}

function sayReference(name: string): string {
  return name === 'auto' ? 'the one that fits the file' : name;
}

function Fact({ term, value }: { term: string; value: string }): JSX.Element {
  return (
    <>
      <dt safe>{term}</dt>
      <dd safe>{value}</dd>
    </>
  );
}

function Moment({ term, iso, now }: { term: string; iso: string | undefined; now: number }): JSX.Element {
  if (!iso) return <></>;
  return (
    <>
      <dt safe>{term}</dt>
      <dd>
        <When iso={iso} now={now} exact />
      </dd>
    </>
  );
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
