/**
 * A single-page app behind Portico, and the API that it calls: the page signs people in by itself, without a secret, and calls
 * the API with an access token that the API verifies without asking anybody.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** What the app was told when it was set up. */
export interface SinglePageSettings {
  portico: string;
  clientId: string;
  /** Identifier of the API. */
  resource: string;
}

const folder = join(import.meta.dirname, 'single-page');
/** What the page imports, each from the package that Node finds under the name. */
const libraries = ['openid-client', 'oauth4webapi', 'jose/jwe/compact/decrypt', 'jose/errors'];
const packages = fileURLToPath(import.meta.resolve('openid-client')).replace(/node_modules[\\/].*/, 'node_modules');

/** Starts the app on a port. */
export async function startSinglePage(
  port: number,
  settings: () => SinglePageSettings,
): Promise<{ url: string; stop(): Promise<void> }> {
  const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    '/': async (_, response) => {
      const nonce = randomBytes(16).toString('base64');
      const page = (await readFile(join(folder, 'index.html'), 'utf8'))
        .replaceAll('NONCE', nonce)
        .replace('"IMPORTS"', JSON.stringify(importMap()));
      const policy = `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self' ${settings().portico}; base-uri 'none'; frame-ancestors 'none'`;
      send(response, 200, 'text/html; charset=utf-8', page, { 'content-security-policy': policy });
    },
    '/sign-in.js': async (_, response) =>
      send(response, 200, 'text/javascript', await readFile(join(folder, 'sign-in.js'))),
    '/settings': async (_, response) => {
      const { portico, clientId, resource } = settings();
      send(response, 200, 'application/json', JSON.stringify({ issuer: `${portico}/oidc`, clientId, resource }));
    },
    '/api/tasks': async (request, response) => {
      const { portico, resource } = settings();
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const keys = createRemoteJWKSet(new URL(`${portico}/oidc/jwks`));
      const { payload } = await jwtVerify(token, keys, { issuer: `${portico}/oidc`, audience: resource });
      if (!String(payload['scope']).split(' ').includes('tasks:read')) throw new Error('the scope is missing');
      send(response, 200, 'application/json', JSON.stringify({ tasks: ['Call back', 'Write'], of: payload.sub }));
    },
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const page = path.startsWith('/lib/') ? () => sendLibrary(path, response) : pages[path];
    if (page === undefined) return send(response, 404, 'text/plain', 'Nothing here.');
    page(request, response).catch((error: Error) =>
      send(response, path.startsWith('/api/') ? 401 : 500, 'text/plain', error.message),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const importMap = (): Record<string, string> =>
  Object.fromEntries(
    libraries.map((name) => [name, `/lib/${relative(packages, fileURLToPath(import.meta.resolve(name)))}`]),
  );

/** A file of one of the libraries, and of nothing else. */
async function sendLibrary(path: string, response: ServerResponse): Promise<void> {
  const file = resolve(packages, path.slice('/lib/'.length));
  const known = libraries.map((name) => join(packages, name.split('/')[0] ?? ''));
  if (!known.some((place) => dirname(file).startsWith(`${place}/`)) || !file.endsWith('.js'))
    return send(response, 404, 'text/plain', 'Nothing here.');
  send(response, 200, 'text/javascript', await readFile(file));
}

const send = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
) => void response.writeHead(status, { 'content-type': type, ...headers }).end(body);
