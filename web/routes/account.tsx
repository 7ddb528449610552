/** Signing up, in and out; profile, tier, and leaving for good. */
import { UserError } from '../../jobs/errors.ts';
import type { User } from '../../jobs/job.ts';
import { closeSession, openSession } from '../../jobs/sessions.ts';
import { submitSample } from '../../jobs/submit.ts';
import * as users from '../../jobs/users.ts';
import { forgetSession, keepSession } from '../auth/cookie.ts';
import { localPath } from '../auth/local-path.ts';
import type { Throttle } from '../auth/throttle.ts';
import { ConfirmPage } from '../pages/confirm.tsx';
import { ProfilePage } from '../pages/profile.tsx';
import { SignInPage, SignUpPage } from '../pages/sign-in.tsx';
import { SubscribePage, UnsubscribePage } from '../pages/subscription.tsx';
import { statusOf } from '../problems.tsx';
import { page, seeOther } from '../reply.ts';
import type { SignedInVisit, Visit } from '../visit.ts';

const firstPage = '/annotations';

export async function signInPage(visit: Visit): Promise<Response> {
  const after = afterwards(visit.url.searchParams);
  return visit.user ? seeOther(after.next) : page(<SignInPage visit={visit} {...after} />);
}

export async function signUpPage(visit: Visit): Promise<Response> {
  const after = afterwards(visit.url.searchParams);
  return visit.user ? seeOther(after.next) : page(<SignUpPage visit={visit} {...after} />);
}

export function signIn(throttle: Throttle) {
  return async (visit: Visit): Promise<Response> => {
    const after = afterwards(visit.form);
    const email = visit.form.get('email') ?? '';
    try {
      throttle(`${visit.address} ${email.trim().toLowerCase()}`, visit.gas.now());
      const user = await users.signIn(visit.gas, { email, password: visit.form.get('password') ?? '' });
      return await welcome(visit, user, after);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return page(<SignInPage visit={visit} {...after} email={email} error={error} />, statusOf(error));
    }
  };
}

export async function signUp(visit: Visit): Promise<Response> {
  const after = afterwards(visit.form);
  const email = visit.form.get('email') ?? '';
  const name = visit.form.get('name') ?? '';
  try {
    const user = await users.signUp(visit.gas, { email, name, password: visit.form.get('password') ?? '' });
    return await welcome(visit, user, after);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return page(<SignUpPage visit={visit} {...after} email={email} name={name} error={error} />, statusOf(error));
  }
}

export async function signOut({ gas, token }: Visit): Promise<Response> {
  if (token) await closeSession(gas, token);
  return seeOther('/', { 'set-cookie': forgetSession(gas.config.publicUrl) });
}

const saidOnProfile = new Map([
  ['name', 'Your name is changed.'],
  ['password', 'Your password is changed, and other browsers are signed out.'],
  ['free', 'You are on the free tier again.'],
]);

export function profilePage(visit: SignedInVisit): Promise<Response> {
  const said = saidOnProfile.get(visit.url.searchParams.get('said') ?? '');
  return page(<ProfilePage visit={visit} said={said} />);
}

export function changeName(visit: SignedInVisit): Promise<Response> {
  return changeProfile(visit, async () => {
    await users.changeName(visit.gas, visit.user, visit.form.get('name') ?? '');
    return seeOther('/profile?said=name');
  });
}

export function changePassword(throttle: Throttle) {
  return (visit: SignedInVisit): Promise<Response> => {
    return changeProfile(visit, async () => {
      throttle(`password ${visit.user.user_id}`, visit.gas.now());
      const change = { current: visit.form.get('current') ?? '', next: visit.form.get('next') ?? '' };
      await users.changePassword(visit.gas, visit.user, change);
      return seeOther('/profile?said=password', await sessionCookie(visit, visit.user));
    });
  };
}

export function eraseAccountPage(visit: SignedInVisit): Promise<Response> {
  return askBeforeErasing(visit);
}

export function eraseAccount(throttle: Throttle) {
  return async (visit: SignedInVisit): Promise<Response> => {
    const { gas, user } = visit;
    try {
      throttle(`password ${user.user_id}`, gas.now());
      await users.signIn(gas, { email: user.email, password: visit.form.get('password') ?? '' });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return askBeforeErasing(visit, error);
    }
    await users.eraseUser(gas, user);
    return seeOther('/', { 'set-cookie': forgetSession(gas.config.publicUrl) });
  };
}

export const subscribePage = (visit: SignedInVisit): Promise<Response> => page(<SubscribePage visit={visit} />);
export const unsubscribePage = (visit: SignedInVisit): Promise<Response> => page(<UnsubscribePage visit={visit} />);

export async function subscribe(visit: SignedInVisit): Promise<Response> {
  await users.subscribe(visit.gas, visit.user);
  return seeOther('/subscribe');
}

export async function unsubscribe(visit: SignedInVisit): Promise<Response> {
  await users.unsubscribe(visit.gas, visit.user);
  return seeOther('/profile?said=free');
}

/** What is to happen after signing in. */
interface Afterwards {
  next: string;
  sample: boolean;
}

function afterwards(fields: URLSearchParams): Afterwards {
  return { next: localPath(fields.get('next'), firstPage), sample: fields.get('sample') === 'yes' };
}

async function welcome(visit: Visit, user: User, { next, sample }: Afterwards): Promise<Response> {
  const cookie = await sessionCookie(visit, user);
  const destination = sample ? `/annotations/${(await submitSample(visit.gas, user)).job_id}` : next;
  return seeOther(destination, cookie);
}

async function sessionCookie({ gas }: Visit, user: User): Promise<Record<string, string>> {
  const { token, maxAgeSeconds } = await openSession(gas, user);
  return { 'set-cookie': keepSession(gas.config.publicUrl, token, maxAgeSeconds) };
}

async function changeProfile(visit: SignedInVisit, change: () => Promise<Response>): Promise<Response> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return page(<ProfilePage visit={visit} error={error} />, statusOf(error));
  }
}

function askBeforeErasing(visit: SignedInVisit, error?: UserError): Promise<Response> {
  return page(
    <ConfirmPage
      visit={visit}
      title="Delete your account?"
      consequences={[
        'Every annotation goes with it: inputs, results, logs and archives. This cannot be undone.',
        'Download what you want to keep first.',
      ]}
      action="/profile/deletion"
      verb="Delete the account"
      back="/profile"
      here="profile"
      withPassword
      error={error}
    />,
    error ? statusOf(error) : 200,
  );
}
