/**
 * The session cookie: written, read, forgotten. Over https it is `__Host-`, which browsers only take with Secure,
 * Path=/ and without a domain; over plain http (one machine, localhost) neither prefix nor Secure would be kept.
 */

function cookieName(publicUrl: URL): string {
  return publicUrl.protocol === 'https:' ? '__Host-gas_session' : 'gas_session';
}

/** The token the browser sent, if any. */
export function sessionToken(publicUrl: URL, request: Request): string | null {
  const header = request.headers.get('cookie');
  return header ? new Bun.CookieMap(header).get(cookieName(publicUrl)) : null;
}

/** The `Set-Cookie` value that keeps the session in the browser. */
export function keepSession(publicUrl: URL, token: string, maxAgeSeconds: number): string {
  return new Bun.Cookie({
    name: cookieName(publicUrl),
    value: token,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.protocol === 'https:',
    maxAge: maxAgeSeconds,
  }).serialize();
}

/** The `Set-Cookie` value that takes it out again. */
export function forgetSession(publicUrl: URL): string {
  return keepSession(publicUrl, '', 0);
}
