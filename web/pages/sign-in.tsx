/** Signing in and signing up: the same few fields, and where to go afterwards. */
import type { UserError } from '../../jobs/errors.ts';
import { Field } from '../components/field.tsx';
import { Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import type { Visit } from '../visit.ts';

export interface SignInProps {
  visit: Visit;
  /** A local path to go to afterwards. */
  next: string;
  /** Whether the sample file is to be submitted afterwards. */
  sample: boolean;
  /** What was typed before. */
  email?: string;
  name?: string;
  error?: UserError | undefined;
}

export function SignInPage({ visit, next, sample, email = '', error }: SignInProps): JSX.Element {
  return (
    <Layout visit={visit} title="Sign in" here="sign-in">
      <div class="narrow">
        <h1>Sign in</h1>
        <GeneralError error={error} />
        <form method="post" action="/sign-in" class="stack">
          <After next={next} sample={sample} />
          <Field name="email" label="E-mail address" type="email" value={email} autocomplete="username" error={error} />
          <Field name="password" label="Password" type="password" autocomplete="current-password" error={error} />
          <div class="actions">
            <button type="submit" class="primary">
              Sign in
            </button>
          </div>
        </form>
        <p>
          New here? <a href={`/sign-up${query(next, sample)}`}>Sign up</a>
        </p>
      </div>
    </Layout>
  );
}

export function SignUpPage({ visit, next, sample, email = '', name = '', error }: SignInProps): JSX.Element {
  return (
    <Layout visit={visit} title="Sign up" here="sign-up">
      <div class="narrow">
        <h1>Sign up</h1>
        {sample && (
          <p>
            The sample is annotated under your own account, like a file of yours. Sign up and it starts; you will see it
            run.
          </p>
        )}
        <GeneralError error={error} />
        <form method="post" action="/sign-up" class="stack">
          <After next={next} sample={sample} />
          <Field name="name" label="Name" value={name} autocomplete="name" maxlength={100} error={error} />
          <Field
            name="email"
            label="E-mail address"
            type="email"
            value={email}
            hint="To sign in with. No mail is sent to it."
            autocomplete="username"
            maxlength={254}
            error={error}
          />
          <Field
            name="password"
            label="Password"
            type="password"
            hint="10 to 200 characters."
            autocomplete="new-password"
            minlength={10}
            maxlength={200}
            error={error}
          />
          <div class="actions">
            <button type="submit" class="primary">
              {sample ? 'Sign up and try the sample' : 'Sign up'}
            </button>
          </div>
        </form>
        <p>
          Been here before? <a href={`/sign-in${query(next, sample)}`}>Sign in</a>
        </p>
      </div>
    </Layout>
  );
}

/** An error that is about no single field. */
function GeneralError({ error }: { error: UserError | undefined }): JSX.Element {
  if (!error || error.field) return <></>;
  return (
    <Notice tone="failed">
      <p safe>{error.message}</p>
    </Notice>
  );
}

function After({ next, sample }: { next: string; sample: boolean }): JSX.Element {
  return (
    <>
      <input type="hidden" name="next" value={next} />
      {sample && <input type="hidden" name="sample" value="yes" />}
    </>
  );
}

function query(next: string, sample: boolean): string {
  return `?${new URLSearchParams({ next, ...(sample ? { sample: 'yes' } : {}) }).toString()}`;
}
