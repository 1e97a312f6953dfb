import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AccountType,
  authorityTenant,
  cloudNamed,
  EntraError,
  explainClientIdRefusal,
  graphScope,
  issuerRuleOf,
  readAuthorizationError,
  readClaims,
  readEntraError,
  readStartingPoint,
  requestAppToken,
  resolveTenant,
  validateIdToken,
} from '#entra';
import {
  authorizationUrl,
  type ClientProof,
  createKeyCache,
  newSignInRequest,
  readAuthorizationResponse,
  redeemCode,
  TokenRefused,
} from '#openid';
import { type SimulatedEntra, simulateEntra } from '../../simulator/index.ts';

const redirectUri = 'https://id.example.com/oauth/login/contoso/callback';
const now = Date.now;

interface Registered {
  readonly appId: string;
  readonly id: string;
  readonly secret: { readonly secretText: string; readonly keyId: string };
}

async function control<Answer>(entra: SimulatedEntra, path: string, body: unknown = {}): Promise<Answer> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${entra.url}/_control${path}`, init);
  assert.ok(answer.ok, await answer.clone().text());
  return (await answer.json()) as Answer;
}

async function connect(signInAudience = 'AzureADMyOrg') {
  const entra = await simulateEntra({ users: 10, groups: 3 });
  const [contoso, fabrikam] = entra.tenants;
  assert.ok(contoso && fabrikam);
  const app = await control<Registered>(entra, `/tenants/${contoso.id}/applications`, {
    displayName: 'Portico',
    signInAudience,
    redirectUris: { web: [redirectUri] },
    optionalClaims: ['email', 'xms_edov', 'login_hint', 'sid', 'acct'],
    groupMembershipClaims: 'SecurityGroup',
    secret: {},
  });
  const cloud = cloudNamed('simulated', entra.url);
  const proof: ClientProof = { method: 'client_secret_post', secret: app.secret.secretText };
  const client = { clientId: app.appId, proof, redirectUri };
  return { entra, contoso, fabrikam, app, cloud, client, [Symbol.asyncDispose]: entra.close };
}

type Connected = Awaited<ReturnType<typeof connect>>;

/** Goes through the browser's part of a sign-in: the picker, with that person chosen. */
async function choose(url: string, login: string): Promise<URLSearchParams> {
  const asked = new URL(url);
  const form = new URLSearchParams([...asked.searchParams, ['login', login]]);
  const answer = await fetch(asked.origin + asked.pathname, { method: 'POST', body: form, redirect: 'manual' });
  const location = answer.headers.get('location');
  assert.ok(location, await answer.text());
  assert.ok(location.startsWith(redirectUri));
  return new URL(location).searchParams;
}

async function signIn(
  at: Connected,
  login: string,
  authority: string,
  type: AccountType,
  tenantIds: readonly string[],
) {
  const tenant = await resolveTenant({ cloud: at.cloud, tenant: authority }, fetch);
  const request = newSignInRequest();
  const answer = await choose(authorizationUrl({ ...request, ...at.client, provider: tenant }), login);
  const { code } = readAuthorizationResponse(answer, request, readAuthorizationError);
  const { idToken } = await redeemCode({ ...at.client, ...tenant, code, codeVerifier: request.codeVerifier, fetch });
  const rule = issuerRuleOf(type, tenantIds);
  const keys = createKeyCache({ fetch, now });
  return (await validateIdToken(idToken, { ...at.client, tenant, rule, nonce: request.nonce, keys, now })).claims;
}

test('a person of Contoso signs in at the tenant found by domain, and the claims say who it is', async () => {
  await using at = await connect();
  const start = readStartingPoint(at.contoso.domain, at.cloud);
  assert.ok(start.ok);
  const anna = at.contoso.users.find(({ userType, accountEnabled }) => userType === 'Member' && accountEnabled);
  assert.ok(anna);
  const claims = await signIn(at, anna.userPrincipalName, start.value.tenant, 'oneTenant', [at.contoso.id]);
  const person = readClaims(claims);
  assert.deepEqual([person.tenantId, person.objectId, person.name], [at.contoso.id, anna.id, anna.displayName]);
  assert.deepEqual([person.email, person.emailVerified, person.guest], [anna.mail ?? undefined, true, false]);
  assert.ok(person.sid && person.loginHint);
});

test('§1.3: by organizations a person of another tenant is accepted or refused by the list', async () => {
  await using at = await connect('AzureADMultipleOrgs');
  const stranger = at.fabrikam.users.find(({ accountEnabled }) => accountEnabled);
  assert.ok(stranger);
  const login = stranger.userPrincipalName;
  const authority = authorityTenant('anyOrganization', []);
  const claims = await signIn(at, login, authority, 'anyOrganization', []);
  assert.equal(claims.tid, at.fabrikam.id);
  await assert.rejects(signIn(at, login, authority, 'selectedTenants', [at.contoso.id]), (error) => {
    assert.ok(error instanceof TokenRefused);
    assert.equal(error.code, 'tenantNotAllowed');
    return true;
  });
});

test('§1.7: a code is redeemed once; the second time Entra refuses it', async () => {
  await using at = await connect();
  const tenant = await resolveTenant({ cloud: at.cloud, tenant: at.contoso.id }, fetch);
  const request = newSignInRequest();
  const login = at.contoso.users.find(({ accountEnabled }) => accountEnabled)?.userPrincipalName ?? '';
  const answer = await choose(authorizationUrl({ ...request, ...at.client, provider: tenant }), login);
  const { code } = readAuthorizationResponse(answer, request, readAuthorizationError);
  const { codeVerifier } = request;
  const redeem = () => redeemCode({ ...at.client, ...tenant, code, codeVerifier, fetch, readError: readEntraError });
  await redeem();
  await assert.rejects(redeem(), { name: 'EntraError', error: 'invalid_grant', codes: [54005] });
});

test('RFC 7636: a code does not open to another verifier', async () => {
  await using at = await connect();
  const tenant = await resolveTenant({ cloud: at.cloud, tenant: at.contoso.id }, fetch);
  const request = newSignInRequest();
  const login = at.contoso.users.find(({ accountEnabled }) => accountEnabled)?.userPrincipalName ?? '';
  const { code } = readAuthorizationResponse(
    await choose(authorizationUrl({ ...request, ...at.client, provider: tenant }), login),
    request,
  );
  const { codeVerifier } = newSignInRequest();
  await assert.rejects(redeemCode({ ...at.client, ...tenant, code, codeVerifier, fetch }), { error: 'invalid_grant' });
});

test('§1.2: keys rotate twice between sign-ins of one cache, and both succeed', async () => {
  await using at = await connect();
  const tenant = await resolveTenant({ cloud: at.cloud, tenant: at.contoso.id }, fetch);
  const keys = createKeyCache({ fetch, now });
  const login = at.contoso.users.find(({ accountEnabled }) => accountEnabled)?.userPrincipalName ?? '';
  const rule = issuerRuleOf('oneTenant', [at.contoso.id]);
  for (let round = 0; round < 3; round += 1) {
    const request = newSignInRequest();
    const answer = await choose(authorizationUrl({ ...request, ...at.client, provider: tenant }), login);
    const { code } = readAuthorizationResponse(answer, request, readAuthorizationError);
    const { idToken } = await redeemCode({ ...at.client, ...tenant, code, codeVerifier: request.codeVerifier, fetch });
    await validateIdToken(idToken, { ...at.client, tenant, rule, nonce: request.nonce, keys, now });
    await control(at.entra, '/keys/rotate');
  }
});

test('a cancelled sign-in comes back as access_denied with its AADSTS code', async () => {
  await using at = await connect();
  const tenant = await resolveTenant({ cloud: at.cloud, tenant: at.contoso.id }, fetch);
  const request = newSignInRequest();
  const url = new URL(authorizationUrl({ ...request, ...at.client, provider: tenant }));
  const form = new URLSearchParams([...url.searchParams, ['cancel', '1']]);
  const answer = await fetch(url.origin + url.pathname, { method: 'POST', body: form, redirect: 'manual' });
  const { searchParams } = new URL(answer.headers.get('location') ?? '');
  assert.throws(
    () => readAuthorizationResponse(searchParams, request, readAuthorizationError),
    (error) => error instanceof EntraError && error.error === 'access_denied' && error.codes[0] === 65004,
  );
});

test('§1.12: an app token is had with the secret, and refused by code with a wrong one or an object id', async () => {
  await using at = await connect();
  const base = { cloud: at.cloud, tenant: at.contoso.id, scope: graphScope(at.cloud), fetch, now };
  const token = await requestAppToken({ ...base, ...at.client });
  assert.ok(token.expiresAt > now() + 3_000_000);
  const refusedWith = async (more: { proof?: ClientProof; clientId?: string }) => {
    const error = await requestAppToken({ ...base, ...at.client, ...more }).catch((thrown) => thrown);
    assert.ok(error instanceof EntraError, String(error));
    return error;
  };
  const wrong = await refusedWith({
    proof: { method: 'client_secret_post', secret: 'wrong~secret-0123456789' },
  });
  assert.deepEqual([wrong.httpStatus, wrong.error, wrong.codes], [401, 'invalid_client', [7000215]]);
  assert.ok(wrong.correlationId && wrong.traceId && wrong.timestamp && wrong.description);
  const objectId = await refusedWith({ clientId: at.app.id });
  assert.match(explainClientIdRefusal(objectId, at.contoso.domain)?.message ?? '', /did you copy the Object ID/);
});

test('C4: an unknown tenant and a tenant of the simulated cloud by its metadata address', async () => {
  await using at = await connect();
  const unknown = resolveTenant({ cloud: at.cloud, tenant: 'nobody.example' }, fetch);
  await assert.rejects(unknown, { name: 'DiscoveryError', code: 'unknownTenant' });
  const metadataUrl = `${at.entra.url}/${at.contoso.id}/v2.0/.well-known/openid-configuration`;
  const start = readStartingPoint(metadataUrl, at.cloud);
  assert.ok(start.ok);
  assert.deepEqual([start.value.cloud, start.value.tenant], ['simulated', at.contoso.id]);
});
