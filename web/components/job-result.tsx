/** Where a completed job's result is, what will happen to it, and what one can do about it. */
import { completeOptions } from '../../jobs/annotation-options.ts';
import type { Job, User } from '../../jobs/job.ts';
import { sayBytes, type PlanLimits } from '../../jobs/plan.ts';
import { Entry } from './layout.tsx';
import { Notice } from './notice.tsx';
import { sayCount, sayDuration, sayMany } from './say.ts';
import { resultLabels } from './say-options.ts';
import type { Example, SummaryFile } from './summary-file.ts';
import { When } from './when.tsx';

interface JobResultProps {
  job: Job;
  user: User;
  limits: PlanLimits;
  now: number;
  /** The whole summary, when there is one. */
  summary: SummaryFile | null;
}

export function JobResult(props: JobResultProps): JSX.Element {
  const { job } = props;
  if (job.job_status !== 'COMPLETED') return <></>;
  return (
    <Entry name="Result" id="result">
      <Headline {...props} />
      <Place {...props} />
    </Entry>
  );
}

function Headline({ job, summary: file }: JobResultProps): JSX.Element {
  const { summary } = job;
  const variants = job.variant_count ?? summary?.variants;
  const saysItself = summary?.warnings.some(({ message }) => message.startsWith(summary.assembly_sentence));
  return (
    <>
      {variants !== undefined && (
        <p class="big" safe>
          {summary
            ? `${sayMany(variants, 'variant')} in ${sayMany(summary.records, 'record')}`
            : sayMany(variants, 'variant')}
        </p>
      )}
      {summary !== undefined && !saysItself && <p safe>{summary.assembly_sentence}</p>}
      {summary !== undefined && summary.warnings.length > 0 && (
        <Notice tone="warning">
          <ul class="plain">
            {summary.warnings.map(({ code, message }) => (
              <li>
                <span safe>{message}</span>
                <Examples examples={file?.examples.get(code) ?? []} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** The first lines a warning is about, to unfold. A look at the job again leaves it as it is. */
function Examples({ examples }: { examples: Example[] }): JSX.Element {
  if (examples.length === 0) return <></>;
  return (
    <details {...{ 'hx-morph-skip': '' }}>
      <summary>{examples.length === 1 ? 'An example' : 'Examples'}</summary>
      <ul>
        {examples.map(({ line, text }) => (
          <li>
            <span class="number" safe>{`line ${sayCount(line)}:`}</span> <code safe>{text}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Place({ job, user, limits, now }: JobResultProps): JSX.Element {
  const actions = <Actions job={job} />;
  switch (job.archive_status) {
    case 'ARCHIVE_SCHEDULED':
      return (
        <>
          {actions}
          <Countdown job={job} now={now} />
        </>
      );
    case 'ARCHIVING':
      return (
        <>
          {actions}
          <Notice tone="place">
            <p>The result is being archived. You can download it until that is done.</p>
            <Upgrade text="Premium results stay at hand." />
          </Notice>
        </>
      );
    case 'ARCHIVED':
      return user.tier === 'premium' ? <Requested /> : <Archived limits={limits} />;
    case 'THAWING':
    case 'RESTORING':
      return <Restoring job={job} now={now} />;
    case 'DELETING':
    case 'DELETED':
      return <p>This annotation is being deleted.</p>;
    default:
      return (
        <>
          {actions}
          {job.restore_status === 'RESTORED' && job.restore_message !== undefined && (
            <Notice tone="done">
              <p safe>{job.restore_message}</p>
            </Notice>
          )}
          {user.tier === 'premium' && <p class="quiet">Premium: the result stays until you delete it.</p>}
        </>
      );
  }
}

function Actions({ job }: { job: Job }): JSX.Element {
  const { form } = completeOptions(job.options);
  const address = `/annotations/${job.job_id}`;
  return (
    <div class="actions">
      <a class="button primary" href={`${address}/result`}>
        <span safe>{`Download the ${resultLabels[form].replace('Annotated', 'annotated')}`}</span>
        {job.result_bytes !== undefined && (
          <small class="number" safe>
            {sayBytes(job.result_bytes)}
          </small>
        )}
      </a>
      <a class="button" href={`${address}/log`}>
        Read the log
      </a>
    </div>
  );
}

function Countdown({ job, now }: { job: Job; now: number }): JSX.Element {
  if (!job.archive_time) return <></>;
  const seconds = (Date.parse(job.archive_time) - now) / 1000;
  return (
    <Notice tone="place">
      <p>
        {seconds > 0 ? (
          <>
            This result stays here until <When iso={job.archive_time} now={now} exact />: it is archived in{' '}
            <b class="number" safe>
              {sayDuration(seconds)}
            </b>
            .
          </>
        ) : (
          'The time of this result is up; it is about to be archived.'
        )}
      </p>
      <Upgrade text="Premium results stay at hand, and come back from the archive." />
    </Notice>
  );
}

function Archived({ limits }: { limits: PlanLimits }): JSX.Element {
  return (
    <Notice tone="place">
      <p>
        <b>This result is archived.</b> Free results stay at hand for{' '}
        <span safe>{sayDuration(limits.archiveGraceSeconds)}</span>, then move to cold storage. The log, the summary and
        your input are still here.
      </p>
      <Upgrade text="Upgrade and it is brought back, checked against its SHA-256." />
    </Notice>
  );
}

function Requested(): JSX.Element {
  return (
    <Notice tone="place">
      <p>
        <b>This result is archived and on its way back.</b> Cold storage is being asked for it; this page says how long
        that takes as soon as it is known.
      </p>
    </Notice>
  );
}

function Restoring({ job, now }: { job: Job; now: number }): JSX.Element {
  return (
    <Notice tone="place">
      <p>
        <b>This result is being restored.</b>{' '}
        <span safe>
          {job.archive_status === 'RESTORING'
            ? 'The archive has handed it out; it is being copied back and checked.'
            : (job.restore_message ?? 'The archive has been asked for it.')}
        </span>
      </p>
      {job.restore_request_time !== undefined && (
        <p class="quiet">
          Asked <When iso={job.restore_request_time} now={now} />. You can leave this page.
        </p>
      )}
    </Notice>
  );
}

function Upgrade({ text }: { text: string }): JSX.Element {
  return (
    <p>
      <span safe>{text}</span> <a href="/subscribe">Upgrade to premium</a>
    </p>
  );
}
