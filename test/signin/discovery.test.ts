import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type Stage, setStage } from './stage.ts';

const flows = 'provider-flows.test.ts';
const provider = 'provider.test.ts';
const attacks = 'provider-attacks.test.ts';
const clientAttacks = 'provider-attacks-clients.test.ts';

const signsIn = [
  provider,
  'a stock client signs a person in and gets who it is, in the id token and from userinfo',
] as const;
const codeOnly = [attacks, 'response types other than code are refused'] as const;
const refreshes = [
  provider,
  'offline_access brings a refresh token that rotates; a used one ends the whole grant',
] as const;
const machine = [
  flows,
  'a machine gets a token for an API, and only for what it may ask (RFC 6749 §4.4, RFC 8707 §2)',
] as const;
const device = [flows, 'a code of a device: shown, confirmed by its person, exchanged (RFC 8628 §3)'] as const;
const exchanged = [
  flows,
  'token exchange: an API goes on in the name of a person, no further than it may (RFC 8693 §2, §4.1)',
] as const;
const modes = [flows, 'id tokens are signed as the client wants them, and the answer comes as it asks for'] as const;
const keyed = [flows, 'a client proves itself by a key of its own, each assertion once (RFC 7523 §3)'] as const;
const bad = [
  clientAttacks,
  'attack: assertions: jku, x5u, jwk, alg none, HS256 with the public key, another client, another audience',
] as const;
const pushed = [
  flows,
  'a pushed request is taken once, and a client that has to push is refused without (RFC 9126 §2, §5)',
] as const;
const unasked = [clientAttacks, 'attack: a request object, or its address, is not taken from the browser'] as const;
const basic = [provider, 'client_secret_basic works as well'] as const;
const loopback = [
  flows,
  'an application on the device comes back to any port of the loopback address, after a question (RFC 8252 §7.3, §8.6)',
] as const;
const told = [
  'back-channel-logout.test.ts',
  'OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5: a signed logout token with sub, sid, jti, events, and no nonce',
] as const;
const own = [provider, 'introspection and revocation: own tokens only'] as const;
const mixUp = [clientAttacks, 'attack: mix-up: every answer names its issuer, refusals too (RFC 9207 §2)'] as const;
const prompts = [
  flows,
  'prompt=none answers without a page, max_age and prompt=login ask again, and auth_time is true',
] as const;

/** Every member of the discovery document: what it says below the issuer, and the tests that show that it is so. */
const members: Readonly<
  Record<string, readonly [said: unknown, ...shownBy: (readonly [file: string, name: string])[]]>
> = {
  issuer: ['/oidc', signsIn],
  authorization_endpoint: ['/oidc/auth', signsIn],
  token_endpoint: ['/oidc/token', signsIn],
  userinfo_endpoint: ['/oidc/me', signsIn],
  jwks_uri: ['/oidc/jwks', ['provider-keys.test.ts', 'one RS256 and one ES256 key, public halves only']],
  introspection_endpoint: ['/oidc/token/introspection', own],
  revocation_endpoint: ['/oidc/token/revocation', own],
  end_session_endpoint: [
    '/oidc/session/end',
    [provider, 'sign-out by a product ends the session here and goes back to the product'],
  ],
  device_authorization_endpoint: ['/oidc/device/auth', device],
  pushed_authorization_request_endpoint: ['/oidc/request', pushed],
  authorization_response_iss_parameter_supported: [true, mixUp],
  backchannel_logout_supported: [true, told],
  backchannel_logout_session_supported: [true, told],
  claim_types_supported: [['normal'], signsIn],
  claims_parameter_supported: [false, ['discovery.test.ts', 'what it says is off is off']],
  claims_supported: [
    [
      ...[
        'sub',
        'org_id',
        'connection',
        'tid',
        'oid',
        'acr',
        'amr',
        'name',
        'preferred_username',
        'email',
        'email_verified',
      ],
      ...['groups', 'roles', 'sid', 'auth_time', 'iss'],
    ],
    signsIn,
    prompts,
    [
      'how-proven.test.ts',
      'OpenID Connect Core §2: acr, amr and auth_time are what the provider of the connection said',
    ],
    ['groups.test.ts', 'P5: a product that asks for the scope groups gets the display names, as they are now'],
  ],
  code_challenge_methods_supported: [['S256'], [attacks, 'PKCE missing, plain, or without method: refused']],
  grant_types_supported: [
    [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:ietf:params:oauth:grant-type:token-exchange',
    ],
    signsIn,
    refreshes,
    machine,
    device,
    exchanged,
  ],
  id_token_signing_alg_values_supported: [['RS256', 'ES256'], signsIn, modes],
  request_uri_parameter_supported: [false, unasked],
  response_modes_supported: [['form_post', 'fragment', 'query'], modes],
  response_types_supported: [['code'], signsIn, codeOnly],
  scopes_supported: [['openid', 'profile', 'email', 'groups', 'roles', 'offline_access'], signsIn, refreshes],
  subject_types_supported: [['public'], signsIn],
  token_endpoint_auth_methods_supported: [
    ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    basic,
    signsIn,
    keyed,
    loopback,
  ],
  token_endpoint_auth_signing_alg_values_supported: [['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'], keyed, bad],
};

describe('the discovery document claims only what a test shows', () => {
  let stage: Stage;
  let document: Record<string, unknown>;
  before(async () => {
    stage = await setStage('sqlite');
    document = (await (await fetch(`${stage.url}/oidc/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
  });
  after(() => stage.close());

  test('it has the members of the table, and no others', () => {
    assert.deepEqual(Object.keys(document).toSorted(), Object.keys(members).toSorted());
  });

  for (const [member, [said, ...shownBy]] of Object.entries(members)) {
    test(`${member}: says so, and the tests that show it exist`, () => {
      const expected = typeof said === 'string' ? `${stage.url}${said}` : said;
      assert.deepEqual(document[member], expected);
      assert.ok(shownBy.length > 0);
      for (const [file, name] of shownBy) {
        const source = readFileSync(new URL(file, import.meta.url), 'utf8');
        assert.ok(source.includes(name), `${file} has no test "${name}"`);
      }
    });
  }

  test('RFC 8414 §3: the same document for those who look for OAuth', async () => {
    const oauth = await (await fetch(`${stage.url}/oidc/.well-known/oauth-authorization-server`)).json();
    assert.deepEqual(oauth, document);
  });

  test('what it says is off is off', async () => {
    const query = new URLSearchParams({ claims: '{"userinfo":{"name":null}}', client_id: 'x', response_type: 'code' });
    const page = await fetch(`${stage.url}/oidc/auth?${query}`, { redirect: 'manual' });
    assert.equal(page.status, 400);
    for (const path of ['/oidc/reg', '/oidc/backchannel', '/oidc/challenge', '/oidc/credential']) {
      const answer = await fetch(`${stage.url}${path}`, { method: 'POST' });
      assert.equal(answer.status, 404, path);
    }
  });
});
