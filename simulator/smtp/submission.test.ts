import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import test from 'node:test';
import { connect as secured } from 'node:tls';
import { createTransport } from 'nodemailer';
import { advance } from '../test-exchange.ts';
import { appToken, graphAs } from '../test-graph.ts';
import { exchangeToken, type MailStage, mailApp, smtpClient, startMailStage } from '../test-mail-client.ts';

type Mail = Record<string, unknown>;

async function held(stage: MailStage, address: string): Promise<Mail[]> {
  const { value } = await stage.control('GET', `/mail?address=${encodeURIComponent(address)}`);
  return value as Mail[];
}

/** What nodemailer is answered: the line of the server. */
async function refusal(sending: Promise<unknown>): Promise<string> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof Error && 'response' in error, String(error));
    return String(error.response);
  }
  return 'sent';
}

const note = (from: string, to: string | string[]) => ({ from, to, subject: 'Hello', text: 'Hi\n.\n..dots' });

/** A bare client: sends lines, gives each answer whole. */
async function bareClient(stage: MailStage, useTls: boolean): Promise<(line: string) => Promise<string>> {
  const read = (socket: Socket) => async (line: string) => {
    if (line !== '') socket.write(`${line}\r\n`);
    let text = '';
    for (;;) {
      text += String(await new Promise((resolve) => socket.once('data', resolve)));
      if (/^\d{3} .*\r\n$/m.test(text)) return text.trimEnd();
    }
  };
  const socket = connect(stage.smtp?.port ?? 0, '127.0.0.1');
  const plain = read(socket);
  assert.match(await plain(''), /^220 \S+ Microsoft ESMTP MAIL Service ready at /);
  if (!useTls) return plain;
  await plain('EHLO test');
  assert.match(await plain('STARTTLS'), /^220 2\.0\.0 /);
  const tls = secured({ socket, servername: 'localhost', ca: stage.ca });
  await new Promise((resolve) => tls.once('secureConnect', resolve));
  return read(tls);
}

test('nodemailer sends by XOAUTH2: delivered to the envelope, a copy in Sent Items, dots and Bcc as they should be', async () => {
  await using stage = await startMailStage();
  const { anna, bo } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const client = smtpClient(stage, anna, await exchangeToken(stage, app));
  const sent = await client.sendMail({ ...note(anna, [bo, 'x@outside.example']), bcc: 'hidden@outside.example' });
  assert.match(sent.response, /^250 2\.0\.0 OK <.+> \[Hostname=/);
  const [received] = await held(stage, bo);
  assert.equal(received?.['folder'], 'Inbox');
  assert.deepEqual(received?.['body'], { contentType: 'text', content: 'Hi\r\n.\r\n..dots\r\n' });
  assert.equal((await held(stage, 'hidden@outside.example')).length, 1);
  assert.equal(JSON.stringify(received).includes('hidden@'), false);
  assert.deepEqual(
    (await held(stage, anna)).map(({ folder }) => folder),
    ['Sent Items'],
  );
});

test('through the proxy the server is smtp.office365.com:587', async () => {
  await using stage = await startMailStage();
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const accessToken = await exchangeToken(stage, app);
  const atMicrosoft = { host: 'smtp.office365.com', port: 587, proxy: stage.url };
  const client = smtpClient(stage, stage.anna, accessToken, atMicrosoft);
  assert.match((await client.sendMail(note(stage.anna, stage.bo))).response, /^250 2\.0\.0 OK/);
});

test('535 5.7.3 for each of its reasons: audience, unknown app, wrong object id, no right, no such mailbox', async (t) => {
  await using stage = await startMailStage();
  const { anna, bo, admin } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const unknown = await mailApp(stage, ['SMTP.SendAsApp', 'IMAP.AccessAsApp']);
  await admin('DELETE', `/service-principals/${unknown.appId}`);
  await admin('POST', '/service-principals', { appId: unknown.appId, objectId: unknown.id });
  const good = await exchangeToken(stage, app);
  const cases: readonly [name: string, user: string, token: string][] = [
    ['a token for Graph', anna, await appToken(stage, app)],
    ['no token', anna, 'nonsense'],
    ['the object id of the app registration', anna, await exchangeToken(stage, unknown)],
    ['no right on the mailbox', bo, good],
    ['no such mailbox', 'nobody@contoso.example', good],
  ];
  for (const [name, user, token] of cases) {
    await t.test(name, async () => {
      const line = await refusal(smtpClient(stage, user, token).sendMail(note(user, bo)));
      assert.match(line, /^535 5\.7\.3 Authentication unsuccessful \[\S+ \S+Z \S+\]$/);
    });
  }
});

test('RBAC: no permission in Entra and the role Application SMTP.SendAsApp; a token with the claim asks the old way', async () => {
  await using stage = await startMailStage();
  const { anna, bo, admin } = stage;
  await admin('PATCH', '/simulation', { rbacIdleMs: 0 });
  const app = await mailApp(stage, [], undefined as never);
  await admin('DELETE', `/mailboxes/${anna}/permissions/${app.enterpriseId}`).catch(() => undefined);
  await admin('POST', '/role-assignments', { app: app.appId, role: 'Application SMTP.SendAsApp' });
  const send = async (as: typeof app) =>
    refusal(smtpClient(stage, anna, await exchangeToken(stage, as)).sendMail(note(anna, bo)));
  assert.equal(await send(app), 'sent');
  const claiming = await mailApp(stage, ['SMTP.SendAsApp'], bo);
  await admin('POST', '/role-assignments', { name: 'second', app: claiming.appId, role: 'Application SMTP.SendAsApp' });
  assert.match(await send(claiming), /^535 5\.7\.3 /);
});

test('SMTP AUTH off: for the tenant, as new tenants have it, and the mailbox’s own setting beats it', async () => {
  await using stage = await startMailStage();
  const { anna, bo, admin } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const send = async () => refusal(smtpClient(stage, anna, await exchangeToken(stage, app)).sendMail(note(anna, bo)));
  await admin('PATCH', '/transport-config', { smtpClientAuthenticationDisabled: true });
  assert.match(
    await send(),
    /^535 5\.7\.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant\. Visit https:\/\/aka\.ms\/smtp_auth_disabled/,
  );
  await admin('PATCH', `/cas-mailboxes/${anna}`, { smtpClientAuthenticationDisabled: false });
  assert.equal(await send(), 'sent');
  await admin('PATCH', '/transport-config', { smtpClientAuthenticationDisabled: false });
  await admin('PATCH', `/cas-mailboxes/${anna}`, { smtpClientAuthenticationDisabled: true });
  assert.match(await send(), /disabled for the Mailbox/);
});

test('a password is refused: by security defaults, and from 2026-12-31 on as 550 5.7.30', async () => {
  await using stage = await startMailStage();
  await stage.control('POST', '/clock', { now: '2026-12-30T00:00:00Z' });
  const client = createTransport({
    host: 'localhost',
    port: stage.smtp?.port ?? 0,
    tls: { ca: stage.ca },
    auth: { user: stage.anna, pass: 'secret' },
  });
  assert.match(await refusal(client.sendMail(note(stage.anna, stage.bo))), /^535 5\.7\.139 .*security defaults policy/);
  await stage.control('POST', '/clock', { now: '2026-12-31T00:00:00Z' });
  assert.equal(
    await refusal(client.sendMail(note(stage.anna, stage.bo))),
    '550 5.7.30 Basic authentication is not supported for Client Submission.',
  );
});

test('From: 554 5.2.252 for another mailbox, in the envelope or the header, until SendAs is given', async () => {
  await using stage = await startMailStage();
  const { anna, bo, admin } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const client = smtpClient(stage, anna, await exchangeToken(stage, app));
  const other = () => refusal(client.sendMail(note(bo, 'x@outside.example')));
  const header = () =>
    refusal(client.sendMail({ ...note(bo, 'x@outside.example'), envelope: { from: anna, to: 'x@outside.example' } }));
  for (const send of [other, header])
    assert.match(await send(), /^554 5\.2\.252 SendAsDenied; .* not allowed to send as /);
  await admin('POST', `/mailboxes/${bo}/recipient-permissions`, {
    trustee: app.enterpriseId,
    accessRights: ['SendAs'],
  });
  for (const send of [other, header]) assert.equal(await send(), 'sent');
});

test('the fourth connection at once is told 432 4.3.2 when it sends; one that ends makes room', async () => {
  await using stage = await startMailStage();
  const { anna } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const token = Buffer.from(`user=${anna}\u0001auth=Bearer ${await exchangeToken(stage, app)}\u0001\u0001`).toString(
    'base64',
  );
  const clients = [];
  for (let place = 0; place < 4; place += 1) {
    const client = await bareClient(stage, true);
    await client('EHLO test');
    assert.equal(await client(`AUTH XOAUTH2 ${token}`), '235 2.7.0 Authentication successful');
    clients.push(client);
  }
  const send = async (client: (line: string) => Promise<string>) => {
    await client(`MAIL FROM:<${anna}>`);
    await client('RCPT TO:<x@outside.example>');
    await client('DATA');
    return client('Subject: s\r\n\r\nbody\r\n.');
  };
  const [first, , , fourth] = clients;
  assert.ok(first && fourth);
  assert.match(await send(first), /^250 /);
  assert.match(
    await send(fourth),
    /^432 4\.3\.2 Concurrent connections limit exceeded\. Visit https:\/\/aka\.ms\/concurrent_sending/,
  );
  assert.match(await first('QUIT'), /^221 2\.0\.0 /);
  for (let turn = 0; !(await send(fourth)).startsWith('250 '); turn += 1) assert.ok(turn < 100);
});

test('30 messages a minute: what is more is accepted, and arrives in the minutes that follow', async () => {
  await using stage = await startMailStage({ now: () => Date.UTC(2026, 10, 21) });
  const { anna, bo } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const client = createTransport({
    host: 'localhost',
    port: stage.smtp?.port ?? 0,
    tls: { ca: stage.ca },
    pool: true,
    maxConnections: 1,
    auth: { type: 'OAuth2', user: anna, accessToken: await exchangeToken(stage, app) },
  });
  for (let sent = 0; sent < 32; sent += 1) await client.sendMail(note(anna, bo));
  client.close();
  assert.equal((await held(stage, bo)).length, 30);
  await advance(stage, 1);
  for (let turn = 0; (await held(stage, bo)).length < 32; turn += 1) assert.ok(turn < 500);
});

test('commands out of order, in clear, malformed: Exchange’s answers', async () => {
  await using stage = await startMailStage();
  const app = await mailApp(stage, ['SMTP.SendAsApp']);
  const token = `user=${stage.anna}\u0001auth=Bearer ${await exchangeToken(stage, app)}\u0001\u0001`;
  const plain = await bareClient(stage, false);
  assert.match(await plain('MAIL FROM:<a@b.example>'), /^503 5\.5\.2 Send hello first/);
  assert.match(await plain('EHLO'), /^501 5\.5\.4 /);
  const offered = await plain('EHLO test');
  assert.match(offered, /^250-STARTTLS\r$/m);
  assert.doesNotMatch(offered, /AUTH/);
  assert.match(await plain('AUTH XOAUTH2'), /^504 5\.7\.4 /);
  assert.match(await plain('MAIL FROM:<a@b.example>'), /^530 5\.7\.57 Client not authenticated to send mail\./);
  assert.match(await plain('VRFY x'), /^500 5\.3\.3 Unrecognized command/);
  const client = await bareClient(stage, true);
  assert.match(await client('EHLO test'), /^250-AUTH LOGIN XOAUTH2\r$/m);
  assert.equal(await client('AUTH XOAUTH2'), '334');
  assert.match(await client('*'), /^501 5\.7\.0 /);
  assert.equal(await client('AUTH XOAUTH2'), '334');
  assert.match(await client(Buffer.from(token).toString('base64')), /^235 2\.7\.0 /);
  assert.match(await client('AUTH LOGIN'), /^503 5\.5\.1 /);
  assert.match(await client('RCPT TO:<x@outside.example>'), /^503 5\.5\.2 Need mail command/);
  assert.match(await client('MAIL FROM:nobody'), /^501 5\.5\.4 /);
  assert.match(await client(`MAIL FROM:<${stage.anna}> SIZE=157286401`), /^552 5\.3\.4 /);
  assert.match(await client(`MAIL FROM:<${stage.anna}> SIZE=100 BODY=8BITMIME`), /^250 2\.1\.0 Sender OK/);
  assert.match(await client('DATA'), /^503 5\.5\.2 Need rcpt command/);
  assert.match(await client('RCPT TO:<nonsense>'), /^501 5\.1\.3 /);
  assert.match(await client('RCPT TO:<x@outside.example>'), /^250 2\.1\.5 Recipient OK/);
  assert.match(await client('BDAT 12\r\nSubject: s'), /^250 2\.0\.0 /);
  assert.match(await client('BDAT 6 LAST\r\n\r\nbody'), /^250 2\.0\.0 OK/);
  assert.equal((await held(stage, 'x@outside.example'))[0]?.['subject'], 's');
});

test('recipients of a message, and a day’s: 452 4.5.3, 554 5.2.0', async () => {
  await using stage = await startMailStage({ now: () => Date.UTC(2026, 10, 21) });
  const { anna, admin } = stage;
  const app = await mailApp(stage, ['SMTP.SendAsApp', 'Mail.Send']);
  await admin('PATCH', `/mailboxes/${anna}`, { recipientLimits: 1000 });
  const people = Array.from({ length: 1000 }, (_, place) => ({ emailAddress: { address: `p${place}@o.example` } }));
  const graph = graphAs(stage, await appToken(stage, app));
  for (let sent = 0; sent < 10; sent += 1)
    await graph('POST', `/users/${anna}/sendMail`, { message: { toRecipients: people }, saveToSentItems: false });
  await admin('PATCH', `/mailboxes/${anna}`, { recipientLimits: 1 });
  const client = smtpClient(stage, anna, await exchangeToken(stage, app));
  assert.match(
    await refusal(client.sendMail(note(anna, 'x@outside.example'))),
    /^554 5\.2\.0 STOREDRV\.Submission\.Exception:SubmissionQuotaExceededException/,
  );
  const info = await client.sendMail(note(anna, ['a@o.example', 'b@o.example'])).catch((error: unknown) => error);
  assert.match(JSON.stringify(info), /452 4\.5\.3 Too many recipients|554 5\.2\.0/);
});
