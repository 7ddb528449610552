/** Who asks for what: the one thing every handler is handed, made once for each request. */
import { findSession } from '../jobs/sessions.ts';
import type { Gas } from '../jobs/gas.ts';
import type { User } from '../jobs/job.ts';
import { UserError } from '../jobs/errors.ts';
import { sessionToken } from './auth/cookie.ts';

export interface Visit {
  gas: Gas;
  /** Who is signed in, if anyone. */
  user: User | null;
  /** What was asked for, at the address people use. */
  url: URL;
  /** htmx asks, for a part of a page. */
  isFragment: boolean;
  /** What a form posted; empty otherwise. */
  form: URLSearchParams;
  /** The session's token, as the browser sent it. */
  token: string | null;
  /** The network address of whoever connected. */
  address: string;
}

/** What only the server knows of a request. */
interface Arrival {
  form: URLSearchParams;
  address: string;
}

export interface SignedInVisit extends Visit {
  user: User;
}

export async function visitOf(gas: Gas, request: Request, arrival?: Arrival): Promise<Visit> {
  const visit = stranger(gas, request, arrival);
  return visit.token ? { ...visit, user: await findSession(gas, visit.token) } : visit;
}

/** A visit without looking anyone up: for pages that must work when nothing else does. */
export function stranger(gas: Gas, request: Request, arrival?: Arrival): Visit {
  const { pathname, search } = new URL(request.url);
  return {
    gas,
    user: null,
    url: new URL(pathname + search, gas.config.publicUrl),
    isFragment: request.headers.get('hx-request') === 'true',
    form: arrival?.form ?? new URLSearchParams(),
    token: sessionToken(gas.config.publicUrl, request),
    address: arrival?.address ?? '',
  };
}

/** The guard before everything that belongs to someone. @throws UserError NOT_SIGNED_IN */
export function signedIn(visit: Visit): SignedInVisit {
  if (!visit.user) throw new UserError('NOT_SIGNED_IN', 'Please sign in to see this page.');
  return { ...visit, user: visit.user };
}

/** Whether the account is one of those the operator named. */
export function isAdmin({ gas, user }: Visit): boolean {
  return user !== null && gas.config.admins.includes(user.email.toLowerCase());
}
