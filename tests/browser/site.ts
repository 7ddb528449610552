/** The site on a free port with a world behind it, and a browser in which people are signed in. */
import type { Browser, Page } from 'playwright-core';
import type { Environment } from '../../jobs/config.ts';
import type { User } from '../../jobs/job.ts';
import { openSession } from '../../jobs/sessions.ts';
import { createApp } from '../../web/app.ts';
import { freePort } from '../support/free-port.ts';
import { startWorld, type World } from '../support/world.ts';
import { openBrowser } from './chromium.ts';

export interface Site {
  url: string;
  world: World;
  browser: Browser;
  /** A page in which `user` is signed in; what goes wrong on it is collected. */
  pageOf(user: User, options?: { javaScriptEnabled?: boolean }): Promise<{ page: Page; problems: string[] }>;
  close(): Promise<void>;
}

export async function openSite(env: Environment): Promise<Site> {
  // The port first: pages and the upload's redirect name the site by its public address.
  const port = freePort();
  const url = `http://localhost:${port}`;
  const world = await startWorld({ GAS_PUBLIC_URL: url, ...env });
  const app = createApp(world.gas).listen({ port, hostname: 'localhost' });
  const browser = await openBrowser();
  return {
    url,
    world,
    browser,
    async pageOf(user, options = {}) {
      const context = await browser.newContext(options);
      const { token } = await openSession(world.gas, user);
      await context.addCookies([{ name: 'gas_session', value: token, url }]);
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      return { page, problems };
    },
    async close() {
      await browser.close();
      await app.stop(true);
      await world.stop();
    },
  };
}
