/**
 * Submitting a file. The browser posts it straight to S3 with a signed form; without JavaScript S3 then sends the
 * browser back to the second page here, with JavaScript upload.js shows a bar and submits what arrived by itself. A form
 * carries one file to S3, so without JavaScript regions of one's own are a second form on the second page.
 */
import type { UserError } from '../../jobs/errors.ts';
import { completeOptions, type SomeOptions } from '../../jobs/annotation-options.ts';
import type { Installed, ReferenceChoice } from '../../jobs/installed.ts';
import type { TrackInspection, TrackUpload } from '../../jobs/own-track.ts';
import { sayBytes } from '../../jobs/plan.ts';
import type { BeginningInspection, Inspection, Upload } from '../../jobs/submit.ts';
import { Entry, Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import { OptionsFields } from '../components/options-fields.tsx';
import { OwnTrackFile, OwnTrackHint, OwnTrackPart } from '../components/own-track.tsx';
import { SampleButton } from '../components/sample-button.tsx';
import { sayDuration } from '../components/say.ts';
import type { SignedInVisit } from '../visit.ts';

interface AnnotateProps {
  visit: SignedInVisit;
  upload: Upload;
  installed: Installed;
}

export function AnnotatePage({ visit, upload, installed }: AnnotateProps): JSX.Element {
  const { user, gas } = visit;
  const { limits } = gas.config;
  return (
    <Layout visit={visit} title="Annotate a file" here="annotate" uploads>
      <h1>Annotate a file</h1>
      <Entry name="Your VCF" id="file">
        <form
          id="upload"
          class="upload"
          method="post"
          action={upload.url}
          enctype="multipart/form-data"
          data-bytes-max={String(upload.bytesMax)}
          data-tier={user.tier}
        >
          {Object.entries(upload.fields).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <div class="drop" id="drop">
            <label for="vcf">
              <b>Choose a VCF file</b>
              <span class="with-script" hidden>
                , or drop it here
              </span>
            </label>
            <input id="vcf" type="file" name="file" required aria-describedby="vcf-hint" />
            <p class="hint" id="vcf-hint">
              <code>.vcf</code> or <code>.vcf.gz</code>, up to{' '}
              <b class="number" safe>
                {sayBytes(upload.bytesMax)}
              </b>
              {user.tier === 'free' && (
                <>
                  {' '}
                  on the free tier; <a href="/subscribe">premium</a> takes up to{' '}
                  <span class="number" safe>
                    {sayBytes(limits.premiumInputBytes)}
                  </span>
                </>
              )}
              .
            </p>
          </div>
          <div class="actions without-script">
            <button type="submit" class="primary">
              Upload
            </button>
          </div>
        </form>

        <div id="upload-problem" class="notice notice-failed" role="alert" hidden />
        <form id="submission" method="post" action="/annotations" class="stack" hidden>
          <input type="hidden" name="key" />
          <div id="inspection" aria-live="polite">
            <ReferenceField references={installed.references} selected="auto" />
          </div>
          <OptionsFields installed={installed} options={completeOptions(user.last_options ?? {})}>
            <OwnTrackFile bytesMax={upload.track.bytesMax} />
          </OptionsFields>
          <div class="actions">
            <button type="submit" class="primary" id="start" disabled>
              Upload and annotate
            </button>
          </div>
        </form>

        <div id="uploading" class="uploading" hidden>
          <p class="progress-line">
            <label for="upload-progress" id="upload-what">
              Uploading
            </label>
            <b class="number" id="upload-percent">
              0 %
            </b>
          </p>
          <progress id="upload-progress" max="100" value="0" />
          <p class="quiet number" id="upload-detail" />
          <div class="actions">
            <button type="button" id="upload-cancel">
              Cancel the upload
            </button>
          </div>
        </div>
        <p class="visually-hidden" role="status" id="upload-status" />
      </Entry>
      <Entry name="No file?">
        <p>Take ours: a small GRCh38 file with variants of well-known genes.</p>
        <SampleButton />
      </Entry>
      <Entry name="What happens">
        <p>
          The file goes from your browser to this service's storage and waits for an annotator. Plain text, gzip and
          BGZF are read; every line comes out again, in the same order.{' '}
          {user.tier === 'free' ? (
            <>
              The result stays at hand for{' '}
              <span class="number" safe>
                {sayDuration(limits.archiveGraceSeconds)}
              </span>
              , then it is archived; download it, or <a href="/subscribe">upgrade</a> and it stays.
            </>
          ) : (
            'The result stays until you delete it.'
          )}
        </p>
      </Entry>
    </Layout>
  );
}

/** Regions of the user's own that have arrived beside the VCF. */
export interface ArrivedTrack {
  key: string;
  fileName: string;
  /** As it was typed, if it was. */
  name?: string | undefined;
  inspection: TrackInspection;
}

interface UploadedProps {
  visit: SignedInVisit;
  inspection: Inspection;
  /** What was chosen a moment ago, if it was not right; else it is as last time. */
  options?: SomeOptions;
  track?: ArrivedTrack | undefined;
  error?: UserError | undefined;
}

/** The second page without JavaScript: the file has arrived, now annotate it. */
export function UploadedPage({ visit, inspection, options, track, error }: UploadedProps): JSX.Element {
  const { key, fileName, bytes } = inspection;
  const chosen = completeOptions(options ?? visit.user.last_options ?? {});
  return (
    <Layout visit={visit} title="Uploaded" here="annotate">
      <h1>Your file has arrived</h1>
      <Entry name="File">
        <p class="big file-name" safe>
          {fileName}
        </p>
        <p>
          <span class="number" safe>
            {sayBytes(bytes)}
          </span>
        </p>
      </Entry>
      <Entry name="Your regions">
        {error?.field === 'track' && (
          <Notice tone="failed">
            <p safe>{error.message}</p>
          </Notice>
        )}
        {track !== undefined && (
          <p class="big file-name" safe>
            {track.fileName}
          </p>
        )}
        <OwnTrackForm upload={inspection.trackUpload} isAgain={track !== undefined} />
      </Entry>
      <Entry name="Annotate it">
        {error !== undefined && error.field !== 'track' && error.field !== 'track_name' && (
          <Notice tone="failed">
            <p safe>{error.message}</p>
          </Notice>
        )}
        <form method="post" action="/annotations" class="stack">
          <input type="hidden" name="key" value={key} />
          <InspectionPart inspection={inspection} chosen={options?.reference} />
          {track !== undefined && (
            <>
              <input type="hidden" name="track_key" value={track.key} />
              <OwnTrackPart inspection={track.inspection} name={track.name} error={error} />
            </>
          )}
          <OptionsFields installed={inspection.installed} options={chosen} error={error} />
          <div class="actions">
            <button type="submit" class="primary">
              Annotate
            </button>
            <a class="button" href="/annotate">
              Choose another file
            </a>
          </div>
        </form>
      </Entry>
    </Layout>
  );
}

/** A form of its own: S3 takes one file at a time, and sends the browser back here. */
function OwnTrackForm({ upload, isAgain }: { upload: TrackUpload; isAgain: boolean }): JSX.Element {
  return (
    <details class="options">
      <summary>{isAgain ? 'Take another file' : 'Add a file of regions, if you like'}</summary>
      <form id="track-upload" method="post" action={upload.url} enctype="multipart/form-data" class="stack">
        {Object.entries(upload.fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="field">
          <label for="own-track">File of regions</label>
          <input id="own-track" type="file" name="file" required aria-describedby="own-track-hint" />
          <OwnTrackHint bytesMax={upload.bytesMax} />
        </div>
        <div class="actions">
          <button type="submit">Upload the regions</button>
        </div>
      </form>
    </details>
  );
}

/** What the beginning of a file shows, and the references to choose from: the fitting one chosen, the others marked. */
export function InspectionPart({
  inspection,
  chosen,
}: {
  inspection: BeginningInspection;
  /** The reference chosen before, if one was. */
  chosen?: string | undefined;
}): JSX.Element {
  const { assembly, installed, preselected } = inspection;
  const choices = installed.references;
  const fitting = choices.some((choice) => choice.assembly === assembly.name);
  return (
    <>
      <p safe>{assembly.sentence}</p>
      {assembly.name !== '' && choices.length > 0 && !fitting && (
        <Notice tone="warning">
          <p>
            No reference for <b safe>{assembly.name}</b> is installed here. The file is annotated with what does not
            depend on it: classes, transitions and transversions, the mitochondrion; no genes, and nothing that would be
            wrong. Its operator installs one with{' '}
            <code safe>{`anntools reference install ${assembly.name.toLowerCase()}`}</code>.
          </p>
        </Notice>
      )}
      <ReferenceField references={choices} selected={chosen ?? preselected} assembly={assembly.name} />
    </>
  );
}

function ReferenceField({
  references,
  selected,
  assembly = '',
}: {
  references: ReferenceChoice[];
  selected: string;
  /** The file's, when it is known; references of another are marked. */
  assembly?: string;
}): JSX.Element {
  const marked = (choice: ReferenceChoice) =>
    assembly === '' || choice.assembly === assembly ? choice.label : `${choice.label} (not the file's ${assembly})`;
  return (
    <div class="field">
      <label for="reference">Reference</label>
      <select id="reference" name="reference">
        <option value="auto" selected={selected === 'auto'}>
          The one that fits the file
        </option>
        {references.map((choice) => (
          <option value={choice.name} selected={selected === choice.name} safe>
            {marked(choice)}
          </option>
        ))}
      </select>
      {references.map(({ label, note }) => (
        <p class="hint">
          <b safe>{label}</b>: <span safe>{note}</span>
        </p>
      ))}
    </div>
  );
}
