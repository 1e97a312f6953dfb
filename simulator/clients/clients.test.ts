import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ClientSetting, makeClientSetting } from '../test-client.ts';

let setting: ClientSetting;
before(async () => {
  setting = await makeClientSetting();
});
after(() => setting.remove());

const run = (name: string): Promise<unknown> => setting.run(`${name}.ts`, [process.execPath]);

describe('Microsoft’s own libraries, unmodified and without an option, take the simulator for Microsoft', () => {
  test('@azure/msal-node: a secret, the second token from its cache; a wrong one is AADSTS7000215', async () => {
    const refused = ['invalid_client', 7000215];
    assert.deepEqual(await run('msal-node-secret'), {
      audience: 'https://graph.microsoft.com',
      secondFromCache: true,
      refused,
    });
  });

  test('@azure/msal-node: a certificate', async () => {
    assert.deepEqual(await run('msal-node-certificate'), { own: true });
  });

  test('@azure/msal-node: a code with PKCE and nonce, then silently by its refresh token', async () => {
    assert.deepEqual(await run('msal-node-code'), { own: true, refreshed: true, scope: 'openid profile User.Read' });
  });

  test('@azure/msal-node: a device code, by the short name of the grant; declined; public client flows off', async () => {
    assert.deepEqual(await run('msal-node-device-code'), {
      own: true,
      scope: 'openid profile User.Read',
      declined: ['post_request_failed', 'authorization_declined'],
      closed: ['post_request_failed', 'invalid_client'],
    });
  });

  test('@azure/msal-node: user name and password; a wrong one is AADSTS50126', async () => {
    assert.deepEqual(await run('msal-node-password'), { own: true, wrong: ['invalid_grant', 50126] });
  });

  test('@azure/identity: a device code', async () => {
    assert.deepEqual(await run('identity-device-code'), { own: true, scope: 'openid profile User.Read' });
  });

  test('@azure/msal-node, @azure/identity: on behalf of a user, once he consented to what the API may do', async () => {
    assert.deepEqual(await run('on-behalf-of'), {
      refused: ['invalid_grant', 'consent_required'],
      tokens: [
        [true, true],
        [true, true],
      ],
    });
  });

  test('@azure/identity: the environment, a secret, a certificate file, an assertion', async () => {
    assert.deepEqual(await run('azure-identity'), {
      environment: true,
      secret: true,
      certificate: true,
      assertion: true,
    });
  });

  test('@microsoft/microsoft-graph-client: all pages of the users, and Graph’s error where there is nobody', async () => {
    assert.deepEqual(await run('graph-client'), { users: 7, missing: [404, 'Request_ResourceNotFound'] });
  });
});

describe('libraries that are not Microsoft’s', () => {
  test('openid-client: code with PKCE, userinfo, refresh, a certificate, a device code; PrivateKeyJwt needs modifyAssertion', async () => {
    assert.deepEqual(await run('openid-client'), {
      issuer: true,
      email: true,
      refreshed: true,
      daemon: '2',
      device: true,
    });
  });
});
