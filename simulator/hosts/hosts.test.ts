import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as secured } from 'node:tls';
import { type SimulatedEntra, simulateEntra } from '../index.ts';
import { openCertificates } from './certificates.ts';

let folder: string;
let entra: SimulatedEntra;
let ca: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portico-hosts-'));
  entra = await simulateEntra({ users: 3, groups: 1, certificates: folder });
  ca = readFileSync(entra.https?.authority ?? '', 'utf8');
});
after(async () => {
  await entra.close();
  rmSync(folder, { recursive: true });
});

const port = (): number => Number(new URL(entra.url).port);

/** A connection that the proxy made, or its refusal. */
async function tunnel(target: string): Promise<{ status: number; socket: Socket; text: string }> {
  const asked = plainRequest({ host: '127.0.0.1', port: port(), method: 'CONNECT', path: target }).end();
  const [answer, socket, head] = await once(asked, 'connect');
  socket.on('error', () => undefined);
  let text = String(head);
  if (answer.statusCode !== 200) for await (const piece of socket) text += String(piece);
  return { status: answer.statusCode, socket, text };
}

/** GET of one of Microsoft's addresses through the proxy, by https. */
async function get(
  address: string,
  authorization?: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { hostname, pathname, search } = new URL(address);
  const { socket } = await tunnel(`${hostname}:443`);
  const headers = { host: hostname, connection: 'close', ...(authorization === undefined ? {} : { authorization }) };
  const createConnection = () => secured({ socket, servername: hostname, ca }).on('error', () => undefined);
  const asked = request({ createConnection, host: hostname, path: `${pathname}${search}`, headers }).end();
  const [answer] = await once(asked, 'response');
  let text = '';
  for await (const piece of answer) text += String(piece);
  return { status: answer.statusCode, body: JSON.parse(text) };
}

const errorOf = ({ body }: { body: Record<string, unknown> }) => body['error'] as { code: string; message: string };

describe('https and the names of Microsoft', () => {
  test('http and https answer at one port, each with its own addresses', async () => {
    const path = '/contoso.example/v2.0/.well-known/openid-configuration';
    const plain = (await (await fetch(`${entra.url}${path}`)).json()) as { issuer: string };
    const id = entra.tenants[0]?.id;
    assert.equal(plain.issuer, `${entra.url}/${id}/v2.0`);
    const asked = request({ host: 'localhost', port: port(), path, ca }).end();
    const [answer] = await once(asked, 'response');
    let text = '';
    for await (const piece of answer) text += String(piece);
    assert.equal(JSON.parse(text).issuer, `${entra.https?.url}/${id}/v2.0`);
  });

  test('through the proxy the simulator is login.microsoftonline.com, with its issuer', async () => {
    const { body } = await get(
      'https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration',
    );
    assert.equal(body['issuer'], `https://login.microsoftonline.com/${entra.tenants[0]?.id}/v2.0`);
    assert.match(
      String(body['token_endpoint']),
      /^https:\/\/login\.microsoftonline\.com\/[^/]+\/oauth2\/v2\.0\/token$/,
    );
  });

  test('the proxy leads nowhere else, and names what it leads to', async () => {
    for (const target of ['example.com:443', 'graph.microsoft.com:25', 'localhost:443', 'nonsense', '[::1]:443']) {
      const { status, text } = await tunnel(target);
      assert.equal(status, 502, target);
      assert.match(text, /leads nowhere but to itself.*graph\.microsoft\.com/, target);
    }
  });

  test('graph.microsoft.com refuses in the words of Graph: another version, no token', async () => {
    const version = await get('https://graph.microsoft.com/v9/users');
    assert.deepEqual([version.status, errorOf(version).message], [400, 'Invalid version: v9']);
    const token = await get('https://graph.microsoft.com/v1.0/users');
    assert.deepEqual([token.status, errorOf(token).code], [401, 'InvalidAuthenticationToken']);
    const control = await get('https://graph.microsoft.com/_control/tenants');
    assert.deepEqual([control.status, errorOf(control).message], [400, 'Invalid version: _control']);
  });

  test('management.azure.com takes a token of its own only, and lists the tenant and no subscription', async () => {
    const id = entra.tenants[0]?.id;
    const made = await fetch(`${entra.url}/_control/tenants/${id}/applications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ displayName: 'A command line', secret: {} }),
    });
    const app = (await made.json()) as { appId: string; secret: { secretText: string } };
    const tokenFor = async (scope: string): Promise<string> => {
      const body = {
        grant_type: 'client_credentials',
        client_id: app.appId,
        client_secret: app.secret.secretText,
        scope,
      };
      const answer = await fetch(`${entra.url}/${id}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams(body),
      });
      return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
    };
    const own = await tokenFor('https://management.core.windows.net//.default');
    const base = 'https://management.azure.com';
    const tenants = await get(`${base}/tenants?api-version=2019-11-01`, own);
    assert.deepEqual(
      (tenants.body['value'] as { tenantId: string }[]).map(({ tenantId }) => tenantId),
      [id],
    );
    assert.deepEqual((await get(`${base}/subscriptions?api-version=2019-11-01`, own)).body['value'], []);
    const foreign = await get(`${base}/tenants`, await tokenFor('https://graph.microsoft.com/.default'));
    assert.deepEqual([foreign.status, errorOf(foreign).code], [401, 'InvalidAuthenticationTokenAudience']);
    const none = await get(`${base}/tenants`);
    assert.deepEqual([none.status, errorOf(none).code], [401, 'AuthenticationFailed']);
    assert.equal((await get(`${base}/providers`, own)).status, 404);
  });

  test('a connection that says nothing, or half a word, does not keep the simulator from closing', async () => {
    const other = await simulateEntra({ users: 1, groups: 0, certificates: folder });
    const open = () => connect(Number(new URL(other.url).port), '127.0.0.1').on('error', () => undefined);
    const [silent, half] = [open(), open()];
    half.write('GE');
    await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
    const gone = [silent, half].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    await other.close();
    await Promise.all(gone);
  });
});

describe('the local authority', () => {
  test('stays from start to start, signs a certificate for every name, and only its owner can read its key', async () => {
    const again = await openCertificates(folder, ['login.microsoftonline.com', 'localhost', '127.0.0.1']);
    assert.equal(readFileSync(again.authority, 'utf8'), ca);
    const [leaf, authority] = [new X509Certificate(again.cert), new X509Certificate(ca)];
    assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
    assert.ok(authority.ca && !leaf.ca);
    assert.equal(leaf.checkHost('login.microsoftonline.com'), 'login.microsoftonline.com');
    assert.equal(leaf.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(statSync(join(folder, 'ca-key.pem')).mode & 0o777, 0o600);
  });

  test('two simulators that start at once in a new folder keep the same one', async () => {
    const fresh = join(folder, 'fresh');
    const [one, two] = await Promise.all([
      openCertificates(fresh, ['localhost']),
      openCertificates(fresh, ['localhost']),
    ]);
    const authority = new X509Certificate(readFileSync(one.authority));
    for (const { cert } of [one, two]) assert.ok(new X509Certificate(cert).verify(authority.publicKey));
  });

  test('a file that holds no key is named, with what to do', async () => {
    const spoiled = mkdtempSync(join(folder, 'spoiled-'));
    writeFileSync(join(spoiled, 'ca-key.pem'), 'nothing');
    await assert.rejects(openCertificates(spoiled, ['localhost']), /ca-key\.pem does not hold a key.*remove it/);
  });
});
