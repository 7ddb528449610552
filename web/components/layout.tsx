/** The frame of every page: head, the line at the top, the sheet with its margin, the foot. */
import type { PropsWithChildren } from '@elysiajs/html';
import { asset } from '../assets.ts';
import { isAdmin, type Visit } from '../visit.ts';
import { Wordmark } from './wordmark.tsx';

interface LayoutProps {
  visit: Visit;
  title: string;
  /** Which entry of the navigation this page is, if one. */
  here?: 'annotate' | 'annotations' | 'profile' | 'admin' | 'sign-in' | 'sign-up';
  /** Seconds after which a browser without JavaScript looks again. */
  refreshSeconds?: number | undefined;
  /** Whether the page uploads. */
  uploads?: boolean;
}

export function Layout({
  visit,
  title,
  here,
  refreshSeconds,
  uploads,
  children,
}: PropsWithChildren<LayoutProps>): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}' />
        <title safe>{`${title} · GAS`}</title>
        <link rel="preload" href={asset('plex-sans.woff2')} as="font" type="font/woff2" crossorigin="anonymous" />
        <link rel="stylesheet" href={asset('style.css')} />
        <link rel="icon" href={asset('favicon.svg')} type="image/svg+xml" />
        <script src={asset('htmx.js')} defer />
        {uploads && <script src={asset('upload.js')} defer />}
        {refreshSeconds !== undefined && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="home" href="/">
            <Wordmark />
          </a>
          <nav aria-label="Main">
            {visit.user ? (
              <>
                <NavLink href="/annotate" current={here === 'annotate'} label="Annotate" />
                <NavLink href="/annotations" current={here === 'annotations'} label="Annotations" />
                {isAdmin(visit) && <NavLink href="/admin" current={here === 'admin'} label="Admin" />}
                <NavLink href="/profile" current={here === 'profile'} label="Profile" />
              </>
            ) : (
              <>
                <NavLink href="/sign-in" current={here === 'sign-in'} label="Sign in" />
                <NavLink href="/sign-up" current={here === 'sign-up'} label="Sign up" />
              </>
            )}
          </nav>
        </header>
        <main id="main" tabindex="-1">
          {children}
        </main>
        <footer class="foot">
          <p>
            GAS, the Genomics Annotation Service, <span safe>{visit.gas.config.version}</span>. For research; not a
            medical device.
          </p>
          <p>Typeface IBM Plex, SIL Open Font License.</p>
        </footer>
      </body>
    </html>
  );
}

function NavLink({ href, label, current }: { href: string; label: string; current: boolean }): JSX.Element {
  return (
    <a href={href} {...(current ? { 'aria-current': 'page' } : {})} safe>
      {label}
    </a>
  );
}

/** One entry of the notebook: its name in the margin, its text on the sheet. */
export function Entry({ name, children, id }: PropsWithChildren<{ name: string; id?: string }>): JSX.Element {
  const safeHeading = `${id ?? name.toLowerCase().replace(/\W+/g, '-')}-heading`;
  return (
    <section class="entry" aria-labelledby={safeHeading} {...(id ? { id } : {})}>
      <h2 id={safeHeading} safe>
        {name}
      </h2>
      <div class="body">{children}</div>
    </section>
  );
}
