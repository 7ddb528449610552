/** Who one is here: name, password, tier, and the ways out. */
import type { UserError } from '../../jobs/errors.ts';
import { Field } from '../components/field.tsx';
import { Entry, Layout } from '../components/layout.tsx';
import { Notice } from '../components/notice.tsx';
import { When } from '../components/when.tsx';
import type { SignedInVisit } from '../visit.ts';

interface ProfileProps {
  visit: SignedInVisit;
  said?: string | undefined;
  error?: UserError | undefined;
}

export function ProfilePage({ visit, said, error }: ProfileProps): JSX.Element {
  const { user, gas } = visit;
  return (
    <Layout visit={visit} title="Profile" here="profile">
      <div class="heading">
        <h1>Profile</h1>
        <form method="post" action="/sign-out">
          <button type="submit">Sign out</button>
        </form>
      </div>
      {said !== undefined && (
        <Notice tone="done">
          <p safe>{said}</p>
        </Notice>
      )}
      {error !== undefined && error.field === undefined && (
        <Notice tone="failed">
          <p safe>{error.message}</p>
        </Notice>
      )}
      <Entry name="Account">
        <dl class="record">
          <dt>E-mail address</dt>
          <dd safe>{user.email}</dd>
          <dt>Tier</dt>
          <dd>
            {user.tier === 'premium' ? 'Premium' : 'Free'} ·{' '}
            {user.tier === 'premium' ? (
              <a href="/unsubscribe">Leave premium</a>
            ) : (
              <a href="/subscribe">Upgrade to premium</a>
            )}
          </dd>
          <dt>Here since</dt>
          <dd>
            <When iso={user.created_time} now={gas.now()} />
          </dd>
        </dl>
      </Entry>
      <Entry name="Name">
        <form method="post" action="/profile/name" class="stack">
          <Field name="name" label="Name" value={user.name} autocomplete="name" maxlength={100} error={error} />
          <div class="actions">
            <button type="submit">Change the name</button>
          </div>
        </form>
      </Entry>
      <Entry name="Password">
        <form method="post" action="/profile/password" class="stack">
          <Field
            name="current"
            label="Current password"
            type="password"
            autocomplete="current-password"
            error={error}
          />
          <Field
            name="next"
            label="New password"
            type="password"
            hint="10 to 200 characters. Other browsers are signed out."
            autocomplete="new-password"
            minlength={10}
            maxlength={200}
            error={error}
          />
          <div class="actions">
            <button type="submit">Change the password</button>
          </div>
        </form>
      </Entry>
      <Entry name="Leaving">
        <p>Deletes the account with every annotation, its files and its archives.</p>
        <div class="actions">
          <a class="button danger" href="/profile/deletion">
            Delete the account…
          </a>
        </div>
      </Entry>
    </Layout>
  );
}
