/**
 * What a job is. The words, used alike in code, database, pages and documentation:
 *
 *   user        someone signed up; on the free or the premium tier
 *   job         one VCF to annotate for one user, with options; its life is `lifecycle.ts`
 *   input       the VCF as uploaded, in the inputs bucket
 *   result      the annotated VCF, its index, summary and log, in the results bucket, written by one attempt
 *   attempt     one run of the annotator on a job; outputs lie under it, one conditional write makes them the result
 *   lease       the annotator's right to a job until a moment; renewed by the heartbeat, lost by silence
 *   grace       how long a free user's result stays before it is archived
 *   archive     the result in cold storage; retrieval is asking it back, restore is it being in S3 again
 *
 * Pure: no clock, no cloud. Times are ISO 8601 UTC strings with milliseconds, so that they sort as they read.
 */
import type { RememberedOptions, SomeOptions } from './annotation-options.ts';

export type Tier = 'free' | 'premium';

export const jobStatuses = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const archiveStatuses = [
  'AVAILABLE',
  'ARCHIVE_SCHEDULED',
  'ARCHIVING',
  'ARCHIVED',
  'THAWING',
  'RESTORING',
  'DELETING',
  'DELETED',
] as const;
/** Where a completed job's result is. Absent until there is one. */
export type ArchiveStatus = (typeof archiveStatuses)[number];

/** How fast cold storage was asked; minutes, hours, half a day. */
export type RetrievalTier = 'Expedited' | 'Standard' | 'Bulk';

export interface User {
  user_id: string;
  /** As typed, for showing; uniqueness is by its lower case. */
  email: string;
  name: string;
  tier: Tier;
  created_time: string;
  /** When the user last moved from premium to free. */
  downgraded_time?: string;
  /** The options of the last submission, for the next one. */
  last_options?: RememberedOptions;
}

/** How far a running job is; written by the annotator about every second. */
export interface Progress {
  stage: 'downloading' | 'annotating' | 'uploading';
  /** 0 to 100, by bytes of input read. */
  percent: number;
  variants: number;
  variants_per_second: number;
  /** Seconds to go, when it can be said. */
  eta_seconds?: number;
}

/** Why a job failed: a code for programs, a sentence for the person. */
export interface JobError {
  code: string;
  message: string;
  line?: number;
  field?: string;
}

/** What the annotator found, short enough for the table; the whole summary is a file beside the result. */
export interface JobSummary {
  assembly: string;
  assembly_sentence: string;
  reference: string;
  variants: number;
  records: number;
  /** Sentences for the page: what to know about this result. */
  warnings: { code: string; message: string; count?: number }[];
  /** Records by most severe consequence term. */
  terms: Record<string, number>;
  /** Records by impact: HIGH, MODERATE, LOW, MODIFIER. */
  impacts: Record<string, number>;
  /** Alternative alleles by class: SNV, insertion, deletion … */
  classes: Record<string, number>;
  seconds: number;
}

/** The item of table `annotations`: the seed's names, and ours. */
export interface Job {
  job_id: string;
  user_id: string;
  input_file_name: string;
  s3_inputs_bucket: string;
  s3_key_input_file: string;
  /** Bytes of the input as uploaded. */
  input_bytes: number;
  submit_time: string;
  job_status: JobStatus;
  /** What the user chose; items older than an option do not have it. */
  options: SomeOptions;

  /** Counts runs, from 1; 0 before the first. */
  attempt: number;
  lease_owner?: string;
  lease_until?: string;
  start_time?: string;
  progress?: Progress;

  s3_results_bucket?: string;
  s3_key_result_file?: string;
  s3_key_log_file?: string;
  s3_key_index_file?: string;
  s3_key_summary_file?: string;
  /** Bytes of the annotated VCF. */
  result_bytes?: number;
  /** SHA-256 in hex, of the input as uploaded and of the annotated VCF. */
  input_sha256?: string;
  result_sha256?: string;
  complete_time?: string;
  variant_count?: number;
  summary?: JobSummary;
  error?: JobError;

  archive_status?: ArchiveStatus;
  /** When the result is due to be archived. */
  archive_time?: string;
  results_file_archive_id?: string;
  restore_job_id?: string;
  restore_tier?: RetrievalTier;
  restore_status?: 'REQUESTED' | 'IN_PROGRESS' | 'RESTORED';
  /** A sentence about the restore for the page. */
  restore_message?: string;
  restore_request_time?: string;

  /** Present while something is still to happen to the job: the reconciler's and the queue display's index. */
  attention?: string;
  /** When the reconciler last set the job going again. */
  nudge_time?: string;
  /** Counts writes; a move states the version it saw when nothing narrower says it. */
  version: number;
}
