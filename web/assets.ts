/**
 * The static files, served by a route of our own: imported by path they are also inside compiled executables, where a
 * folder to serve does not exist. Each address carries a hash of the content, so browsers may keep it for ever.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import htmx from 'htmx.org/dist/htmx.min.js' with { type: 'file' };
import favicon from './static/favicon.svg' with { type: 'file' };
import parts from './static/parts.css' with { type: 'file' };
import plexMono from './static/plex-mono.woff2' with { type: 'file' };
import plexSansExt from './static/plex-sans-ext.woff2' with { type: 'file' };
import plexSans from './static/plex-sans.woff2' with { type: 'file' };
import style from './static/style.css' with { type: 'file' };
import tables from './static/tables.css' with { type: 'file' };
import upload from './static/upload.js' with { type: 'file' };
import { UserError } from '../jobs/errors.ts';

interface Asset {
  type: string;
  body: Uint8Array<ArrayBuffer>;
  gzip?: Uint8Array<ArrayBuffer>;
  hash: string;
}

const fonts = {
  'plex-mono.woff2': read(plexMono, 'font/woff2'),
  'plex-sans-ext.woff2': read(plexSansExt, 'font/woff2'),
  'plex-sans.woff2': read(plexSans, 'font/woff2'),
};
const assets = {
  ...fonts,
  'favicon.svg': read(favicon, 'image/svg+xml'),
  'htmx.js': read(htmx, 'text/javascript; charset=utf-8'),
  'style.css': readStyle(style, parts, tables),
  'upload.js': read(upload, 'text/javascript; charset=utf-8'),
};
type AssetName = keyof typeof assets;

/** The address of a static file, with its content's hash. */
export function asset(name: AssetName): string {
  return `/static/${name}?${assets[name].hash}`;
}

/** Answers `GET /static/:name`. @throws UserError NOT_FOUND */
export function serveAsset(name: string, request: Request): Response {
  if (!Object.hasOwn(assets, name)) throw new UserError('NOT_FOUND', `There is no file ${name} here.`);
  const { type, body, gzip, hash } = assets[name as AssetName];
  const isPinned = new URL(request.url).search === `?${hash}`;
  const zipped = gzip && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  return new Response(zipped ? gzip : body, {
    headers: {
      'content-type': type,
      'cache-control': isPinned ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      vary: 'accept-encoding',
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    },
  });
}

/** One style sheet of several; it names its fonts by file, and here they get the addresses pages preload them from. */
function readStyle(...paths: string[]): Asset {
  const sheets = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
  const text = sheets.replace(/url\('([\w-]+\.woff2)'\)/g, (_, name: keyof typeof fonts) => {
    return `url('${name}?${fonts[name].hash}')`;
  });
  return prepare(new TextEncoder().encode(text), 'text/css; charset=utf-8');
}

function read(path: string, type: string): Asset {
  return prepare(new Uint8Array(readFileSync(path)), type);
}

function prepare(body: Uint8Array<ArrayBuffer>, type: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  // Fonts are compressed already.
  return { type, body, hash, ...(type.startsWith('font/') ? {} : { gzip: Bun.gzipSync(body) }) };
}
