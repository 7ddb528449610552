/** When something is not as it should be: what happened, and what to do now. */
import { Layout } from '../components/layout.tsx';
import type { Visit } from '../visit.ts';

interface ProblemProps {
  visit: Visit;
  title: string;
  /** A sentence for the person. */
  sentence: string;
  /** What to look for in the log, when it is our fault. */
  faultId?: string;
}

export function ProblemPage({ visit, title, sentence, faultId }: ProblemProps): JSX.Element {
  return (
    <Layout visit={visit} title={title}>
      <div class="narrow">
        <h1 safe>{title}</h1>
        <p safe>{sentence}</p>
        {faultId !== undefined && (
          <p class="quiet">
            If you report it, say this number: <code safe>{faultId}</code>
          </p>
        )}
        <div class="actions">
          {visit.user ? (
            <>
              <a class="button primary" href="/annotations">
                Your annotations
              </a>
              <a class="button" href="/annotate">
                Annotate a file
              </a>
            </>
          ) : (
            <a class="button primary" href="/">
              To the home page
            </a>
          )}
        </div>
      </div>
    </Layout>
  );
}
