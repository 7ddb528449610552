/** What holds for every page. */
import { expect, test } from 'bun:test';
import { gallery } from '../support/gallery.tsx';

test.each(Object.entries(gallery))('%s: one heading, a title, labels, nothing inline', async (_, element) => {
  const html = await element;
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  expect(html).toMatch(/<title>[^<]+ · GAS<\/title>/);
  expect(html).toContain('<html lang="en">');
  expect(html).toContain('href="#main"');
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]* src=)/i);
  expect(html).not.toMatch(/undefined|NaN|\[object|Infinity/);
});

test.each(Object.entries(gallery))('%s: asks no other host for anything', async (_, element) => {
  const loaded = [...(await element).matchAll(/<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"/g)];
  expect(loaded.length).toBeGreaterThan(0);
  for (const [, address] of loaded) expect(address).toStartWith('/static/');
});

test.each(Object.entries(gallery))('%s: every form that changes something is a POST', async (_, element) => {
  for (const [form] of (await element).matchAll(/<form[^>]*>/g)) expect(form).toContain('method="post"');
});
