/**
 * The site map: every route and every guard, on one page. A handler asks `jobs/` and answers a page; who may come in,
 * from where, and what is said when something is wrong is decided here. Tests call `app.handle(request)`.
 */
import { Elysia } from 'elysia';
import { UserError } from '../jobs/errors.ts';
import type { Gas } from '../jobs/gas.ts';
import { serveAsset } from './assets.ts';
import { isCrossSite } from './auth/origin.ts';
import { createThrottle } from './auth/throttle.ts';
import { formBytesMax, readForm } from './form.ts';
import { securityHeaders } from './headers.ts';
import { answerProblem } from './problems.tsx';
import { json } from './reply.ts';
import * as account from './routes/account.tsx';
import * as annotations from './routes/annotations.tsx';
import { home } from './routes/home.tsx';
import * as submissions from './routes/submissions.tsx';
import { signedIn, visitOf } from './visit.ts';

export function createApp(gas: Gas) {
  const headers = securityHeaders(gas.config);
  const throttle = createThrottle();

  // Not compiled ahead (`aot`): that reads the handlers' source, which minified executables no longer have.
  return (
    new Elysia({ aot: false, serve: { maxRequestBodySize: formBytesMax } })
      .onRequest(({ request, set }) => {
        Object.assign(set.headers, headers);
        if (isCrossSite(gas.config.publicUrl, request))
          throw new UserError('NOT_YOURS', 'Another site sent this request, so it was not carried out.');
      })
      .onParse(({ request }) => readForm(request))
      .onError(({ request, error, code }) =>
        answerProblem(gas, request, code === 'NOT_FOUND' && !(error instanceof UserError) ? noSuchPage() : error),
      )

      .get('/health', () => json({ ok: true, version: gas.config.version }))
      .get('/static/:name', ({ params: { name }, request }) => serveAsset(name, request))
      .get('/favicon.ico', ({ request }) => serveAsset('favicon.svg', request))

      // For everyone.
      .resolve(async ({ request, server, body }) => ({
        visit: await visitOf(gas, request, server?.requestIP(request)?.address ?? ''),
        form: body instanceof URLSearchParams ? body : new URLSearchParams(),
      }))
      .get('/', ({ visit }) => home(visit))
      .get('/sign-up', ({ visit }) => account.signUpPage(visit))
      .post('/sign-up', ({ visit, form }) => account.signUp(visit, form))
      .get('/sign-in', ({ visit }) => account.signInPage(visit))
      .post('/sign-in', ({ visit, form }) => account.signIn(visit, form, throttle))
      .post('/sign-out', ({ visit, request }) => account.signOut(visit, request))
      .post('/annotations/sample', ({ visit }) => submissions.sample(visit))

      // For whoever is signed in.
      .resolve(({ visit }) => ({ visit: signedIn(visit) }))
      .get('/annotate', ({ visit }) => submissions.annotatePage(visit))
      .post('/uploads', ({ visit }) => submissions.newUpload(visit))
      .get('/annotate/uploaded', ({ visit }) => submissions.uploadedPage(visit))
      .post('/annotations', ({ visit, form }) => submissions.submit(visit, form))

      .get('/annotations', ({ visit }) => annotations.list(visit))
      .get('/annotations/:id', ({ visit, params: { id } }) => annotations.show(visit, id))
      .get('/annotations/:id/article', ({ visit, params: { id } }) => annotations.article(visit, id))
      .get('/annotations/:id/row', ({ visit, params: { id } }) => annotations.row(visit, id))
      .get('/annotations/:id/log', ({ visit, params: { id } }) => annotations.log(visit, id))
      .get('/annotations/:id/input', ({ visit, params: { id } }) => annotations.download(visit, id, 'input'))
      .get('/annotations/:id/result', ({ visit, params: { id } }) => annotations.download(visit, id, 'result'))
      .get('/annotations/:id/index', ({ visit, params: { id } }) => annotations.download(visit, id, 'index'))
      .get('/annotations/:id/summary', ({ visit, params: { id } }) => annotations.download(visit, id, 'summary'))
      .get('/annotations/:id/log-file', ({ visit, params: { id } }) => annotations.download(visit, id, 'log'))
      .get('/annotations/:id/cancellation', ({ visit, params: { id } }) => annotations.cancelPage(visit, id))
      .post('/annotations/:id/cancellation', ({ visit, params: { id } }) => annotations.cancel(visit, id))
      .get('/annotations/:id/deletion', ({ visit, params: { id } }) => annotations.erasePage(visit, id))
      .post('/annotations/:id/deletion', ({ visit, params: { id } }) => annotations.erase(visit, id))

      .get('/subscribe', ({ visit }) => account.subscribePage(visit))
      .post('/subscribe', ({ visit }) => account.subscribe(visit))
      .get('/unsubscribe', ({ visit }) => account.unsubscribePage(visit))
      .post('/unsubscribe', ({ visit }) => account.unsubscribe(visit))
      .get('/profile', ({ visit }) => account.profilePage(visit))
      .post('/profile/name', ({ visit, form }) => account.changeName(visit, form))
      .post('/profile/password', ({ visit, form }) => account.changePassword(visit, form, throttle))
      .get('/profile/deletion', ({ visit }) => account.eraseAccountPage(visit))
      .post('/profile/deletion', ({ visit, form }) => account.eraseAccount(visit, form, throttle))
  );
}

function noSuchPage(): UserError {
  return new UserError('NOT_FOUND', 'There is no such page. The address may be mistyped, or what was here is gone.');
}
