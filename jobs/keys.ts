/**
 * The S3 keys of a job's files, in one place. Inputs: `<user_id>/<job_id>/<file name>`.
 * Results: `<user_id>/<job_id>/<attempt>/<file name>…`. Pure.
 */
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

/** The folder of one attempt's outputs. */
export function attemptPrefix(userId: string, jobId: string, attempt: number): string {
  return `${userId}/${jobId}/${attempt}/`;
}

/** `sample.vcf.gz` → `sample.annot.vcf.gz`, `sample.annot.vcf.gz.tbi`, `sample.vcf.count.log`, `sample.summary.json`. */
export function resultNames(inputFileName: string): ResultNames {
  const stem = inputFileName.replace(/\.(gz|bgz|bgzf)$/i, '').replace(/\.vcf$/i, '') || 'input';
  return {
    result: `${stem}.annot.vcf.gz`,
    index: `${stem}.annot.vcf.gz.tbi`,
    log: `${stem}.vcf.count.log`,
    summary: `${stem}.summary.json`,
  };
}

/** Takes an input key apart. */
export function parseInputKey(key: string): { userId: string; jobId: string; fileName: string } {
  const match = /^([^/]+)\/([^/]+)\/([^/]+)$/.exec(key);
  if (!match) throw new UserError('NO_UPLOAD', 'That upload does not belong to a job. Please submit the file again.');
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
