/** The small guards: where a sign-in may lead, which requests another site sent, how often one may try. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { UserError } from '../../../jobs/errors.ts';
import { forgetSession, keepSession, sessionToken } from '../../../web/auth/cookie.ts';
import { localPath } from '../../../web/auth/local-path.ts';
import { isCrossSite } from '../../../web/auth/origin.ts';
import { createThrottle } from '../../../web/auth/throttle.ts';

test.each([
  ['/annotations/1?x=2', '/annotations/1?x=2'],
  ['/', '/'],
  [null, '/fallback'],
  ['', '/fallback'],
  ['annotations', '/fallback'],
  ['//evil.example', '/fallback'],
  ['/\\evil.example', '/fallback'],
  ['/\t/evil.example', '/fallback'],
  ['https://evil.example', '/fallback'],
  ['javascript:alert(1)', '/fallback'],
  ['/a\r\nset-cookie: x=1', '/fallback'],
])('signing in with next=%p leads to %s', (wanted, path) => {
  expect(localPath(wanted, '/fallback')).toBe(path);
});

test('wherever one wants to go, one stays on this site', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `/${text}`),
      ),
      (wanted) => {
        const path = localPath(wanted, '/fallback');
        expect(new URL(path, 'https://gas.example').origin).toBe('https://gas.example');
      },
    ),
  );
});

const site = new URL('https://gas.example');

test.each([
  ['GET', { 'sec-fetch-site': 'cross-site' }, false],
  ['HEAD', { origin: 'https://evil.example' }, false],
  ['POST', {}, false],
  ['POST', { 'sec-fetch-site': 'same-origin' }, false],
  ['POST', { 'sec-fetch-site': 'none' }, false],
  ['POST', { 'sec-fetch-site': 'cross-site' }, true],
  ['POST', { 'sec-fetch-site': 'same-site' }, true],
  ['POST', { origin: 'https://gas.example' }, false],
  ['POST', { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' }, false],
  ['POST', { origin: 'https://evil.example', host: 'gas.example' }, true],
  ['POST', { origin: 'null', host: 'gas.example' }, true],
  ['DELETE', { origin: 'https://gas.example.evil.example' }, true],
])('%s with %p comes from another site: %p', (method, headers, crossSite) => {
  expect(isCrossSite(site, new Request('https://gas.example/x', { method, headers }))).toBe(crossSite);
});

test('over https the session cookie is bound to the host, secure, and out of reach of scripts', () => {
  const cookie = keepSession(site, 'token', 60);
  expect(cookie).toStartWith('__Host-gas_session=token;');
  for (const part of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=60']) expect(cookie).toContain(part);
  expect(cookie).not.toContain('Domain');
});

test('over plain http the cookie is one that browsers keep', () => {
  const cookie = keepSession(new URL('http://localhost:8080'), 'token', 60);
  expect(cookie).toStartWith('gas_session=token;');
  expect(cookie).not.toContain('Secure');
  expect(cookie).toContain('HttpOnly');
});

test('the token is read back, among others, and forgotten with an age of nothing', () => {
  const request = new Request('https://gas.example/', { headers: { cookie: 'a=1; __Host-gas_session=abc; b=2' } });
  expect(sessionToken(site, request)).toBe('abc');
  expect(
    sessionToken(site, new Request('https://gas.example/', { headers: { cookie: 'gas_session=abc' } })),
  ).toBeNull();
  expect(forgetSession(site)).toContain('Max-Age=0');
});

test('ten attempts at once, then one every half minute, for each account by itself', () => {
  const attempt = createThrottle();
  for (let i = 0; i < 10; i++) attempt('one', 0);
  expect(() => attempt('one', 0)).toThrow(UserError);
  expect(() => attempt('one', 29_000)).toThrow('Please wait 1 seconds');
  attempt('two', 0);
  attempt('one', 30_000);
  expect(() => attempt('one', 30_000)).toThrow(UserError);
  for (let i = 0; i < 10; i++) attempt('one', 900_000);
});

test('ever new names do not fill the memory', () => {
  const attempt = createThrottle();
  for (let i = 0; i < 25_000; i++) attempt(`name ${i}`, 0);
  for (let i = 0; i < 10; i++) attempt('one', 0);
  expect(() => attempt('one', 0)).toThrow(UserError);
});
