/**
 * What a person sees when something is wrong. Errors made for people are shown as they are; everything else is a fault:
 * logged with its cause and a number, shown as that number only.
 */
import { UserError, type UserErrorCode } from '../jobs/errors.ts';
import type { Gas } from '../jobs/gas.ts';
import { ProblemPage } from './pages/problem.tsx';
import { page, seeOther } from './reply.ts';
import { stranger, visitOf, type Visit } from './visit.ts';

const problems: Record<UserErrorCode, { status: number; title: string }> = {
  BAD_FORM: { status: 422, title: 'Something in the form is not right' },
  BAD_CREDENTIALS: { status: 422, title: 'That did not sign you in' },
  EMAIL_TAKEN: { status: 409, title: 'There is such an account already' },
  NOT_SIGNED_IN: { status: 401, title: 'Please sign in' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  NOT_YOURS: { status: 403, title: 'Not yours' },
  TOO_LARGE: { status: 413, title: 'Too large' },
  NO_UPLOAD: { status: 422, title: 'No file arrived' },
  EMPTY_UPLOAD: { status: 422, title: 'The file is empty' },
  WRONG_STATE: { status: 409, title: 'Not possible now' },
  PREMIUM_ONLY: { status: 403, title: 'For premium' },
  TOO_MANY: { status: 429, title: 'Too many attempts' },
};

/** The HTTP status of an error made for people. */
export function statusOf(error: UserError): number {
  return problems[error.code].status;
}

export async function answerProblem(gas: Gas, request: Request, error: unknown): Promise<Response> {
  const visit = await visitOf(gas, request).catch(() => stranger(gas, request));
  if (!(error instanceof UserError)) return answerFault(visit, request, error);
  if (error.code === 'NOT_SIGNED_IN') return toSignIn(visit, request);
  const { status, title } = problems[error.code];
  // A fragment that cannot be had: the page it is part of shall say so itself.
  const headers: Record<string, string> = visit.isFragment ? { 'hx-refresh': 'true' } : {};
  return page(<ProblemPage visit={visit} title={title} sentence={error.message} />, status, headers);
}

function answerFault(visit: Visit, request: Request, error: unknown): Promise<Response> {
  const faultId = crypto.randomUUID().slice(0, 8);
  visit.gas.log.fault('request failed', error, { fault_id: faultId, method: request.method, path: visit.url.pathname });
  const sentence = 'The mistake is ours, not yours. It has been noted; please try again in a moment.';
  return page(<ProblemPage visit={visit} title="Something went wrong" sentence={sentence} faultId={faultId} />, 500);
}

function toSignIn(visit: Visit, request: Request): Response {
  const isPage = request.method === 'GET' && !visit.isFragment;
  const next = isPage ? visit.url.pathname + visit.url.search : '/annotations';
  const address = `/sign-in?${new URLSearchParams({ next }).toString()}`;
  if (!visit.isFragment) return seeOther(address);
  return new Response(null, { status: 401, headers: { 'hx-redirect': address } });
}
