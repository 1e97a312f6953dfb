import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsOf } from './synchronization-secrets.ts';

test('what is entered for provisioning: the flag chooses the dialect, SyncAll the scope, three keys client credentials', () => {
  const baseAddress = 'https://id.example.com/scim?aadOptscim062020';
  const token = new Map([
    ['BaseAddress', baseAddress],
    ['SecretToken', 't0k'],
  ]);
  assert.deepEqual(settingsOf(token), {
    baseAddress,
    secretToken: 't0k',
    authentication: null,
    dialect: 'aadOptscim062020',
    scope: 'assigned',
  });
  const oauth = new Map([
    ['BaseAddress', 'https://id.example.com/scim'],
    ['SyncAll', 'true'],
    ['Oauth2TokenExchangeUri', 'https://id.example.com/token'],
    ['Oauth2ClientId', 'c'],
  ]);
  assert.deepEqual([settingsOf(oauth).authentication, settingsOf(oauth).scope], [null, 'all']);
  assert.deepEqual(settingsOf(oauth.set('Oauth2ClientSecret', 's')).authentication, {
    way: 'clientCredentials',
    tokenEndpoint: 'https://id.example.com/token',
    clientId: 'c',
    clientSecret: 's',
    sentIn: 'header',
  });
});
