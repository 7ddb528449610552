/** The front page: what this is, for whom, what comes back, and what happens to one's file. */
import { sayBytes } from '../../jobs/plan.ts';
import { Entry, Layout } from '../components/layout.tsx';
import { Mark } from '../components/mark.tsx';
import { SampleButton } from '../components/sample-button.tsx';
import { sayDuration } from '../components/say.ts';
import { Tiers } from '../components/tiers.tsx';
import type { Visit } from '../visit.ts';

export function HomePage({ visit }: { visit: Visit }): JSX.Element {
  const { limits } = visit.gas.config;
  return (
    <Layout visit={visit} title="Annotate your variants">
      <div class="hero">
        <h1>Hand in a VCF. Get it back with every variant explained.</h1>
        <p class="lead">
          GAS reads each variant of your file, finds the gene and transcript it lies in, works out what it does there,
          and looks it up in ClinVar. The answer is your own file, line for line, with the findings written into INFO,
          and a page that shows what was found.
        </p>
        <div class="actions">
          <a class="button primary" href="/annotate">
            Annotate a file
          </a>
          <SampleButton />
        </div>
      </div>
      <Entry name="An example">
        <Specimen />
      </Entry>
      <Entry name="For whom">
        <p>
          For people who have variants and questions: in a research group, a core facility, a course. It takes a VCF and
          a browser, and no installation. You may close the page; the annotation goes on.
        </p>
      </Entry>
      <Entry name="What goes in">
        <p>
          VCF 4.0 to 4.5, plain, gzip or BGZF, one sample or thousands, up to{' '}
          <span class="number" safe>
            {sayBytes(limits.freeInputBytes)}
          </span>{' '}
          (premium:{' '}
          <span class="number" safe>
            {sayBytes(limits.premiumInputBytes)}
          </span>
          ). The assembly is detected and said. A line that is wrong comes out unchanged, counted and named in the log;
          nothing is dropped.
        </p>
      </Entry>
      <Entry name="What comes out">
        <ul>
          <li>
            <code>….annot.vcf.gz</code>, BGZF, with a CSQ field in the layout of Ensembl VEP
          </li>
          <li>
            <code>….vcf.count.log</code>, counts by consequence, warnings, timings, SHA-256 of input and result
          </li>
          <li>a page with consequences, impacts, classes, frequencies and where the variants lie</li>
        </ul>
      </Entry>
      <Entry name="Free and premium">
        <Tiers limits={limits} />
        <p class="quiet">There is no payment yet: nobody is charged anything.</p>
      </Entry>
      <Entry name="Your data">
        <p>
          Genotypes identify people, with or without a name beside them. So, plainly: your files go to the storage of
          whoever runs this site and to nobody else. Only your account can see them, apart from that operator. They stay
          until you delete them, except that a free result moves to cold storage after{' '}
          <span class="number" safe>
            {sayDuration(limits.archiveGraceSeconds)}
          </span>
          . Deleting an annotation removes input, result, log and archive; what remains is a receipt without content.
          This site sets one cookie, for signing in, and asks no other site for anything. Submit only what you are
          allowed to.
        </p>
      </Entry>
    </Layout>
  );
}

/** A record of the sample file (jobs/sample.vcf) before and after, shortened: Leber's hereditary optic neuropathy. */
function Specimen(): JSX.Element {
  const added = ['CSQ=…', 'A|', 'missense_variant|', 'MODERATE|', 'MT-ND4|…;', 'ClinVar_SIG=', 'Pathogenic;…'];
  const record = 'chrM  11778  .  G  A  344  PASS ';
  return (
    <figure class="specimen">
      <dl class="record">
        <dt>In</dt>
        <dd>
          <code>
            {record} <i>DP=47</i>
          </code>
        </dd>
        <dt>Out</dt>
        <dd>
          <code>
            {record} <i>DP=47;</i>
            <b>
              {added.map((part) => (
                <>
                  <span safe>{part}</span>
                  <wbr />
                </>
              ))}
            </b>
          </code>
        </dd>
      </dl>
      <figcaption>
        <dl class="record">
          <dt>Gene</dt>
          <dd>MT-ND4</dd>
          <dt>Consequence</dt>
          <dd>missense variant, p.Arg340His</dd>
          <dt>Impact</dt>
          <dd>
            <span class="impact-MODERATE standing">
              <Mark shape="MODERATE" />
              moderate
            </span>
          </dd>
          <dt>ClinVar</dt>
          <dd>pathogenic, reviewed by expert panel: Leber optic atrophy</dd>
        </dl>
      </figcaption>
    </figure>
  );
}
