/**
 * The S3 keys of a job's files, in one place. Inputs: `<user_id>/<job_id>/<file name>`, and a track of the user's own
 * `<user_id>/<job_id>/track/<file name>`, so that whatever erases the folder erases it.
 * Results: `<user_id>/<job_id>/<attempt>/<file name>…`. Pure.
 */
import type { OutputForm } from './annotation-options.ts';
import { UserError } from './errors.ts';

/** What a job's files are called, from the input's name. The annotated VCF and the log keep the seed's names. */
export interface ResultNames {
  result: string;
  index: string;
  log: string;
  summary: string;
}

export function inputKey(userId: string, jobId: string, fileName: string): string {
  return `${userId}/${jobId}/${fileName}`;
}

/** Where a track of the user's own lies, beside the job's input. */
export function trackKey(userId: string, jobId: string, fileName: string): string {
  return `${userId}/${jobId}/track/${fileName}`;
}

/** The folder of one attempt's outputs. */
export function attemptPrefix(userId: string, jobId: string, attempt: number): string {
  return `${userId}/${jobId}/${attempt}/`;
}

const extensions: Record<OutputForm, string> = { csq: 'vcf', ann: 'vcf', bcsq: 'vcf', tsv: 'tsv', json: 'jsonl' };

/**
 * `sample.vcf.gz` → `sample.annot.vcf.gz`, `sample.annot.vcf.gz.tbi`, `sample.vcf.count.log`, `sample.summary.json`;
 * as a table `sample.annot.tsv.gz`, as JSON lines `sample.annot.jsonl.gz`.
 */
export function resultNames(inputFileName: string, form: OutputForm = 'csq'): ResultNames {
  const stem = inputFileName.replace(/\.(gz|bgz|bgzf)$/i, '').replace(/\.vcf$/i, '') || 'input';
  const result = `${stem}.annot.${extensions[form]}.gz`;
  return {
    result,
    index: `${result}.tbi`,
    log: `${stem}.vcf.count.log`,
    summary: `${stem}.summary.json`,
  };
}

/** The file name in a key: what a file is called where it was written. */
export function fileNameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** Takes an input key apart. */
export function parseInputKey(key: string): { userId: string; jobId: string; fileName: string } {
  const match = /^([^/]+)\/([^/]+)\/([^/]+)$/.exec(key);
  if (!match) throw new UserError('NO_UPLOAD', 'That upload does not belong to a job. Please submit the file again.');
  return { userId: match[1] ?? '', jobId: match[2] ?? '', fileName: match[3] ?? '' };
}

/** Takes the key of a track apart. */
export function parseTrackKey(key: string): { userId: string; jobId: string; fileName: string } {
  const match = /^([^/]+)\/([^/]+)\/track\/([^/]+)$/.exec(key);
  if (!match) throw new UserError('NO_UPLOAD', 'That track does not belong to a job. Please choose the file again.');
  return { userId: match[1] ?? '', jobId: match[2] ?? '', fileName: match[3] ?? '' };
}

/**
 * A file name as a person typed it, made safe as the last part of a key and in a header: no path, no control
 * characters, at most 200 characters. `C:\data\my file.vcf` → `my file.vcf`.
 */
export function safeFileName(name: string): string {
  const base = (name.split(/[/\\]/).pop() ?? '').normalize('NFC');
  const clean = base
    // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
    .replace(/[\u0000-\u001f\u007f"<>|*?:]/g, '_')
    .trim()
    .replace(/^\.+/, '');
  return clean.slice(-200) || 'input.vcf';
}
