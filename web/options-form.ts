/**
 * The options of a form, as text: `jobs/` says whether they can be. Checkboxes say only what is ticked, so the form says
 * beside them what could have been.
 */
import type { AskedOptions } from '../jobs/annotation-options.ts';

export function readOptionsForm(form: URLSearchParams): AskedOptions {
  const ticked = form.getAll('source');
  return {
    reference: form.get('reference') ?? undefined,
    transcripts: form.get('transcripts') ?? undefined,
    distance: form.get('distance')?.trim() || undefined,
    manner: form.get('manner') ?? undefined,
    form: form.get('form') ?? undefined,
    left_out: form.getAll('offered_source').filter((name) => !ticked.includes(name)),
    tracks: form.getAll('track'),
    genes: form.getAll('genes'),
  };
}

/** The track uploaded for the same job, if there is one. */
export function readOwnTrack(form: URLSearchParams): { key: string; name?: string | undefined } | undefined {
  const key = form.get('track_key');
  return key ? { key, name: form.get('track_name') ?? undefined } : undefined;
}
