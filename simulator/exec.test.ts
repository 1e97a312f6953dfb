import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exec, portico, program } from './test-exec.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-exec-'));
});
after(() => rmSync(folder, { recursive: true }));

const askMicrosoft = program(`
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client_id, AZURE_CLIENT_SECRET: client_secret } = process.env;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope: 'https://graph.microsoft.com/.default' });
  const answer = await fetch('https://login.microsoftonline.com/' + tenant + '/oauth2/v2.0/token', { method: 'POST', body });
  const { access_token } = await answer.json();
  const users = await fetch('https://graph.microsoft.com/v1.0/users?$top=2', { headers: { authorization: 'Bearer ' + access_token } });
  console.log((await users.json()).value.length);
`);

describe('portico simulate exec', () => {
  test('a program gets a token and calls Graph at the real names, without an option', async () => {
    assert.deepEqual(await exec(folder, [], askMicrosoft), { code: 0, out: '2\n', err: '' });
  });

  test('its exit code is the program’s, and what can’t be started is 127', async () => {
    assert.equal((await exec(folder, [], program('process.exit(7)'))).code, 7);
    const none = await exec(folder, [], ['no-such-program']);
    assert.equal(none.code, 127);
    assert.match(none.err, /^portico simulate: no-such-program could not be started: /);
  });

  test('what does not belong to Microsoft is out of reach, and what runs on this machine is not', async () => {
    const { out } = await exec(
      folder,
      [],
      program(`
        const other = await fetch('https://example.com').then(() => 'reached', () => 'not reached');
        const control = await fetch(process.env.SIMULATED_ENTRA_URL + '/_control/tenants');
        console.log(other, control.status);`),
    );
    assert.equal(out, 'not reached 200\n');
  });

  test('--apart: in a network of its own no variable leads there, and nothing leads out', async (t) => {
    const able = spawnSync('unshare', ['-rmn', 'ip', 'link', 'set', 'lo', 'up']);
    if (able.status !== 0) return t.skip(`this machine allows no namespaces: ${able.stderr ?? able.error}`);
    assert.deepEqual(await exec(folder, ['--apart'], askMicrosoft), { code: 0, out: '2\n', err: '' });
    const { out } = await exec(
      folder,
      ['--apart'],
      program(`
        import { connect } from 'node:net';
        const outside = await new Promise((resolve) => connect(443, '192.0.2.1').on('connect', () => resolve('reached')).on('error', ({ code }) => resolve(code)));
        console.log(outside, process.env.HTTPS_PROXY);`),
    );
    assert.equal(out, 'ENETUNREACH undefined\n');
  });

  const greetings = program(`
    import { connect } from 'node:net';
    import { connect as secured } from 'node:tls';
    const first = (socket) => new Promise((resolve) => socket.once('data', (data) => resolve(String(data).split(' ', 3).join(' '))).once('error', resolve));
    const [smtp, imap] = process.argv.slice(1).map((place) => ({ host: place.split(':')[0], port: Number(place.split(':')[1]) || Number(process.env[place.split('$')[1]]) }));
    console.log(await first(connect(smtp)), await first(secured(imap)));
    process.exit();`);

  test('SMTP and IMAP are at the ports that variables name, and at Microsoft’s own names with --apart', async (t) => {
    const { out } = await exec(
      folder,
      [],
      [...greetings, 'localhost:$SIMULATED_SMTP_PORT', 'localhost:$SIMULATED_IMAP_PORT'],
    );
    const greeted = /^220 AM0PR01CA0001\.outlook\.office365\.com Microsoft \* OK The\n$/;
    assert.match(out, greeted);
    const able = spawnSync('unshare', ['-rmn', 'ip', 'link', 'set', 'lo', 'up']);
    if (able.status !== 0) return t.skip(`this machine allows no namespaces: ${able.stderr ?? able.error}`);
    const apart = await exec(
      folder,
      ['--apart'],
      [...greetings, 'smtp.office365.com:587', 'outlook.office365.com:993'],
    );
    assert.match(apart.out, greeted, apart.err);
  });

  test('misuse is exit code 2 and says what is missing', async () => {
    const run = (args: readonly string[]) =>
      spawnSync(process.execPath, [portico, 'simulate', ...args], { encoding: 'utf8' });
    const nothing = run(['exec']);
    assert.deepEqual([nothing.status, /exec needs a program to run/.test(nothing.stderr)], [2, true]);
    const alone = run(['--apart']);
    assert.deepEqual([alone.status, /--apart belongs to portico simulate exec/.test(alone.stderr)], [2, true]);
  });
});
