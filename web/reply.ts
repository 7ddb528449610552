/** The few kinds of answer a handler gives. Pages are private to whoever asked and never stored. */

export async function page(
  element: JSX.Element,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fragment(`<!doctype html>${await element}`, status, headers);
}

/** A part of a page, for htmx. */
export async function fragment(
  element: JSX.Element,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return new Response(await element, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });
}

/** 303: what was asked is done, or lies elsewhere; look there. */
export function seeOther(location: string, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store', ...headers } });
}

export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } });
}
