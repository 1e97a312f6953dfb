import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntraWorld } from '#connections';
import { type Door, html, newNonce, pageHeaders, pageResponse } from '#http';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Where the built console lies, seen from the sources and from the package. */
const places = ['../dist/console/', '../console/'].map((place) => new URL(place, import.meta.url));

/** Serves the console: its assets, and its one page, with a fresh nonce, at every other address. */
export function createConsoleDoor(_world: EntraWorld): Door {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    const { pathname } = new URL(request.url);
    const type = types[extname(pathname)];
    if (type !== undefined) return asset(pathname, type);
    const page = await read('index.html');
    if (page === undefined) return notBuilt();
    const nonce = newNonce();
    return new Response(page.toString('utf8').replaceAll('__NONCE__', nonce), { headers: pageHeaders(nonce) });
  };
}

async function asset(pathname: string, type: string): Promise<Response> {
  const name = pathname.slice(1);
  const body = /^[\w-]+(?:[./][\w-]+)*$/.test(name) ? await read(name) : undefined;
  if (body === undefined) return new Response(null, { status: 404 });
  const caching = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return new Response(new Uint8Array(body), {
    headers: { 'content-type': type, 'cache-control': caching, 'x-content-type-options': 'nosniff' },
  });
}

async function read(name: string): Promise<Buffer | undefined> {
  for (const place of places) {
    const found = await readFile(fileURLToPath(new URL(name, place))).catch(() => undefined);
    if (found !== undefined && !(name === 'index.html' && found.includes('src="./main.tsx"'))) return found;
  }
  return undefined;
}

const notBuilt = (): Promise<Response> =>
  pageResponse({
    title: 'The console is not built',
    status: 503,
    body: html`<h1>The console is not built</h1><p>Type <code>npm run build</code>, then open this page again.</p>`,
  });
