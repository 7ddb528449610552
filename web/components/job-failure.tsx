/** Why a job failed: the sentence, where in the file, and what to do now. */
import type { Job } from '../../jobs/job.ts';
import { Entry } from './layout.tsx';
import { Notice } from './notice.tsx';
import { sayCount, saySentence } from './say.ts';

export function JobFailure({ job }: { job: Job }): JSX.Element {
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
