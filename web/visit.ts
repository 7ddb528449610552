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
  /** The network address of whoever connected. */
  address: string;
}

export interface SignedInVisit extends Visit {
  user: User;
}

export async function visitOf(gas: Gas, request: Request, address: string): Promise<Visit> {
  const token = sessionToken(gas.config.publicUrl, request);
  return { ...stranger(gas, request, address), user: token ? await findSession(gas, token) : null };
}

/** A visit without looking anyone up: for pages that must work when nothing else does. */
export function stranger(gas: Gas, request: Request, address = ''): Visit {
  const { pathname, search } = new URL(request.url);
  return {
    gas,
    user: null,
    url: new URL(pathname + search, gas.config.publicUrl),
    isFragment: request.headers.get('hx-request') === 'true',
    address,
  };
}

/** The guard before everything that belongs to someone. @throws UserError NOT_SIGNED_IN */
export function signedIn(visit: Visit): SignedInVisit {
  if (!visit.user) throw new UserError('NOT_SIGNED_IN', 'Please sign in to see this page.');
  return { ...visit, user: visit.user };
}
