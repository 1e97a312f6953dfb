import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { exportSPKI, type JWTPayload } from 'jose';
import { createKeyCache, type TokenRefusal, TokenRefused } from '#openid';
import {
  clientId,
  contoso,
  idTokenClaims,
  listen,
  objectId,
  signingKey,
  stranger,
} from '../../test/entra/local-tenant.ts';
import type { IssuerRule } from './account-types.ts';
import { personalTenantId } from './clouds.ts';
import { validateIdToken } from './validate-id-token.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const login = 'https://login.microsoftonline.com';
const template = `${login}/{tenantid}/v2.0`;
const [plain, forAny, forPersonal, unlisted] = await Promise.all([
  signingKey('plain'),
  signingKey('any', template),
  signingKey('personal', `${login}/${personalTenantId}/v2.0`),
  signingKey('plain'),
]);
const server = await listen(() => ({ json: { keys: [plain.jwk, forAny.jwk, forPersonal.jwk] } }));
after(server.close);
const keys = createKeyCache({ fetch, now: () => now });
const jwksUri = `${server.url}/keys`;
const onlyContoso: IssuerRule = { tenants: [contoso], personal: false };
const anyTenant: IssuerRule = { tenants: 'any', personal: false };

const claims = (more: JWTPayload = {}) => idTokenClaims(login, now, more);
const expectation = (issuer: string, rule: IssuerRule) => ({
  tenant: { issuer, jwksUri },
  rule,
  clientId,
  nonce: 'nonce-1',
  keys,
  now: () => now,
});
const single = expectation(`${login}/${contoso}/v2.0`, onlyContoso);
const common = expectation(template, anyTenant);

async function refusedAs(code: TokenRefusal, token: string, expected = single): Promise<string> {
  const error = await validateIdToken(token, expected).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof TokenRefused, `not refused: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error.message;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a good token of the connected tenant is accepted and its claims are handed out', async () => {
  const { claims: accepted } = await validateIdToken(await plain.sign(claims({ oid: objectId.toUpperCase() })), single);
  assert.equal(accepted.tid, contoso);
  assert.equal(accepted.oid, objectId);
  assert.equal(accepted['name'], 'Anna Example');
});

test('§1.3: a token of any organization is accepted where the template becomes its issuer', async () => {
  const token = await forAny.sign(claims({ tid: stranger, iss: `${login}/${stranger}/v2.0` }));
  assert.equal((await validateIdToken(token, common)).claims.tid, stranger);
});

test('attack: a token of a foreign tenant with a known e-mail is refused on a list', async () => {
  const token = await forAny.sign(
    claims({ tid: stranger, iss: `${login}/${stranger}/v2.0`, email: 'anna@contoso.example', xms_edov: true }),
  );
  const said = await refusedAs('tenantNotAllowed', token, expectation(template, onlyContoso));
  assert.equal(
    said,
    `token says tenant ${stranger}, this connection expects ${contoso}. The user signed in with another organization. Use the tenant-specific authority, not /common.`,
  );
});

test('attack: a token of a foreign tenant is refused at the tenant-specific authority', async () => {
  const token = await plain.sign(claims({ tid: stranger, iss: `${login}/${stranger}/v2.0` }));
  await refusedAs('tenantNotAllowed', token);
});

test('an issuer that is no text is refused as such', async () => {
  await refusedAs('issuer', await plain.sign(claims({ iss: 7 as unknown as string })), single);
});

test('attack: tid and iss disagree', async () => {
  await refusedAs('issuer', await forAny.sign(claims({ tid: stranger })), common);
  await refusedAs('issuer', await plain.sign(claims({ tid: stranger })), single);
  const both = expectation(`${login}/${contoso}/v2.0`, { tenants: [contoso, stranger], personal: false });
  await refusedAs('issuer', await plain.sign(claims({ tid: stranger })), both);
  await refusedAs('issuer', await forAny.sign(claims({ iss: `${login}/${stranger}/v2.0` })), common);
});

for (const tid of [undefined, '', 'contoso.com', '{tenantid}', 7, `${contoso}/../${stranger}`, `${contoso} `]) {
  test(`§1.3: a tid of ${JSON.stringify(tid)} is no GUID and refused`, async () => {
    await refusedAs('tenant', await forAny.sign(claims({ tid, iss: `${login}/${tid}/v2.0` })), common);
  });
}

for (const iss of [
  `${login}/${contoso}/v2.0/`,
  `${login}/${contoso}/V2.0`,
  `https://login.microsoftonline.us/${contoso}/v2.0`,
  `https://evil.example/${contoso}/v2.0`,
  template,
]) {
  test(`§1.3: the issuer ${iss} is not exactly the expected one and refused`, async () => {
    await refusedAs('issuer', await plain.sign(claims({ iss })));
    await refusedAs('issuer', await plain.sign(claims({ iss })), common);
  });
}

test('attack: a key that belongs to personal accounts signs for an organization', async () => {
  await refusedAs('keyIssuer', await forPersonal.sign(claims()));
  await refusedAs('keyIssuer', await forPersonal.sign(claims()), common);
});

test('§1.2: that key signs for exactly its issuer, and only where personal accounts are taken', async () => {
  const token = await forPersonal.sign(claims({ tid: personalTenantId, iss: `${login}/${personalTenantId}/v2.0` }));
  const taken = await validateIdToken(token, expectation(template, { tenants: 'any', personal: true }));
  assert.equal(taken.claims.tid, personalTenantId);
  assert.match(await refusedAs('tenantNotAllowed', token, common), /personal Microsoft account/);
});

test('an organization is refused where only personal accounts are taken', async () => {
  await refusedAs(
    'tenantNotAllowed',
    await forAny.sign(claims()),
    expectation(template, { tenants: [], personal: true }),
  );
});

test('attack: alg none', async () => {
  for (const alg of ['none', 'None', 'NONE']) {
    await refusedAs('algorithm', `${part({ alg, kid: 'plain' })}.${part(claims())}.`);
  }
});

test('attack: HS256 with the public key as its secret', async () => {
  const input = `${part({ alg: 'HS256', typ: 'JWT', kid: 'plain' })}.${part(claims())}`;
  for (const secret of [await exportSPKI(plain.publicKey), JSON.stringify(plain.jwk), plain.jwk.n ?? '']) {
    await refusedAs('algorithm', `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
  }
});

test('attack: a key of the attacker under a kid that is known', async () => {
  await refusedAs('signature', await unlisted.sign(claims()));
});

test('attack: the header brings its own key (jwk, jku, x5u)', async () => {
  const { jwk } = unlisted;
  const header = { alg: 'RS256', kid: 'plain', jwk, jku: 'https://evil.example/keys', x5u: 'https://evil.example/x' };
  const [, payload, signature] = (await unlisted.sign(claims())).split('.');
  await refusedAs('signature', `${part(header)}.${payload}.${signature}`);
});

test('attack: claims changed after signing', async () => {
  const [header, , signature] = (await plain.sign(claims())).split('.');
  await refusedAs('signature', `${header}.${part(claims({ oid: stranger }))}.${signature}`);
});

test('an unknown or missing kid is refused', async () => {
  const [, payload, signature] = (await plain.sign(claims())).split('.');
  await refusedAs('unknownKey', `${part({ alg: 'RS256', kid: 'nobody' })}.${payload}.${signature}`);
  await refusedAs('unknownKey', `${part({ alg: 'RS256' })}.${payload}.${signature}`);
});

for (const token of ['', 'x', 'a.b.c', `${part({ alg: 'RS256' })}`, 'x'.repeat(100_001), 'é.é.é']) {
  test(`a text of ${token.length} characters that is no JWT is refused as malformed`, async () => {
    await refusedAs('malformed', token);
  });
}

for (const aud of [stranger, `api://${clientId}`, [clientId, stranger], [], '']) {
  test(`a token for ${JSON.stringify(aud)} is refused`, async () => {
    await refusedAs('audience', await plain.sign(claims({ aud })));
  });
}

const seconds = Math.floor(now / 1000);
test('time: 60 seconds of skew are allowed either way, more is not', async () => {
  await validateIdToken(await plain.sign(claims({ exp: seconds - 59 })), single);
  await validateIdToken(await plain.sign(claims({ nbf: seconds + 59 })), single);
  assert.match(await refusedAs('expired', await plain.sign(claims({ exp: seconds - 61 }))), /clock is ahead/);
  assert.match(await refusedAs('notYetValid', await plain.sign(claims({ nbf: seconds + 61 }))), /clock is behind/);
});

test('a token without an end is refused', async () => {
  const { exp: _, ...endless } = claims();
  await refusedAs('malformed', await plain.sign(endless));
});

test('§1.4: a version 1 token is named as such', async () => {
  await refusedAs('version', await plain.sign(claims({ iss: `https://sts.windows.net/${contoso}/`, ver: '1.0' })));
});

for (const nonce of [undefined, '', 'nonce-2', 'NONCE-1', ['nonce-1']]) {
  test(`a nonce of ${JSON.stringify(nonce)} is not the one that was sent`, async () => {
    await refusedAs('nonce', await plain.sign(claims({ nonce })));
  });
}

test('an empty expected nonce accepts nothing', async () => {
  await refusedAs('nonce', await plain.sign(claims({ nonce: '' })), { ...single, nonce: '' });
});

for (const more of [{ oid: undefined }, { oid: 'x' }, { sub: '' }, { oid: [objectId] }]) {
  test(`a token with ${JSON.stringify(more)} names nobody`, async () => {
    await refusedAs('subject', await plain.sign(claims(more)));
  });
}
