/** A browser without scripts that talks to the site in this process: it keeps cookies and posts forms. */
import type { createApp } from '../../../web/app.ts';

export class Client {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly app: ReturnType<typeof createApp>,
    readonly site = 'http://localhost:8080',
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#ask(path, { headers });
  }

  post(path: string, form: Record<string, string> = {}): Promise<Response> {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(form), headers: { origin: this.site } });
  }

  /** The page at `path`, redirects followed. */
  async read(path: string): Promise<string> {
    let reply = await this.get(path);
    for (let hops = 0; hops < 5 && reply.status === 303; hops++) {
      reply = await this.get(reply.headers.get('location') ?? '/');
    }
    return reply.text();
  }

  async signUp(email = `rosalind.${crypto.randomUUID()}@example.org`, password = 'photograph 51'): Promise<string> {
    const reply = await this.post('/sign-up', { name: 'Rosalind Franklin', email, password });
    if (reply.status !== 303) throw new Error(`not signed up: ${await reply.text()}`);
    return email;
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) };
    const reply = await this.app.handle(new Request(new URL(path, this.site), { ...init, headers }));
    for (const line of reply.headers.getSetCookie()) {
      const { name, value, maxAge } = Bun.Cookie.parse(line);
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return reply;
  }
}
