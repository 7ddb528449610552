/** Regions of the user's own: a file of its own, what it was seen to be, and what its field is to be called. */
import type { UserError } from '../../jobs/errors.ts';
import type { TrackInspection } from '../../jobs/own-track.ts';
import { sayBytes } from '../../jobs/plan.ts';
import { sayMany } from './say.ts';

/** Chosen here and sent by upload.js, with the VCF. */
export function OwnTrackFile({ bytesMax }: { bytesMax: number }): JSX.Element {
  return (
    <div class="field own-track">
      <label for="own-track">Your own</label>
      <input id="own-track" type="file" aria-describedby="own-track-hint" data-bytes-max={String(bytesMax)} />
      <OwnTrackHint bytesMax={bytesMax} />
      <input type="hidden" name="track_key" />
      <div id="track-inspection" aria-live="polite" />
    </div>
  );
}

export function OwnTrackHint({ bytesMax }: { bytesMax: number }): JSX.Element {
  return (
    <p class="hint" id="own-track-hint">
      BED, GFF3, GTF, VCF or a table of UCSC's, plain or compressed, up to{' '}
      <span class="number" safe>
        {sayBytes(bytesMax)}
      </span>
      , on the file's assembly. Erased with the annotation.
    </p>
  );
}

/** What a file was seen to be, with the name of its field to change. */
export function OwnTrackPart({
  inspection,
  name,
  error,
}: {
  inspection: TrackInspection;
  /** As it was typed. */
  name?: string | undefined;
  error?: UserError | undefined;
}): JSX.Element {
  const wrong = error?.field === 'track_name' ? error.message : undefined;
  return (
    <div class={`field track-name${wrong ? ' wrong' : ''}`}>
      <p safe>{sayInspection(inspection)}</p>
      <label for="track-name">Its field in the result</label>
      <input
        id="track-name"
        name="track_name"
        type="text"
        maxlength="60"
        pattern="[A-Za-z_][A-Za-z0-9_.]*"
        value={name || inspection.name}
        aria-describedby={`track-name-hint${wrong ? ' track-name-wrong' : ''}`}
        {...(wrong ? { 'aria-invalid': 'true', autofocus: true } : {})}
      />
      <p class="hint" id="track-name-hint">
        Letters, digits, dots and underscores, beginning with a letter.
      </p>
      {wrong !== undefined && (
        <p class="wrong-why" id="track-name-wrong" safe>
          {wrong}
        </p>
      )}
    </div>
  );
}

/** What is wrong with a file. */
export function OwnTrackRefused({ error }: { error: UserError }): JSX.Element {
  return (
    <p class="wrong-why" data-refused="yes" safe>
      {error.message}
    </p>
  );
}

/** `BED with 1,204 regions.` `GFF; 310 regions in its beginning, line 7 cannot be read: …` */
function sayInspection({ form, regions, isWhole, badLine }: TrackInspection): string {
  const seen = isWhole
    ? `${form} with ${sayMany(regions, 'region')}`
    : regions > 0
      ? `${form}, ${sayMany(regions, 'region')} in its beginning`
      : 'Its beginning shows nothing yet; it is looked at whole when it has arrived';
  return badLine ? `${seen}. Line ${badLine.line} ${badLine.text}; lines like it are left out.` : `${seen}.`;
}
