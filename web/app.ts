/**
 * The site map: every route with its guard, on one page. `anyone` may come in, or only who is signed in, to what is
 * `mine`. A handler asks `jobs/` and answers a page. Tests call `app.handle(request)`.
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
import * as account from './routes/account.tsx';
import { adminPage, noSuchPage } from './routes/admin.tsx';
import * as annotations from './routes/annotations.tsx';
import { healthRoutes } from './routes/health.ts';
import { home } from './routes/home.tsx';
import * as submissions from './routes/submissions.tsx';
import { createTelemetry } from './telemetry.ts';
import { signedIn, visitOf, type SignedInVisit, type Visit } from './visit.ts';

export function createApp(gas: Gas) {
  const headers = securityHeaders(gas.config);
  const throttle = createThrottle();
  const telemetry = createTelemetry(gas);
  const watching = healthRoutes(gas);

  // The guards wrap each handler by name. Elysia's own way, a hook for the routes below it, was tried: without ahead-
  // of-time compilation it also reached the routes above. And compiling ahead reads the handlers' source, which
  // minified executables no longer have.
  const app = new Elysia({ aot: false, serve: { maxRequestBodySize: formBytesMax } })
    .onRequest(({ request, set }): Promise<Response> | undefined => {
      if (request.method === 'HEAD') return answerHead(request);
      Object.assign(set.headers, headers, { 'x-request-id': telemetry.arrived(request) });
      if (isCrossSite(gas.config.publicUrl, request)) throw crossSite();
      return undefined;
    })
    .onParse(({ request }) => readForm(request))
    .onError(({ request, error, code }) =>
      answerProblem(
        telemetry.gasOf(request),
        request,
        code === 'NOT_FOUND' && !(error instanceof UserError) ? noSuchPage() : error,
      ),
    )

    .onAfterResponse(({ request, route, response, set }) => {
      const status = response instanceof Response ? response.status : Number(set.status ?? 200);
      telemetry.answered(request, route, status);
    })

    .get('/health', watching.health)
    .get('/ready', watching.ready)
    .get('/metrics', ({ request }) => watching.metrics(request, addressOf(request)))
    .get('/static/:name', ({ params: { name }, request }) => serveAsset(name, request))
    .get('/favicon.ico', ({ request }) => serveAsset('favicon.svg', request))

    .get('/', anyone(home))
    .get('/sign-up', anyone(account.signUpPage))
    .post('/sign-up', anyone(account.signUp))
    .get('/sign-in', anyone(account.signInPage))
    .post('/sign-in', anyone(account.signIn(throttle)))
    .post('/sign-out', anyone(account.signOut))

    .get('/annotate', mine(submissions.annotatePage))
    .post('/uploads', mine(submissions.newUpload))
    .post('/uploads/inspection', mine(submissions.inspection))
    .post('/uploads/track-inspection', mine(submissions.trackInspection))
    .get('/annotate/uploaded', mine(submissions.uploadedPage))
    .get('/annotate/uploaded/:id', mine(submissions.uploadedTrackPage))
    .post('/annotations', mine(submissions.submit))
    .post('/annotations/sample', anyone(submissions.sample))

    .get('/annotations', mine(annotations.list))
    .get('/annotations/:id', mine(annotations.show))
    .get('/annotations/:id/article', mine(annotations.article))
    .get('/annotations/:id/row', mine(annotations.row))
    .get('/annotations/:id/log', mine(annotations.log))
    .get('/annotations/:id/input', mine(annotations.download('input')))
    .get('/annotations/:id/track', mine(annotations.download('track')))
    .get('/annotations/:id/result', mine(annotations.download('result')))
    .get('/annotations/:id/index', mine(annotations.download('index')))
    .get('/annotations/:id/summary', mine(annotations.download('summary')))
    .get('/annotations/:id/log-file', mine(annotations.download('log')))
    .get('/annotations/:id/cancellation', mine(annotations.cancelPage))
    .post('/annotations/:id/cancellation', mine(annotations.cancel))
    .get('/annotations/:id/deletion', mine(annotations.erasePage))
    .post('/annotations/:id/deletion', mine(annotations.erase))

    .get('/subscribe', mine(account.subscribePage))
    .post('/subscribe', mine(account.subscribe))
    .get('/unsubscribe', mine(account.unsubscribePage))
    .post('/unsubscribe', mine(account.unsubscribe))
    .get('/profile', mine(account.profilePage))
    .post('/profile/name', mine(account.changeName))
    .post('/profile/password', mine(account.changePassword(throttle)))
    .get('/profile/deletion', mine(account.eraseAccountPage))
    .post('/profile/deletion', mine(account.eraseAccount(throttle)))

    .get('/admin', anyone(adminPage));

  return app;

  /** Elysia knows no HEAD unless every route is named twice. */
  async function answerHead(request: Request): Promise<Response> {
    const { status, headers } = await app.handle(new Request(request, { method: 'GET' }));
    return new Response(null, { status, headers });
  }

  /** The network address of whoever connected; empty without a connection. Handlers run without Elysia's `server`. */
  function addressOf(request: Request): string {
    return app.server?.requestIP(request)?.address ?? '';
  }

  /** Open to everyone; who is signed in is known to the handler. */
  function anyone(answer: (visit: Visit, id: string) => Promise<Response>) {
    return async ({ request, body, params }: Context): Promise<Response> => {
      const form = body instanceof URLSearchParams ? body : new URLSearchParams();
      const address = addressOf(request);
      return answer(await visitOf(telemetry.gasOf(request), request, { form, address }), params['id'] ?? '');
    };
  }

  /** Only for whoever is signed in; that something belongs to them is checked where it is read. */
  function mine(answer: (visit: SignedInVisit, id: string) => Promise<Response>) {
    return anyone((visit, id) => answer(signedIn(visit), id));
  }
}

/** What of Elysia's context is used. */
interface Context {
  request: Request;
  body: unknown;
  params: Record<string, string>;
}

function crossSite(): UserError {
  return new UserError('NOT_YOURS', 'Another site sent this request, so it was not carried out.');
}
