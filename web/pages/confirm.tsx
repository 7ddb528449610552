/** A question before something that cannot be taken back. A page of its own: it needs no script. */
import type { UserError } from '../../jobs/errors.ts';
import { Field } from '../components/field.tsx';
import { Layout } from '../components/layout.tsx';
import type { SignedInVisit } from '../visit.ts';

interface ConfirmProps {
  visit: SignedInVisit;
  title: string;
  /** What will happen, in whole sentences. */
  consequences: string[];
  /** Where the form posts to. */
  action: string;
  verb: string;
  /** Where one goes who changes their mind. */
  back: string;
  here: 'annotations' | 'profile';
  /** Ask for the password. */
  withPassword?: boolean;
  error?: UserError | undefined;
}

export function ConfirmPage({
  visit,
  title,
  consequences,
  action,
  verb,
  back,
  here,
  withPassword,
  error,
}: ConfirmProps): JSX.Element {
  return (
    <Layout visit={visit} title={title} here={here}>
      <div class="narrow">
        <h1 class="file-name" safe>
          {title}
        </h1>
        {consequences.map((sentence) => (
          <p safe>{sentence}</p>
        ))}
        <form method="post" action={action} class="stack">
          {withPassword && (
            <Field
              name="password"
              label="Your password"
              type="password"
              autocomplete="current-password"
              error={error}
            />
          )}
          <div class="actions">
            <button type="submit" class="danger" safe>
              {verb}
            </button>
            <a class="button" href={back}>
              Keep it
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}
