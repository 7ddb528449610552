/** Every page, in every state, rendered without a cloud: for tests that look at pages rather than at what they do. */
import { readConfig } from '../../../jobs/config.ts';
import { UserError } from '../../../jobs/errors.ts';
import { createGas } from '../../../jobs/gas.ts';
import type { User } from '../../../jobs/job.ts';
import { createLog } from '../../../jobs/log.ts';
import type { Installed } from '../../../jobs/installed.ts';
import type { Inspection, Upload } from '../../../jobs/submit.ts';
import type { SummaryFile } from '../../../web/components/summary-file.ts';
import { AdminPage } from '../../../web/pages/admin.tsx';
import { AnnotatePage, UploadedPage } from '../../../web/pages/annotate.tsx';
import { AnnotationPage } from '../../../web/pages/annotation.tsx';
import { AnnotationsPage } from '../../../web/pages/annotations.tsx';
import { ConfirmPage } from '../../../web/pages/confirm.tsx';
import { HomePage } from '../../../web/pages/home.tsx';
import { LogPage } from '../../../web/pages/log.tsx';
import { ProblemPage } from '../../../web/pages/problem.tsx';
import { ProfilePage } from '../../../web/pages/profile.tsx';
import { SignInPage, SignUpPage } from '../../../web/pages/sign-in.tsx';
import { SubscribePage, UnsubscribePage } from '../../../web/pages/subscription.tsx';
import type { SignedInVisit, Visit } from '../../../web/visit.ts';
import { aJob, ago, freeUser, limits, now, premiumUser, states } from './jobs.ts';

const config = readConfig({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'test');
const gas = {
  ...createGas(
    config,
    createLog('test', Date.now, () => {}),
  ),
  now: () => now,
};

function visitOf(user: User): SignedInVisit;
function visitOf(user: null): Visit;
function visitOf(user: User | null): Visit {
  return {
    gas,
    user,
    url: new URL('http://localhost:8080/'),
    isFragment: false,
    form: new URLSearchParams(),
    token: null,
    address: '',
  };
}
const nobody = visitOf(null);
const free = visitOf(freeUser);
const premium = visitOf(premiumUser);

const references = [
  {
    name: 'starter-GRCh38',
    assembly: 'GRCh38',
    label: 'GRCh38, starter',
    note: 'genes of Ensembl 110, ClinVar, the whole mitochondrion; no genome sequence',
    facts: { genes: 61_234, transcripts: 252_894, bases: 16_569, bytes: 41_000_000, made: ago(86_400) },
  },
];
const installed: Installed = {
  references,
  sources: [
    {
      name: 'ClinVar',
      version: '2024-09',
      assembly: 'GRCh38',
      fields: ['ClinVar_SIG', 'ClinVar_ID'],
      variants: 312_456,
      bytes: 3_400_000,
      reference: 'starter-GRCh38',
    },
    {
      name: 'gnomAD',
      version: '4.1',
      assembly: 'GRCh38',
      fields: ['gnomAD_AF', 'gnomAD_AC', 'gnomAD_nhomalt'],
      variants: 786_500_648,
      bytes: 7_800_000_000,
      made: ago(3 * 86_400),
    },
    { name: 'gnomAD', version: '2.1.1', assembly: 'GRCh37', fields: ['gnomAD_AF'], variants: 261_942_336, bytes: 2 },
  ],
  tracks: [
    {
      name: 'SEGDUP',
      version: '2023-03',
      assembly: 'GRCh38',
      description: 'Segmental duplications of more than 1,000 bases (UCSC)',
      file: 'genomicSuperDups.txt.gz',
      regions: 69_894,
      bytes: 4_100_000,
    },
  ],
  genes: [
    {
      name: 'LOEUF',
      version: '4.1',
      description: 'Constraint of gnomAD',
      file: 'gnomad.v4.1.constraint_metrics.tsv',
      fields: ['LOEUF_pLI', 'LOEUF_oe_lof_upper'],
      genes: 18_172,
      bytes: 41_000_000,
    },
  ],
  problems: ['tracks/REPEATS: there is no track.json, which says at least its "assembly".'],
};
const trackUpload = {
  url: 'http://127.0.0.1:9/gas-inputs',
  fields: { key: '01free/01job/track/${filename}', policy: 'e30=' },
  bytesMax: limits.freeTrackBytes,
};
const upload: Upload = {
  url: 'http://127.0.0.1:9/gas-inputs',
  fields: { key: '01free/01job/${filename}', policy: 'e30=' },
  jobId: '01job',
  bytesMax: limits.freeInputBytes,
  track: trackUpload,
};
const inspection: Inspection = {
  key: '01free/01job/HG002.vcf.gz',
  jobId: '01job',
  fileName: 'HG002.vcf.gz',
  bytes: 4_812_345,
  assembly: {
    name: 'GRCh38',
    certainty: 'certain',
    excluded: [],
    sentence: 'This file is GRCh38 (hg38).',
    evidence: ['25 contig lengths'],
  },
  trackUpload,
  installed,
  preselected: 'starter-GRCh38',
};

const track = {
  key: '01free/01job/track/panel.bed',
  fileName: 'panel.bed',
  inspection: { name: 'panel', form: 'BED', regions: 212, isWhole: true },
};
const particular: User = {
  ...freeUser,
  last_options: {
    transcripts: 'mane',
    distance: 2_000,
    manner: 'specification',
    form: 'tsv',
    left_out: ['gnomAD'],
    tracks: ['SEGDUP'],
    genes: [],
  },
};

/** Deterministic stand-in for what a summary file may hold. */
const wave = (bins: number, most: number) =>
  Array.from({ length: bins }, (_, i) => Math.max(0, Math.round(most * Math.sin(i * 1.7) * Math.cos(i / 9))));
const summaryFile: SummaryFile = {
  passing: 190_112,
  multiAllelic: 1_327,
  samples: 1,
  vcfVersion: '4.2',
  transitions: 101_234,
  transversions: 49_211,
  frequencies: { from: 0, width: 0.02, counts: wave(50, 9_000) },
  qualities: { from: 0, width: 50, counts: wave(30, 5_000) },
  indelLengths: { from: -50, width: 1, counts: wave(101, 700) },
  genes: ['TTN', 'MUC16', 'BRCA2', 'MT-ND4'].map((symbol, i) => ({ symbol, records: 90 - 20 * i })),
  known: [{ name: 'ClinVar', version: '2024-09', alleles: 312 }],
  tracks: [{ name: 'SEGDUP', source: 'genomicSuperDups.txt.gz', regions: 69_894, records: 1_204 }],
  geneTables: [{ name: 'LOEUF', source: 'gnomad.v4.1.constraint_metrics.tsv', genes: 17_902 }],
  sources: [{ name: 'Ensembl', version: '110' }],
  examples: new Map([['REF_MISMATCH', [{ line: 4_102, text: 'chr20:60,145 A, the reference has G' }]]]),
  contigs: [
    { name: 'chr1', length: 248_956_422, count: 22_320, bins: wave(249, 300) },
    { name: 'chr20', length: 64_444_167, count: 5_760, bins: wave(64, 200) },
    { name: 'chrM', length: 16_569, count: 38, bins: [38] },
  ],
};
const log = Array.from(
  { length: 60 },
  (_, i) => `line ${i + 1}\tof a log that is wider than a phone, ${'x'.repeat(90)}`,
);
const list = Object.values(states).map(({ job }, i) => ({ ...job, job_id: `job${i}`, submit_time: ago(i * 20_000) }));
const badPassword = new UserError('BAD_FORM', 'Please choose a password of 10 to 200 characters.', 'password');

export const gallery: Record<string, JSX.Element> = {
  home: <HomePage visit={nobody} />,
  'home, signed in': <HomePage visit={free} />,
  'sign-in': <SignInPage visit={nobody} next="/annotations" sample={false} />,
  'sign-up': (
    <SignUpPage visit={nobody} next="/annotations" sample={true} name="Ro" email="a@b.c" error={badPassword} />
  ),
  annotate: <AnnotatePage visit={free} upload={upload} installed={installed} />,
  'annotate, premium': <AnnotatePage visit={premium} upload={upload} installed={installed} />,
  'annotate, options as last time': <AnnotatePage visit={visitOf(particular)} upload={upload} installed={installed} />,
  uploaded: <UploadedPage visit={free} inspection={inspection} />,
  'uploaded, with regions': <UploadedPage visit={free} inspection={inspection} track={track} />,
  'uploaded, a name that cannot be': (
    <UploadedPage
      visit={free}
      inspection={inspection}
      track={{ ...track, name: 'AF' }}
      error={new UserError('BAD_FORM', 'A track cannot be called AF.', 'track_name')}
    />
  ),
  annotations: <AnnotationsPage visit={free} jobs={list} cursor="next" continued={true} said="It is deleted." />,
  'annotations, none yet': <AnnotationsPage visit={free} jobs={[]} continued={false} />,
  log: <LogPage visit={free} job={aJob()} log={log.join('\n')} />,
  deletion: (
    <ConfirmPage
      visit={free}
      title="Delete the annotation of HG002.vcf.gz?"
      consequences={['It cannot be undone.']}
      action="/annotations/1/deletion"
      verb="Delete the annotation"
      back="/annotations/1"
      here="annotations"
      withPassword
    />
  ),
  subscribe: <SubscribePage visit={free} />,
  'subscribe, premium': <SubscribePage visit={premium} />,
  unsubscribe: <UnsubscribePage visit={premium} />,
  'unsubscribe, free': <UnsubscribePage visit={free} />,
  profile: <ProfilePage visit={free} said="Your name is changed." />,
  'profile, error': <ProfilePage visit={premium} error={new UserError('BAD_FORM', 'Please give a name.', 'name')} />,
  admin: (
    <AdminPage
      visit={premium}
      installed={installed}
      work={{
        jobs: [{ attention: 'PENDING', count: 12, oldestSeconds: 90 }],
        queues: [
          { queue: 'gas_job_requests', visible: 11, inFlight: 1, delayed: 0 },
          { queue: 'gas_job_requests_dlq', visible: 0, inFlight: 0, delayed: 0 },
        ],
      }}
    />
  ),
  'admin, nothing yet': (
    <AdminPage
      visit={premium}
      installed={{ references: [], sources: [], tracks: [], genes: [], problems: [] }}
      work={{ jobs: [], queues: [] }}
    />
  ),
  'not found': <ProblemPage visit={nobody} title="Not found" sentence="There is no such page." />,
  fault: <ProblemPage visit={free} title="Something went wrong" sentence="The mistake is ours." faultId="3f2a9c1d" />,
  ...Object.fromEntries(
    Object.entries(states).map(([name, { job, user }]) => [
      `annotation, ${name}`,
      <AnnotationPage
        visit={visitOf(user)}
        job={job}
        user={user}
        limits={limits}
        now={now}
        queue={{ place: 3, waiting: 5, more: false }}
        summary={job.summary ? summaryFile : null}
      />,
    ]),
  ),
};
