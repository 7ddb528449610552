/**
 * Every page in every state in a real browser: accessible by WCAG 2.2 AA as far as axe-core can tell, in light and
 * dark, no wider than a phone, and clean under its own content security policy.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { readConfig } from '../../jobs/config.ts';
import { serveAsset } from '../../web/assets.ts';
import { securityHeaders } from '../../web/headers.ts';
import { gallery } from '../web/support/gallery.tsx';
import { chromiumPath, openBrowser } from './chromium.ts';

const axe = readFileSync(Bun.resolveSync('axe-core/axe.min.js', import.meta.dir), 'utf8');
const everything = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** What can differ when only colours and widths do. */
const looks = {
  type: 'rule',
  values: ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block'],
};
const headers = securityHeaders(readConfig({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'test'));

let server: ReturnType<typeof serve>;
let browser: Browser;

function serve() {
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/static/')) return serveAsset(pathname.slice('/static/'.length), request);
      const html = await gallery[decodeURIComponent(pathname.slice(1))];
      // Fragments are not served: a page that asks for one keeps what it shows.
      if (!html) return new Response(null, { status: 204 });
      return new Response(`<!doctype html>${html}`, { headers: { ...headers, 'content-type': 'text/html' } });
    },
  });
}

beforeAll(async () => {
  if (!existsSync(chromiumPath)) return;
  server = serve();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop(true);
});

describe.skipIf(!existsSync(chromiumPath)).each([
  { width: 1280, colorScheme: 'light', runOnly: everything },
  { width: 390, colorScheme: 'dark', runOnly: looks },
] as const)('at $width px, $colorScheme (needs /usr/bin/chromium)', ({ width, colorScheme, runOnly }) => {
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterAll(() => page.close());

  test.each(Object.keys(gallery))('%s', async (name) => {
    complaints.length = 0;
    await page.goto(`${server.url.origin}/${encodeURIComponent(name)}`);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    await page.evaluate(axe);
    const results = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(runOnly)} })`)) as AxeResults;
    const found = results.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }));
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
