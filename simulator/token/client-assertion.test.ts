import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { exportJWK, importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { openBrowser } from '../test-browser.ts';
import { makeTestCertificate, type TestCertificate } from '../test-certificate.ts';
import {
  authorizeUrl,
  callback,
  startTestEntra,
  type TestApp,
  type TestEntra,
  type TokenReply,
} from '../test-tenant.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const seconds = (more = 0): number => Math.floor(Date.now() / 1000) + more;

let entra: TestEntra;
let own: TestCertificate;
let other: TestCertificate;
let app: TestApp;
before(async () => {
  entra = await startTestEntra();
  [own, other] = await Promise.all([makeTestCertificate(), makeTestCertificate()]);
  app = await entra.register({ certificates: [own.certificate] });
});
after(() => entra.close());

const present = (
  assertion: string,
  more: Record<string, string> = {},
  tenant = entra.contoso.id,
): Promise<TokenReply> =>
  entra.token(tenant, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_assertion_type: assertionType,
    client_assertion: assertion,
    scope: 'https://graph.microsoft.com/.default',
    ...more,
  });

const endpoint = (tenant = entra.contoso.id): string => `${entra.url}/${tenant}/oauth2/v2.0/token`;

/** An assertion as Microsoft's libraries make it; `change` replaces claims. */
async function sign(
  header: { alg: 'PS256' | 'RS256' } & Record<string, string | string[]>,
  change: { [Claim in keyof JWTPayload]: JWTPayload[Claim] | undefined } = {},
  key = own.privateKey,
): Promise<string> {
  const claims = {
    iss: app.appId,
    sub: app.appId,
    aud: endpoint(),
    jti: randomUUID(),
    nbf: seconds(),
    iat: seconds(),
    exp: seconds(600),
  };
  return new SignJWT({ ...claims, ...change } as JWTPayload)
    .setProtectedHeader({ typ: 'JWT', ...header })
    .sign(await importPKCS8(key, header.alg));
}

const modern = () => ({ alg: 'PS256' as const, 'x5t#S256': own.sha256 });
const codesOf = ({ status, body }: TokenReply) => [
  status,
  body['error'],
  (body['error_codes'] as number[] | undefined)?.[0],
];

describe('a client proves itself by a certificate (certificate-credentials)', () => {
  test('PS256 with x5t#S256, and the older RS256 with x5t, padded or not', async () => {
    const headers = [
      modern(),
      { alg: 'RS256' as const, x5t: own.sha1 },
      { alg: 'RS256' as const, x5t: `${own.sha1}=` },
    ];
    for (const header of headers) {
      const { status, body } = await present(await sign(header));
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body['token_type'], 'Bearer');
    }
  });

  test('the endpoint may be named by the domain or as that of v1; times may be fractions (MSAL Python)', async () => {
    for (const change of [
      { aud: endpoint('contoso.example') },
      { aud: `${entra.url}/${entra.contoso.id}/oauth2/token` },
      { exp: seconds(600) + 0.5, iat: seconds() + 0.25 },
    ])
      assert.equal((await present(await sign(modern(), change))).status, 200, JSON.stringify(change));
  });

  test('x5c beside the digest may have its lines broken, nbf may be missing, and the same assertion may come again', async () => {
    const header = { ...modern(), x5c: [own.certificate.replace(/-----.*-----/g, '')] };
    const assertion = await sign(header, { nbf: undefined, iat: undefined });
    for (const _ of [1, 2]) assert.equal((await present(assertion)).status, 200);
  });

  test('at a shared endpoint the audience is that one (a multi-tenant app redeems its code there)', async () => {
    const web = await entra.register({
      certificates: [own.certificate],
      signInAudience: 'AzureADMultipleOrgs',
      redirectUris: { web: [callback] },
    });
    const url = authorizeUrl(entra, 'organizations', web, { scope: 'openid' });
    const back = await openBrowser().signIn(url, String(entra.contoso.users[0]?.userPrincipalName));
    const redeem = async (aud: string): Promise<TokenReply> =>
      entra.token('organizations', {
        grant_type: 'authorization_code',
        client_id: web.appId,
        client_assertion_type: assertionType,
        client_assertion: await sign(modern(), { aud, iss: web.appId, sub: web.appId }),
        redirect_uri: callback,
        code: back.searchParams.get('code') ?? '',
      });
    assert.deepEqual(codesOf(await redeem(endpoint('common'))), [401, 'invalid_client', 50013]);
    assert.equal((await redeem(endpoint('organizations'))).status, 200);
  });

  test('refusals in Entra’s codes, always invalid_client with 401', async () => {
    const cases: readonly (readonly [string, string, number])[] = [
      [
        'a certificate that was not uploaded',
        await sign({ alg: 'PS256', 'x5t#S256': other.sha256 }, {}, other.privateKey),
        700027,
      ],
      ['the key of another certificate', await sign(modern(), {}, other.privateKey), 700027],
      ['expired', await sign(modern(), { exp: seconds(-301) }), 700024],
      ['not valid yet', await sign(modern(), { nbf: seconds(400) }), 700024],
      ['without an end', await sign(modern(), { exp: undefined }), 700024],
      ['another subject', await sign(modern(), { sub: randomUUID() }), 50048],
      ['another issuer', await sign(modern(), { iss: randomUUID() }), 50048],
      ['that of another app', await sign(modern(), { iss: entra.contoso.id, sub: entra.contoso.id }), 50012],
      ['the audience of no tenant', await sign(modern(), { aud: endpoint('nowhere.example') }), 50013],
      ['the audience of another tenant', await sign(modern(), { aud: endpoint(entra.fabrikam.id) }), 50013],
      [
        'the audience of another host',
        await sign(modern(), { aud: `https://login.microsoftonline.com/${entra.contoso.id}/oauth2/v2.0/token` }),
        50013,
      ],
      ['no token', 'nonsense', 50027],
    ];
    for (const [name, assertion, code] of cases)
      assert.deepEqual(codesOf(await present(assertion)), [401, 'invalid_client', code], name);
    const unnamed = await present(await sign(modern()), { client_assertion_type: 'jwt' });
    assert.deepEqual(codesOf(unnamed), [401, 'invalid_client', 50027]);
  });

  test('5 minutes is how far clocks may differ', async () => {
    assert.equal((await present(await sign(modern(), { exp: seconds(-290) }))).status, 200);
  });

  test('what is uploaded is read back without its key, and what is no certificate is refused by its place', async () => {
    const { certificates } = (await entra.control('GET', `/tenants/${entra.contoso.id}/applications/${app.appId}`)) as {
      certificates: Record<string, unknown>[];
    };
    assert.equal(Buffer.from(String(certificates[0]?.['customKeyIdentifier']), 'hex').toString('base64url'), own.sha1);
    assert.equal('key' in (certificates[0] ?? {}), false);
    await assert.rejects(
      entra.register({ certificates: [own.certificate, 'no'] }),
      /certificates\.1: 'no' is no certificate/,
    );
  });
});

describe('a client proves itself by the token of somebody else (workload-identity-federation)', () => {
  let issuer: string;
  let keys: { readonly privateKey: KeyObject };
  let federated: TestApp;
  const server = createServer((request, response) => {
    const answer = request.url === '/keys' ? jwks : { issuer, jwks_uri: `${issuer}/keys` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  let jwks: unknown;
  before(async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    keys = pair;
    jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
    federated = await entra.register({
      secret: undefined,
      federatedCredentials: [{ name: 'portico', issuer, subject: 'connection:contoso' }],
    });
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  const token = (change: JWTPayload = {}, key = keys.privateKey): Promise<string> =>
    new SignJWT({
      iss: issuer,
      sub: 'connection:contoso',
      aud: 'api://AzureADTokenExchange',
      exp: seconds(300),
      ...change,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(key);
  const exchange = async (assertion: string, client = federated) => present(assertion, { client_id: client.appId });

  test('issuer, subject and audience are those of one credential', async () => {
    assert.equal((await exchange(await token())).status, 200);
  });

  test('each of them off by a letter has a code of its own, and so have a foreign key and an app without such a credential', async () => {
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const cases: readonly (readonly [string, string, number])[] = [
      ['issuer', await token({ iss: `${issuer}/` }), 700211],
      ['subject', await token({ sub: 'connection:Contoso' }), 700213],
      ['audience', await token({ aud: 'api://azureadtokenexchange' }), 7002121],
      ['key', await token({}, foreign), 700027],
      ['time', await token({ exp: seconds(-400) }), 700024],
    ];
    for (const [name, assertion, code] of cases)
      assert.deepEqual(codesOf(await exchange(assertion)), [401, 'invalid_client', code], name);
    assert.deepEqual(codesOf(await exchange(await token(), app)), [400, 'invalid_request', 70021]);
  });

  test('an issuer whose keys are out of reach is told of as that, not as a wrong signature', async () => {
    const silent = await entra.register({
      federatedCredentials: [{ name: 'silent', issuer: 'http://localhost:9', subject: 'one' }],
    });
    const reply = await exchange(await token({ iss: 'http://localhost:9', sub: 'one' }), silent);
    assert.deepEqual(codesOf(reply), [401, 'invalid_client', 50013]);
    assert.match(
      String(reply.body['error_description']),
      /keys of the issuer 'http:\/\/localhost:9' could not be read/,
    );
  });
});
