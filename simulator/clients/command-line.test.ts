import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type ClientSetting, makeClientSetting } from '../test-client.ts';

let setting: ClientSetting;
before(async () => {
  setting = await makeClientSetting();
});
after(() => setting.remove());

/** Why a program of the system can't be tried here; false where it can. */
const missing = (name: string, ...args: readonly string[]): string | false =>
  spawnSync(name, args).status === 0 ? false : `${name} ${args.join(' ')} does not run on this machine`;

describe('Microsoft’s command line and Python, as Debian has them', () => {
  test('az without an option but for its own folder: a secret by domain, a certificate, a federated token, a device code, a browser, a password', {
    skip: missing('sh', '-c', 'command -v az'),
  }, async () => {
    const [app, user] = [
      [true, 'servicePrincipal', true],
      [true, 'user', true],
    ];
    assert.deepEqual(await setting.run('azure-cli.ts', [process.execPath]), {
      secret: app,
      certificate: app,
      federated: app,
      deviceCode: user,
      browser: user,
      password: user,
      refused: true,
      tenant: true,
      token: 'Bearer',
      me: true,
    });
  });

  test('az as an administrator signed in by password: ad app, ad sp, permissions with the portal’s consent, users, groups, rest', {
    skip: missing('sh', '-c', 'command -v az'),
  }, async () => {
    assert.deepEqual(await setting.run('azure-cli-graph.ts', [process.execPath]), {
      registered: {
        updated: true,
        redirectUris: ['https://id.example.com/cb'],
        secret: true,
        certificates: 2,
        federated: 's',
        gone: [3, true],
      },
      consented: {
        granted: 'openid',
        consented: true,
        grants: [['openid User.Read', 'Microsoft Graph']],
        roles: [true],
      },
      directory: {
        user: 'Zoë',
        group: true,
        members: [0, 1, true],
        missing: [3, true],
        automation: true,
        instantiated: ['application', 'servicePrincipal'],
      },
    });
  });

  test('CLI for Microsoft 365 without an option: a secret, entra app, permissions, group members by an advanced query', {
    skip: missing('sh', '-c', 'command -v m365'),
  }, async () => {
    assert.deepEqual(await setting.run('microsoft365-cli.ts', [process.execPath]), {
      connected: 'string',
      found: true,
      secrets: ['Default'],
      permissions: ['Mail.Send'],
      members: true,
    });
  });

  test('MSAL for Python at an address of its own: authority, instance_discovery=False, verify', {
    skip: missing('/usr/bin/python3', '-c', 'import msal'),
  }, async () => {
    const thumbprint = new X509Certificate(setting.certificate).fingerprint.replaceAll(':', '');
    const python = ['env', `THUMBPRINT=${thumbprint}`, '/usr/bin/python3'];
    assert.deepEqual(await setting.run('msal-python.py', python), {
      secret: 'Bearer',
      chained: 'Bearer',
      device: 'Bearer',
      silent: 'Bearer',
    });
  });
});
