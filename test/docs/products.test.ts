import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { ClientInput } from '#contract';
import { byItself } from '#events';
import { createClient } from '#signin';
import { type Browser, openBrowser, type Page } from '../signin/browser.ts';
import { first, type Stage, setStage } from '../signin/stage.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/products.md'), 'utf8');
const blocks = new Map(
  [...text.matchAll(/^```js (\w+)\n([\s\S]*?)^```$/gm)].map(([, name = '', code = '']) => [name, code]),
);

/** Calls what a block exports, by its name. */
// biome-ignore lint/suspicious/noExplicitAny: the code of a page has no types.
type Example = (name: string, ...given: unknown[]) => Promise<any>;

describe('docs/products.md: each example runs', () => {
  let stage: Stage;
  let folder: string;
  before(async () => {
    stage = await setStage('sqlite', { settings: { registration: 'on' } });
    folder = mkdtempSync(join(tmpdir(), 'portico-docs-'));
    // The only difference to production: http on this very machine.
    writeFileSync(
      join(folder, 'client.mjs'),
      `import * as oidc from '${import.meta.resolve('openid-client')}';
       export * from '${import.meta.resolve('openid-client')}';
       export const discovery = (...given) => oidc.discovery(given[0], given[1], given[2], given[3], { execute: [oidc.allowInsecureRequests] });`,
    );
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stage.close();
  });

  /** Registers the client of an example, and loads its code with the addresses and the client of the stage in it. */
  async function load(name: string, input: ClientInput): Promise<Example> {
    const { id, secret } = await createClient(stage.world, byItself, input);
    const code = (blocks.get(name) ?? assert.fail(`there is no example ${name}`))
      .replaceAll('https://portico.example.com', stage.url)
      .replaceAll('CLIENT_ID', id)
      .replaceAll('CLIENT_SECRET', secret ?? '')
      .replaceAll("'openid-client'", "'./client.mjs'")
      .replaceAll("'jose'", `'${import.meta.resolve('jose')}'`);
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, code);
    const exported = await import(pathToFileURL(file).href);
    return async (name, ...given) => exported[name](...given);
  }

  const person = () => first(stage.people);

  /** Goes on in a browser until it would be at an address. */
  async function reach(url: string, back: string, browser: Browser = openBrowser()): Promise<string> {
    const isBack = (location: string) => location.startsWith(back);
    let page: Page = await browser.open(url, isBack);
    for (let form = 0; form < 4 && !isBack(page.url); form++) {
      const asked = /name="email"/.test(page.html) ? 'email' : 'login';
      page = await browser.submit(page, { [asked]: person().userPrincipalName }, isBack);
    }
    return page.url;
  }

  test('web', async () => {
    const back = 'https://product.example.com/callback';
    const web = await load('web', { name: 'Web', redirectUris: [back] });
    const { url, kept } = await web('begin');
    const signedIn = await web('complete', new URL(await reach(url.href, back)), kept);
    assert.equal(signedIn.organization, stage.organizationId);
    const { name, email } = await web('check', signedIn);
    assert.deepEqual([name, email], [person().displayName, person().mail]);
  });

  test('single page', async () => {
    const back = 'https://tasks.example.com/';
    const kept = new Map<string, string>();
    const page = {
      sessionStorage: {
        setItem: (name: string, value: string) => kept.set(name, value),
        getItem: (name: string) => kept.get(name),
        removeItem: (name: string) => kept.delete(name),
      },
      location: { href: '', assign: (url: URL) => (page.location.href = url.href) },
    };
    for (const [name, value] of Object.entries(page))
      Object.defineProperty(globalThis, name, { value, configurable: true });
    const spa = await load('spa', { name: 'Page', kind: 'spa', redirectUris: [back] });
    await spa('signIn');
    page.location.href = await reach(page.location.href, back);
    assert.equal((await spa('complete')).name, person().displayName);
    assert.equal(kept.size, 0);
    const [one, two] = [await spa('refresh'), await spa('refresh')];
    assert.notEqual(one, two);
  });

  test('native', async () => {
    const native = await load('native', {
      name: 'Native',
      kind: 'native',
      redirectUris: ['http://127.0.0.1/callback'],
      deviceFlow: true,
    });
    const tokens = await native('signIn', (url: string) => void reach(url, 'http://127.0.0.1').then((at) => fetch(at)));
    assert.equal(tokens.claims().name, person().displayName);
    assert.ok(tokens.refresh_token);
    const byCode = await native('signInByCode', async (said: string) => {
      const [, at = '', code = ''] = /Open (\S+) and enter (\S+)/.exec(said) ?? [];
      const browser = openBrowser();
      let page = await browser.submit(await browser.open(at), { user_code: code });
      page = await browser.submit(page, { confirm: 'yes' });
      for (let form = 0; form < 4 && /<form/.test(page.html); form++)
        page = await browser.submit(page, {
          [/name="email"/.test(page.html) ? 'email' : 'login']: person().userPrincipalName,
        });
    });
    assert.equal(byCode.claims().name, person().displayName);
  });

  test('mobile', async () => {
    const mobile = await load('mobile', {
      name: 'Mobile',
      kind: 'native',
      redirectUris: ['com.example.fabulous:/callback'],
    });
    const tokens = await mobile('signIn', async (url: string, back: string) => ({
      type: 'success',
      url: await reach(url, back),
    }));
    assert.equal(tokens.claims().name, person().displayName);
    assert.equal(await mobile('signIn', async () => ({ type: 'cancel' })), undefined);
  });

  test('extension', async () => {
    const back = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/callback';
    const identity = {
      getRedirectURL: () => back,
      launchWebAuthFlow: ({ url }: { url: string }) => reach(url, back),
    };
    Object.defineProperty(globalThis, 'chrome', { value: { identity }, configurable: true });
    const extension = await load('extension', { name: 'Clipper', kind: 'extension', redirectUris: [back] });
    assert.equal((await extension('signIn')).claims().name, person().displayName);
  });

  for (const [name, tokenFormat] of [
    ['api', 'opaque'],
    ['jwt', 'jwt'],
  ] as const) {
    test(`machine, and an API that takes its token (${tokenFormat})`, async () => {
      const resource = `https://${tokenFormat}.example.com`;
      const scopes = ['tasks:read'];
      blocks.set(name, (blocks.get(name) ?? '').replaceAll('https://api.example.com', resource));
      const api = await load(name, { name: 'API', kind: 'api', identifier: resource, apiScopes: scopes, tokenFormat });
      const original = blocks.get('machine') ?? '';
      blocks.set(`machine_${name}`, original.replaceAll('https://api.example.com', resource));
      const machine = await load(`machine_${name}`, {
        name: 'Importer',
        kind: 'machine',
        resources: [{ resource, scopes }],
      });
      const known = await api('authenticate', await machine('accessToken'));
      assert.deepEqual(known.scopes, scopes);
      assert.match(known.client, /^[0-9a-f-]{36}$/);
      if (name === 'api') assert.equal(await api('authenticate', 'x'.repeat(43)), undefined);
      else await assert.rejects(api('authenticate', 'x.y.z'));
    });
  }

  test('each example is short enough to be read', () => {
    const long = [...blocks].filter(([, code]) => code.split('\n').filter((line) => line.trim() !== '').length > 30);
    assert.deepEqual(long, []);
  });
});
