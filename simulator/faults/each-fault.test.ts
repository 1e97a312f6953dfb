import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { openBrowser } from '../test-browser.ts';
import { exchangeAdmin } from '../test-exchange.ts';
import { type Graph, openGraph } from '../test-graph.ts';
import { exchangeToken, mailApp, smtpClient, startMailStage } from '../test-mail-client.ts';
import { connectJob } from '../test-provisioning.ts';
import { startScimRecorder } from '../test-scim-recorder.ts';
import { authorizeUrl, callback, readObject, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';
import { type FaultName, faultTable } from './fault-table.ts';

/** What a drive has at hand; `call` strikes once unless it says otherwise. */
type Setting = {
  readonly entra: TestEntra;
  readonly app: TestApp;
  readonly graph: Graph;
  readonly call: (parameters?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** The AADSTS code of a token request, 0 when it went well. */
  readonly token: (form: Readonly<Record<string, string>>) => Promise<[code: number, suberror?: unknown]>;
  /** The AADSTS code that authorize answers on a page or at the app, 0 when it asks who is there. */
  readonly authorize: (parameters?: Readonly<Record<string, string>>) => Promise<number>;
  /** Signs a person in and gives the tokens. */
  readonly signIn: () => Promise<Record<string, unknown>>;
};

/** Calls the fault and sees it strike. */
type Drive = (setting: Setting) => Promise<void>;

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const appOnly = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };

/** A code at the token endpoint for an app that authenticates itself by its secret. */
const bySecret =
  (code: number): Drive =>
  async ({ call, token, app }) => {
    await call({ app: 'another-app' });
    assert.deepEqual(await token(appOnly), [0]);
    await call({ app: app.appId.toUpperCase() });
    assert.deepEqual(await token(appOnly), [code]);
    assert.deepEqual(await token(appOnly), [0]);
  };

/** A code for the refresh token of somebody who signed in, with the suberror. */
const atRefresh =
  (code: number, suberror?: string): Drive =>
  async ({ call, token, signIn }) => {
    const tokens = await signIn();
    const form = { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) };
    await call();
    assert.deepEqual(await token(appOnly), [0], 'an app for itself is spared');
    assert.deepEqual(await token(form), suberror === undefined ? [code] : [code, suberror]);
    assert.deepEqual(await token(form), [0]);
  };

/** A code at authorize. */
const atAuthorize =
  (code: number): Drive =>
  async ({ call, authorize }) => {
    await call();
    assert.equal(await authorize(), code);
    assert.equal(await authorize(), 0);
  };

const both =
  (...drives: readonly Drive[]): Drive =>
  async (setting) => {
    for (const drive of drives) await drive(setting);
  };

/** Every fault, driven once by its name. Whoever adds one adds how it is seen. */
const drives: Readonly<Record<FaultName, Drive>> = {
  aadsts: async ({ call, token }) => {
    await call({ code: 700016, at: 'token' });
    assert.deepEqual(await token(appOnly), [700016]);
  },
  'secret-expired': bySecret(7000222),
  'secret-removed': bySecret(7000215),
  'consent-missing': both(atAuthorize(65001), atRefresh(65001, 'consent_required')),
  'admin-approval': atAuthorize(90094),
  'assignment-required': both(atAuthorize(50105), atRefresh(50105)),
  'app-disabled': both(atAuthorize(7000112), bySecret(7000112)),
  'user-disabled': both(atAuthorize(50057), atRefresh(50057)),
  'account-locked': atAuthorize(50053),
  'password-expired': atAuthorize(50055),
  'refresh-token-revoked': atRefresh(50173),
  'mfa-required': both(atRefresh(50076, 'basic_action'), async ({ call, authorize }) => {
    await call();
    assert.equal(await authorize(), 0, 'whoever can be asked is asked');
    assert.equal(await authorize({ prompt: 'none' }), 50076);
  }),
  'conditional-access-block': both(atAuthorize(53003), async ({ call, token }) => {
    await call();
    assert.deepEqual(await token(appOnly), [53003, 'message_only']);
  }),
  'device-not-compliant': both(atAuthorize(53000), atRefresh(53000, 'message_only')),
  'device-code-blocked': async ({ call, token }) => {
    await call();
    assert.deepEqual(await token({ grant_type: device, device_code: 'x' }), [53003, 'message_only']);
  },
  'tenant-unknown': async ({ call, token, entra }) => {
    await call({ tenant: 'Contoso.Example' });
    const discover = (tenant: string) => fetch(`${entra.url}/${tenant}/v2.0/.well-known/openid-configuration`);
    assert.equal((await discover(entra.contoso.id)).status, 200);
    const gone = await discover('contoso.example');
    assert.deepEqual([gone.status, readObject(await gone.text())['error']], [400, 'invalid_tenant']);
    assert.equal((await discover('contoso.example')).status, 200);
    await call();
    assert.deepEqual(await token(appOnly), [90002]);
  },
  'key-rotated': async (setting) => {
    const { entra, call, signIn } = setting;
    const published = async () => (await fetch(`${entra.url}/common/discovery/v2.0/keys`)).text();
    const before = await published();
    await call();
    const [kid] = await signedBy(setting, await signIn());
    assert.ok(!before.includes(String(kid)), 'not by a key that was published before');
    assert.ok((await published()).includes(String(kid)));
  },
  'unknown-kid': async (setting) => {
    await setting.call();
    const [, fault] = await signedBy(setting, await setting.signIn());
    assert.equal(fault, 'ERR_JWKS_NO_MATCHING_KEY');
    assert.deepEqual((await signedBy(setting, await setting.signIn()))[1], undefined);
  },
  'clock-skew': async (setting) => {
    const { call, signIn } = setting;
    await call({ seconds: 600 });
    assert.equal((await signedBy(setting, await signIn()))[2], 'nbf');
    await call({ seconds: 7200, clock: 'slow' });
    assert.equal((await signedBy(setting, await signIn()))[2], 'exp');
  },
  quarantine: async ({ entra, call }) => {
    await using recorder = await startScimRecorder();
    const [one, two] = [await connectJob(entra, recorder), await connectJob(entra, recorder)];
    await call({ job: 'another' });
    await one.cycle();
    assert.equal((await one.view())['quarantine'], null);
    await call();
    await two.cycle();
    assert.deepEqual((await two.view())['status'], 'Quarantine');
    await two.cycle();
    assert.equal((await two.view())['quarantine'], null, 'a cycle that goes through ends it');
  },
  'claims-challenge': async ({ call, graph }) => {
    await call();
    const { status } = await graph('GET', '/users');
    assert.equal(status, 200, 'the client of this token declared nothing; the others: continuous-access.test.ts');
  },
  throttle: async ({ call, graph }) => {
    await call();
    assert.equal((await graph('GET', '/users')).status, 429);
  },
  unavailable: async ({ call, graph }) => {
    await call();
    assert.equal((await graph('GET', '/users')).status, 503);
  },
  slow: async ({ call, entra }) => {
    await call({ ms: 40 });
    const started = performance.now();
    await fetch(entra.url);
    assert.ok(performance.now() - started >= 39);
  },
  'hold-answer': async ({ call, entra }) => {
    await call({ ms: 40 });
    const started = performance.now();
    await fetch(entra.url);
    assert.ok(performance.now() - started >= 39);
  },
  'drop-answer': async ({ call, entra }) => {
    await call();
    await assert.rejects(fetch(entra.url));
  },
  'sync-state-lost': async ({ call, graph, entra }) => {
    const path = `/users/${entra.contoso.users[0]?.id}/mailFolders/inbox/messages/delta`;
    const { body } = await graph('GET', path);
    await call();
    assert.equal((await graph('GET', String(body['@odata.deltaLink']))).code, 'syncStateNotFound');
  },
  'lifecycle-event': async ({ call, entra, graph }) => {
    await using endpoint = await startEcho();
    await exchangeAdmin(entra)('PATCH', '/simulation', { notificationsByHttp: true });
    const made = await graph('POST', '/subscriptions', {
      changeType: 'created',
      notificationUrl: endpoint.url,
      lifecycleNotificationUrl: endpoint.url,
      resource: `users/${entra.contoso.users[0]?.id}/messages`,
      expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
    });
    assert.equal(made.status, 201, made.text);
    const path = `/subscriptions/${made.body['id']}`;
    assert.equal((await graph('GET', path)).status, 200);
    await call({ event: 'subscriptionRemoved', times: 9 });
    for (let turn = 0; (await graph('GET', path)).status !== 404; turn += 1) assert.ok(turn < 500);
  },
  'mailbox-full': async ({ call, entra, graph }) => {
    const [anna, bo] = entra.contoso.users;
    const message = { toRecipients: [{ emailAddress: { address: bo?.mail } }] };
    const send = async () => (await graph('POST', `/users/${anna?.id}/sendMail`, { message })).code;
    await call({ mailbox: anna?.mail });
    assert.deepEqual([await send(), await send()], ['ErrorQuotaExceeded', undefined]);
  },
  'sender-thread-limit': async () =>
    bySubmission('sender-thread-limit', /^432 4\.3\.2 STOREDRV\.ClientSubmit; sender thread limit exceeded/),
  'security-defaults': async () =>
    bySubmission('security-defaults', /^535 5\.7\.139 Authentication unsuccessful, .* security defaults policy/),
  'secret-delay': async ({ call, token }) => {
    await call({ seconds: 3600 });
    assert.deepEqual(await token(appOnly), [7000215]);
  },
  'replication-delay': async ({ entra, call }) => {
    const graph = await openGraph(entra, ['Application.ReadWrite.All']);
    await call({ seconds: 3600 });
    const { id } = (await graph('POST', '/applications', { displayName: 'Late' })).body;
    assert.equal((await graph('GET', `/applications/${id}`)).code, 'Request_ResourceNotFound');
  },
  'grant-delay': async ({ entra, call }) => {
    await call({ seconds: 3600 });
    const graph = await openGraph(entra, ['Application.Read.All']);
    assert.equal((await graph('GET', '/applications')).code, 'Authorization_RequestDenied');
  },
};

test('each fault of the table strikes when it is called by its name', async (t) => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const app = await entra.register();
  const graph = await openGraph(entra, ['User.Read.All', 'Mail.Read', 'Mail.Send']);
  const authorize: Setting['authorize'] = async (parameters = {}) => {
    const answer = await openBrowser().get(authorizeUrl(entra, entra.contoso.id, app, parameters));
    const said = answer.headers.get('location') ?? (await answer.text());
    return Number(/AADSTS(\d+)/.exec(said)?.[1] ?? 0);
  };
  const post = (form: Readonly<Record<string, string>>) =>
    entra.token('contoso.example', { client_id: app.appId, client_secret: app.secret, ...form });
  const token: Setting['token'] = async (form) => {
    const { body } = await post(form);
    const codes = body['error_codes'];
    if (!Array.isArray(codes)) return [0];
    return body['suberror'] === undefined ? [codes[0]] : [codes[0], body['suberror']];
  };
  const signIn = async () => {
    const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid offline_access', nonce: 'n' });
    const back = await openBrowser().signIn(url, `${entra.contoso.users[0]?.userPrincipalName}`);
    const code = back.searchParams.get('code') ?? '';
    return (await post({ grant_type: 'authorization_code', code, redirect_uri: callback })).body;
  };
  for (const { name } of faultTable) {
    await t.test(name, async () => {
      const call: Setting['call'] = (parameters = {}) =>
        entra.control('POST', '/faults', { name, times: 1, ...parameters });
      await drives[name]({ entra, app, graph, call, token, authorize, signIn });
      await entra.control('DELETE', '/faults');
    });
  }
});

/** A fault of SMTP submission: the first message is refused, the second sent. */
async function bySubmission(name: FaultName, answer: RegExp): Promise<void> {
  await using stage = await startMailStage();
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const client = smtpClient(stage, stage.anna, await exchangeToken(stage, app));
  await stage.control('POST', '/faults', { name, times: 1 });
  const note = { from: stage.anna, to: stage.bo, text: 'Hi' };
  await assert.rejects(client.sendMail(note), (error: Error & { response?: string }) =>
    answer.test(error.response ?? ''),
  );
  await client.sendMail(note);
}

/** An address that sends validation tokens back. */
async function startEcho(): Promise<{ readonly url: string; readonly [Symbol.asyncDispose]: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? '', 'http://localhost').searchParams.get('validationToken');
    response.writeHead(200, { 'content-type': 'text/plain' }).end(token ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The key id of an id_token, and why it is refused: error code and the claim that is wrong. */
async function signedBy(
  { entra }: Setting,
  { id_token }: Readonly<Record<string, unknown>>,
): Promise<[kid: unknown, code: string | undefined, claim: string | undefined]> {
  const token = String(id_token);
  const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
  try {
    await jwtVerify(token, createRemoteJWKSet(new URL(`${entra.url}/${entra.contoso.id}/discovery/v2.0/keys`)));
    return [kid, undefined, undefined];
  } catch (error) {
    assert.ok(error instanceof Error);
    return [kid, 'code' in error ? String(error.code) : '', 'claim' in error ? String(error.claim) : undefined];
  }
}
