/**
 * The same-origin check on every unsafe method: with a `SameSite=Lax` cookie it is what keeps another site from acting
 * in a visitor's name. Browsers say where a request comes from; a program that says nothing has no cookie to abuse.
 */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether another site made this browser send this request. */
export function isCrossSite(publicUrl: URL, request: Request): boolean {
  if (safeMethods.has(request.method)) return false;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.get('origin');
  if (origin === null) return false;
  // The Host header too: one machine answers to localhost and 127.0.0.1 alike.
  return origin !== publicUrl.origin && !sameHost(origin, request.headers.get('host'));
}

function sameHost(origin: string, host: string | null): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
