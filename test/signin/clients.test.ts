import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import type { Client, ClientInput } from '#contract';
import { byItself } from '#events';
import { addSecret, changeClient, createClient, getClient, removeSecret } from '#signin';
import { dialects } from '../world.ts';
import { addProduct } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
const web = { redirectUris: ['https://web.example/cb'] };

/** What a client of a kind cannot be, and the field that the refusal names. */
const impossible: readonly (readonly [input: ClientInput, field: string])[] = [
  [{ name: 'x' }, 'redirectUris'],
  [{ name: 'x', redirectUris: ['http://web.example/cb'] }, 'redirectUris.0'],
  [{ name: 'x', redirectUris: ['app://auth'] }, 'redirectUris.0'],
  [{ name: 'x', redirectUris: ['https://web.example/cb#x'] }, 'redirectUris.0'],
  [{ name: 'x', redirectUris: ['https://web.example\\@evil.example/'] }, 'redirectUris.0'],
  [{ name: 'x', redirectUris: ['https://web.example/\u0000'] }, 'redirectUris.0'],
  [{ name: 'x', ...web, backchannelLogoutUri: 'http://web.example/logout' }, 'backchannelLogoutUri'],
  [{ name: 'x', ...web, authentication: 'none' }, 'authentication'],
  [{ name: 'x', ...web, authentication: 'privateKeyJwt' }, 'jwks'],
  [
    { name: 'x', ...web, authentication: 'privateKeyJwt', jwks: { keys: [key] }, jwksUri: 'https://a.example/' },
    'jwks',
  ],
  [{ name: 'x', ...web, authentication: 'privateKeyJwt', jwks: { keys: [{ ...key, d: 'd' }] } }, 'jwks.keys.0.d'],
  [{ name: 'x', ...web, authentication: 'privateKeyJwt', jwks: { keys: [{ kty: 'oct', k: 'k' }] } }, 'jwks.keys.0.k'],
  [{ name: 'x', ...web, authentication: 'privateKeyJwt', jwksUri: 'http://keys.example/' }, 'jwksUri'],
  [{ name: 'x', ...web, jwks: { keys: [key] } }, 'jwks'],
  [{ name: 'x', ...web, deviceFlow: true }, 'deviceFlow'],
  [{ name: 'x', ...web, identifier: 'https://api.example/' }, 'identifier'],
  [{ kind: 'spa', name: 'x', ...web, authentication: 'secret' }, 'authentication'],
  [{ kind: 'native', name: 'x', redirectUris: ['http://192.168.1.1/cb'] }, 'redirectUris.0'],
  [{ kind: 'native', name: 'x', redirectUris: ['https://127.0.0.1/cb'] }, 'redirectUris.0'],
  [{ kind: 'native', name: 'x', redirectUris: ['javascript:alert(1)'] }, 'redirectUris.0'],
  [{ name: 'x', redirectUris: ["https://x;script-src'*.example/cb"] }, 'redirectUris.0'],
  [{ kind: 'native', name: 'x', redirectUris: ['data:text/html,x'] }, 'redirectUris.0'],
  [{ kind: 'native', name: 'x' }, 'redirectUris'],
  [{ kind: 'extension', name: 'x', redirectUris: ['https://a.b.chromiumapp.org/cb'] }, 'redirectUris.0'],
  [{ kind: 'extension', name: 'x', redirectUris: ['https://chromiumapp.org.evil.example/cb'] }, 'redirectUris.0'],
  [{ kind: 'extension', name: 'x', redirectUris: ['http://127.0.0.1/cb'] }, 'redirectUris.0'],
  [{ kind: 'machine', name: 'x', redirectUris: ['https://a.example/cb'] }, 'redirectUris'],
  [{ kind: 'machine', name: 'x', organizations: ['a'] }, 'organizations'],
  [{ kind: 'api', name: 'x' }, 'identifier'],
  [{ kind: 'api', name: 'x', identifier: '/orders' }, 'identifier'],
  [{ kind: 'api', name: 'x', identifier: 'https://api.example/#x' }, 'identifier'],
  [{ kind: 'api', name: 'x', identifier: 'https://api.example/', apiScopes: ['openid'] }, 'apiScopes.0'],
  [
    { kind: 'api', name: 'x', identifier: 'https://a.example/', resources: [{ resource: 'b:c', scopes: [] }] },
    'resources',
  ],
];

const possible: readonly ClientInput[] = [
  { name: 'x', redirectUris: ['http://localhost:3000/cb', 'http://127.0.0.1:3000/cb', 'https://a.example/cb?x=1'] },
  { kind: 'spa', name: 'x', redirectUris: ['https://spa.example/', 'http://localhost:5173/'] },
  {
    kind: 'native',
    name: 'x',
    redirectUris: ['http://[::1]/', 'app://auth', 'com.example.app:/cb', 'https://a.example/'],
  },
  { kind: 'native', name: 'x', deviceFlow: true },
  {
    kind: 'extension',
    name: 'x',
    redirectUris: ['https://abc.chromiumapp.org/', 'https://0a.extensions.allizom.org/'],
  },
  { kind: 'extension', name: 'x', redirectUris: ['moz-extension://7b2c1d34-0d5e-4b7a-9a61-5c0f5be0a7d2/cb'] },
  { kind: 'machine', name: 'x' },
  { kind: 'api', name: 'x', identifier: 'urn:example:orders', apiScopes: ['orders.read'], tokenFormat: 'jwt' },
];

/** A client without the days that its secrets have left, which become fewer between two answers. */
const lasting = ({ nextExpiry: _, secrets, ...client }: Client) => ({
  ...client,
  secrets: secrets.map(({ daysLeft: _, ...secret }) => secret),
});

for (const dialect of dialects) {
  describe(`clients of every kind (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());
    const add = (input: ClientInput) => createClient(stage.world, byItself, input);
    const configOf = (id: string, secret: string) =>
      oidc.discovery(new URL(`${stage.url}/oidc`), id, secret, undefined, { execute: [oidc.allowInsecureRequests] });

    test('what a kind cannot be is refused by the name of the field', async () => {
      for (const [input, field] of impossible) {
        await assert.rejects(
          async () => add(input),
          (error: { problem?: string; details?: { errors?: { field: string }[] } }) => {
            assert.equal(error.problem, 'invalid-request', JSON.stringify(input));
            assert.ok(
              JSON.stringify(error).includes(`"${field}"`),
              `${JSON.stringify(input)}: ${JSON.stringify(error)}`,
            );
            return true;
          },
        );
      }
    });

    test('what a kind can be is kept as it was said, the rest as its kind has it', async () => {
      for (const input of possible) {
        const { secret, ...made } = await add(input);
        const keeps = made.kind === 'web' || made.kind === 'machine' || made.kind === 'api';
        assert.equal(secret === null, !keeps, made.kind);
        assert.equal(made.authentication, keeps ? 'secret' : 'none');
        assert.deepEqual({ ...made, ...input }, made);
        assert.deepEqual(lasting(await getClient(stage.world, made.id)), lasting(made));
      }
    });

    test('an identifier belongs to one API, and a change keeps what it does not name', async () => {
      const one = await add({ kind: 'api', name: 'One', identifier: 'https://one.example/', apiScopes: ['a'] });
      const two = await add({ kind: 'api', name: 'Two', identifier: 'https://two.example/' });
      await assert.rejects(add({ kind: 'api', name: 'Three', identifier: 'https://one.example/' }), {
        problem: 'conflict',
      });
      const change = (id: string, to: Parameters<typeof changeClient>[3], version?: number) =>
        changeClient(stage.world, byItself, id, to, version);
      await assert.rejects(change(two.id, { identifier: 'https://one.example/' }), { problem: 'conflict' });
      const changed = await change(one.id, { name: 'Uno' }, 1);
      assert.deepEqual(
        [changed.name, changed.identifier, changed.apiScopes, changed.version],
        ['Uno', 'https://one.example/', ['a'], 2],
      );
      await assert.rejects(change(one.id, { name: 'Eins' }, 1), { problem: 'version-changed' });
    });

    test('secrets: a second one beside the first, until the first is removed; one that is over opens nothing', async () => {
      const api = await add({ kind: 'api', name: 'Api', identifier: 'https://secrets.example/', apiScopes: ['a'] });
      const resources = [{ resource: 'https://secrets.example/', scopes: ['a'] }];
      const machine = await add({ kind: 'machine', name: 'M', resources });
      const works = async (secret: string) =>
        oidc.clientCredentialsGrant(await configOf(machine.id, secret), { resource: 'https://secrets.example/' }).then(
          () => true,
          (error: { error?: string }) => {
            assert.equal(error.error, 'invalid_client');
            return false;
          },
        );
      const second = await addSecret(stage.world, byItself, machine.id, {});
      assert.deepEqual([await works(machine.secret ?? ''), await works(second.value)], [true, true]);
      const [old] = machine.secrets;
      await removeSecret(stage.world, byItself, machine.id, old?.id ?? '');
      assert.deepEqual([await works(machine.secret ?? ''), await works(second.value)], [false, true]);
      assert.equal(await works(api.secret ?? ''), false);
      const expiresAt = new Date(Date.now() + 1000).toISOString();
      const short = await addSecret(stage.world, byItself, machine.id, { expiresAt });
      await stage.sql(
        `update client set secrets = replace(secrets, '${Date.parse(expiresAt)}', '1') where id = '${machine.id}'`,
      );
      assert.deepEqual([await works(short.value), await works(second.value)], [false, true]);
      const whys = async () =>
        (await stage.events('authentication.failed', 'deployment')).map(({ data }) => String(data['why']));
      const over = `invalid_client at /token: the secret ${short.id} of M ended on 1970-01-01; add another one to the client`;
      assert.equal((await whys()).at(-1), over, 'operators are told what the product is not');
      assert.equal(await works(`${short.value.slice(0, -1)}${short.value.endsWith('a') ? 'b' : 'a'}`), false);
      assert.equal((await whys()).at(-1), 'invalid_client at /token', 'only who has the secret is told of');
      for (let more = 0; more < 8; more++) await addSecret(stage.world, byItself, machine.id, {});
      await assert.rejects(addSecret(stage.world, byItself, machine.id, {}), { problem: 'conflict' });
      const spa = await add({ kind: 'spa', name: 'S', redirectUris: ['https://spa.example/'] });
      await assert.rejects(addSecret(stage.world, byItself, spa.id, {}), { problem: 'conflict' });
    });

    test('keys by their address: looked at when they are needed, and again when another one signs', async () => {
      const keys: object[] = [];
      const server: Server = createServer((_, response) => response.end(JSON.stringify({ keys })));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
        await add({ kind: 'api', name: 'Api', identifier: 'https://keys.example/' });
        const resources = [{ resource: 'https://keys.example/', scopes: [] }];
        const machine = await add({ kind: 'machine', name: 'M', authentication: 'privateKeyJwt', jwksUri, resources });
        const { privateKey, publicKey } = await generateKeyPair('ES256');
        keys.push({ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' });
        const auth = oidc.PrivateKeyJwt({ key: privateKey, kid: 'one' });
        const config = await oidc.discovery(new URL(`${stage.url}/oidc`), machine.id, undefined, auth, {
          execute: [oidc.allowInsecureRequests],
        });
        const tokens = await oidc.clientCredentialsGrant(config, { resource: 'https://keys.example/' });
        assert.ok(tokens.access_token);
      } finally {
        server.close();
      }
    });

    test('a sign-in at each kind of client that people sign in to', async () => {
      for (const [kind, redirectUri] of [
        ['web', 'https://web.example/cb'],
        ['spa', 'https://spa.example/cb'],
        ['native', 'com.example.app:/cb'],
        ['extension', 'https://abc.chromiumapp.org/cb'],
      ] as const) {
        const product = await addProduct(stage, `Kind ${kind}`, undefined, {
          kind,
          redirectUris: [redirectUri],
          postLogoutRedirectUris: [],
        });
        const { tokens } = await product.signIn(first(stage.people));
        assert.equal(tokens.claims()?.['oid'], first(stage.people).id, kind);
        assert.equal(tokens.refresh_token !== undefined, kind !== 'web', kind);
      }
    });
  });
}
