import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { EntraWorld } from '#connections';
import { cookiesAfter } from '#http';

/** The provider for products, which takes Node's own request. */
export interface ProviderDoor {
  answer: RequestListener;
  /**
   * Goes on at the provider with an answer of another door that only sends the browser back there, as one does when a person
   * has signed in: the browser is spared a way. Says whether the answer was one.
   */
  goOn(request: IncomingMessage, response: ServerResponse, answer: Response): boolean;
}

/** Opens the provider when it is first asked. */
export function createProviderDoor(world: EntraWorld): ProviderDoor {
  let provider: Promise<RequestListener> | undefined;
  const answer: RequestListener = (request, response) => {
    provider ??= import('#signin').then(({ createProvider }) => createProvider(world));
    provider.then(
      (listener) => listener(request, response),
      (error: unknown) => {
        provider = undefined;
        world.log.error({ error }, 'the provider could not start and will be tried again');
        response.writeHead(503, { 'retry-after': '5' }).end();
      },
    );
  };
  return {
    answer,
    goOn: (request, response, { status, headers }) => {
      const location = headers.get('location') ?? '';
      const path = location.startsWith(`${world.config.url}/`) ? location.slice(world.config.url.length) : '';
      if (request.method !== 'GET' || status !== 303 || !/^\/oidc\/auth\/[\w-]+$/.test(path)) return false;
      const given = headers.getSetCookie();
      if (given.length > 0) response.setHeader('set-cookie', given);
      response.setHeader('referrer-policy', 'no-referrer');
      request.headers.cookie = cookiesAfter(request.headers.cookie, given);
      request.url = path;
      answer(request, response);
      return true;
    },
  };
}
