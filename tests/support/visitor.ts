/** A person without JavaScript: real HTTP with a cookie jar, forms posted as a browser posts them. */
import { postFile } from './people.ts';

export class Visitor {
  readonly #cookies = new Map<string, string>();

  constructor(readonly url: string) {}

  /** GET or POST (with a form), redirects followed by hand so that cookies are kept. */
  async go(
    path: string,
    form?: Record<string, string> | [string, string][],
  ): Promise<{ status: number; text: string; path: string }> {
    let address = new URL(path, this.url);
    let body: URLSearchParams | undefined = form && new URLSearchParams(form);
    for (let hops = 0; hops < 10; hops++) {
      const reply = await fetch(address, {
        method: body ? 'POST' : 'GET',
        ...(body ? { body } : {}),
        redirect: 'manual',
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin: this.url },
      });
      for (const cookie of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        this.#cookies.set(name, value);
      }
      const location = reply.headers.get('location');
      if (reply.status < 300 || reply.status >= 400 || !location) {
        return { status: reply.status, text: await reply.text(), path: address.pathname };
      }
      address = new URL(location, address);
      body = undefined;
    }
    throw new Error(`too many redirects from ${path}`);
  }

  /** The bytes of a download, which the site redirects to S3. */
  async download(path: string): Promise<Uint8Array> {
    const headers = { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const reply = await fetch(new URL(path, this.url), { redirect: 'manual', headers });
    const file = await fetch(reply.headers.get('location') ?? '');
    if (!file.ok) throw new Error(`S3 answered ${file.status}: ${await file.text()}`);
    return file.bytes();
  }

  async signUp(name = 'Barbara McClintock'): Promise<void> {
    const email = `barbara.${crypto.randomUUID()}@example.org`;
    const { path, text } = await this.go('/sign-up', { name, email, password: 'jumping genes 1951' });
    if (path === '/sign-up') throw new Error(`not signed up: ${text.slice(0, 2000)}`);
  }

  /** Uploads by the form `formId` of a page; answers the page S3 sends the browser to, and the key of what it took. */
  async upload(
    html: string,
    formId: string,
    fileName: string,
    content: Uint8Array | string,
  ): Promise<{ key: string; status: number; text: string }> {
    const reply = await postFile(formOf(html, formId), fileName, content);
    const next = reply.headers.get('location');
    if (!next) throw new Error(`S3 answered ${reply.status}: ${await reply.text()}`);
    const { pathname, search, searchParams } = new URL(next);
    return { key: searchParams.get('key') ?? '', ...(await this.go(`${pathname}${search}`)) };
  }

  /** Uploads by the page's form and submits with these fields; answers the id of the annotation. */
  async submit(
    fileName: string,
    content: Uint8Array | string,
    fields: [string, string][] = [['reference', 'auto']],
  ): Promise<string> {
    const { key } = await this.upload((await this.go('/annotate')).text, 'upload', fileName, content);
    return this.submitUploaded([['key', key], ...fields]);
  }

  async submitUploaded(fields: [string, string][]): Promise<string> {
    const { path, text } = await this.go('/annotations', fields);
    const id = /^\/annotations\/(.+)$/.exec(path)?.[1];
    if (!id) throw new Error(`not submitted: ${text.slice(0, 2000)}`);
    return id;
  }
}

/** Address and hidden fields of a form on a page, by its id. */
function formOf(html: string, id: string): { url: string; fields: Record<string, string> } {
  const form = new RegExp(`<form[^>]*id="${id}"[\\s\\S]*?</form>`).exec(html)?.[0] ?? '';
  const unescape = (text: string) =>
    text.replace(
      /&(amp|lt|gt|quot|#34|#39);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'" })[name] ?? '',
    );
  const attribute = (tag: string, name: string) => unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input type="hidden"[^>]*>/g))
    fields[attribute(tag, 'name')] = attribute(tag, 'value');
  return { url: attribute(form, 'action'), fields };
}
