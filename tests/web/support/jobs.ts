/** Jobs and users in every state, for rendering pages without a cloud. */
import type { Job, JobSummary, User } from '../../../jobs/job.ts';
import type { PlanLimits } from '../../../jobs/plan.ts';

/** The moment at which the pages of these tests are rendered. */
export const now = Date.parse('2026-11-22T19:30:00.000Z');

export function ago(seconds: number): string {
  return new Date(now - seconds * 1000).toISOString();
}

export const freeUser: User = {
  user_id: '01free',
  email: 'rosalind@example.org',
  name: 'Rosalind',
  tier: 'free',
  created_time: ago(40 * 86_400),
};
export const premiumUser: User = { ...freeUser, user_id: '01premium', tier: 'premium' };

export const limits: PlanLimits = {
  freeInputBytes: 25 * 2 ** 20,
  premiumInputBytes: 5 * 2 ** 30,
  freeTrackBytes: 5 * 2 ** 20,
  premiumTrackBytes: 100 * 2 ** 20,
  archiveGraceSeconds: 180,
  downgradeGraceSeconds: 7 * 86_400,
};

export const summary: JobSummary = {
  assembly: 'GRCh38',
  assembly_sentence: 'The file is on GRCh38: 25 of 25 contig lengths in its header agree.',
  reference: 'starter-GRCh38',
  variants: 193_204,
  records: 191_877,
  warnings: [
    {
      code: 'REF_MISMATCH',
      message: 'In 12 records REF is not what the reference has there; the first is line 4,102.',
      count: 12,
    },
  ],
  terms: {
    intron_variant: 98_122,
    intergenic_variant: 61_203,
    upstream_gene_variant: 12_881,
    downstream_gene_variant: 11_020,
    '3_prime_UTR_variant': 3_812,
    non_coding_transcript_exon_variant: 2_981,
    '5_prime_UTR_variant': 701,
    missense_variant: 512,
    synonymous_variant: 488,
    splice_region_variant: 121,
    frameshift_variant: 19,
    stop_gained: 11,
    splice_donor_variant: 6,
  },
  impacts: { HIGH: 36, MODERATE: 512, LOW: 609, MODIFIER: 190_720 },
  classes: { SNV: 152_210, insertion: 19_870, deletion: 20_124, delins: 1_000 },
  seconds: 2.4,
};

export function aJob(fields: Partial<Job> = {}): Job {
  return {
    job_id: '01kc2m8r3e9v7x5yq0wzn4t6ba',
    user_id: freeUser.user_id,
    input_file_name: 'HG002_chr20_hg38.vcf.gz',
    s3_inputs_bucket: 'gas-inputs',
    s3_key_input_file: '01free/01kc2m8r3e9v7x5yq0wzn4t6ba/HG002_chr20_hg38.vcf.gz',
    input_bytes: 4_812_345,
    submit_time: ago(70),
    job_status: 'PENDING',
    options: { reference: 'auto' },
    attempt: 0,
    version: 1,
    ...fields,
  };
}

const completed: Partial<Job> = {
  job_status: 'COMPLETED',
  attempt: 1,
  start_time: ago(66),
  complete_time: ago(61),
  s3_results_bucket: 'gas-results',
  s3_key_result_file: '01free/01kc2m8r3e9v7x5yq0wzn4t6ba/1/HG002_chr20_hg38.annot.vcf.gz',
  s3_key_index_file: '01free/01kc2m8r3e9v7x5yq0wzn4t6ba/1/HG002_chr20_hg38.annot.vcf.gz.tbi',
  s3_key_log_file: '01free/01kc2m8r3e9v7x5yq0wzn4t6ba/1/HG002_chr20_hg38.vcf.count.log',
  s3_key_summary_file: '01free/01kc2m8r3e9v7x5yq0wzn4t6ba/1/HG002_chr20_hg38.summary.json',
  result_bytes: 6_912_002,
  input_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  result_sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  variant_count: 193_204,
  summary,
};

interface State {
  job: Job;
  user: User;
  /** Whether the page has to look again by itself. */
  isLive: boolean;
}

/** Every state a job can be seen in. */
export const states: Record<string, State> = {
  waiting: { job: aJob({ attention: 'PENDING' }), user: freeUser, isLive: true },
  'just taken': { job: aJob({ job_status: 'RUNNING', attempt: 1, start_time: ago(2) }), user: freeUser, isLive: true },
  running: {
    job: aJob({
      job_status: 'RUNNING',
      attempt: 1,
      start_time: ago(20),
      progress: { stage: 'annotating', percent: 41.7, variants: 80_412, variants_per_second: 81_230, eta_seconds: 74 },
    }),
    user: freeUser,
    isLive: true,
  },
  'completed, not yet scheduled': {
    job: aJob({ ...completed, archive_status: 'AVAILABLE', attention: 'COMPLETED' }),
    user: freeUser,
    isLive: true,
  },
  'counting down': {
    job: aJob({
      ...completed,
      archive_status: 'ARCHIVE_SCHEDULED',
      archive_time: ago(-119),
      attention: 'ARCHIVE_SCHEDULED',
    }),
    user: freeUser,
    isLive: true,
  },
  archiving: {
    job: aJob({ ...completed, archive_status: 'ARCHIVING', attention: 'ARCHIVING' }),
    user: freeUser,
    isLive: true,
  },
  archived: { job: aJob({ ...completed, archive_status: 'ARCHIVED' }), user: freeUser, isLive: false },
  'archived, upgraded': { job: aJob({ ...completed, archive_status: 'ARCHIVED' }), user: premiumUser, isLive: true },
  thawing: {
    job: aJob({
      ...completed,
      archive_status: 'THAWING',
      restore_tier: 'Expedited',
      restore_status: 'REQUESTED',
      restore_message: 'The archive has been asked for this result (Expedited retrieval, usually 1 to 5 minutes).',
      restore_request_time: ago(30),
      attention: 'THAWING',
    }),
    user: premiumUser,
    isLive: true,
  },
  restoring: {
    job: aJob({ ...completed, archive_status: 'RESTORING', restore_tier: 'Expedited', attention: 'RESTORING' }),
    user: premiumUser,
    isLive: true,
  },
  restored: {
    job: aJob({
      ...completed,
      archive_status: 'AVAILABLE',
      restore_status: 'RESTORED',
      restore_message: 'The result is back from the archive; its checksum is the one it was archived with.',
    }),
    user: premiumUser,
    isLive: false,
  },
  premium: { job: aJob({ ...completed, archive_status: 'AVAILABLE' }), user: premiumUser, isLive: false },
  failed: {
    job: aJob({
      job_status: 'FAILED',
      attempt: 1,
      complete_time: ago(60),
      s3_results_bucket: 'gas-results',
      s3_key_log_file: '01free/01kc2m8r3e9v7x5yq0wzn4t6ba/1/broken.vcf.count.log',
      input_file_name: 'broken.vcf',
      error: {
        code: 'NO_CHROM_LINE',
        message:
          'The header has no line that begins with #CHROM; records begin at line 3. Please add it and submit the file again.',
        line: 3,
      },
    }),
    user: freeUser,
    isLive: false,
  },
  cancelled: {
    job: aJob({ job_status: 'CANCELLED', complete_time: ago(10) }),
    user: freeUser,
    isLive: false,
  },
  deleting: {
    job: aJob({ ...completed, archive_status: 'DELETING', attention: 'DELETING' }),
    user: freeUser,
    isLive: true,
  },
};
