import assert from 'node:assert/strict';
import test from 'node:test';
import { connect } from 'node:tls';
import type { ImapFlow, MessageStructureObject } from 'imapflow';
import { appToken, graphAs } from '../test-graph.ts';
import { exchangeToken, imapClient, type MailStage, mailApp, startMailStage } from '../test-mail-client.ts';

const mime = [
  'From: =?utf-8?Q?J=C3=B6rg?= <jorg@outside.example>',
  'To: anna@contoso.example, "Bo, Jr." <bo@contoso.example>',
  'Subject: Two parts',
  'Message-ID: <two@outside.example>',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b1"',
  '',
  'preamble',
  '--b1',
  'Content-Type: multipart/alternative; boundary=b2',
  '',
  '--b2',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hello',
  '--b2',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '<p>Hell=C3=B6</p>',
  '--b2--',
  '--b1',
  'Content-Type: text/csv; name="a.csv"',
  'Content-Disposition: attachment; filename="a.csv"',
  'Content-Transfer-Encoding: base64',
  '',
  'YSxiCg==',
  '--b1--',
  '',
].join('\r\n');

/** A connected client for Anna's mailbox. */
async function open(stage: MailStage): Promise<ImapFlow> {
  const app = await mailApp(stage, ['IMAP.AccessAsApp']);
  const client = imapClient(stage, stage.anna, await exchangeToken(stage, app));
  await client.connect();
  return client;
}

const receive = (stage: MailStage, more: Record<string, unknown> = {}): Promise<unknown> =>
  stage.control('POST', '/mail', { from: 'x@outside.example', to: stage.anna, subject: 'plain', text: 'hi', ...more });

test('imapflow reads: folders by special use, envelope, structure, parts, source byte for byte', async () => {
  await using stage = await startMailStage();
  await stage.control('POST', '/mail', { to: [stage.anna], mime: Buffer.from(mime).toString('base64') });
  const client = await open(stage);
  const folders = await client.list();
  assert.deepEqual(
    folders.flatMap(({ path, specialUse }) => (specialUse === undefined ? [] : [`${specialUse} ${path}`])).sort(),
    [
      '\\Archive Archive',
      '\\Drafts Drafts',
      '\\Inbox INBOX',
      '\\Junk Junk Email',
      '\\Sent Sent Items',
      '\\Trash Deleted Items',
    ],
  );
  const status = await client.status('INBOX', { messages: true, unseen: true });
  assert.ok(status);
  assert.deepEqual([status.messages, status.unseen], [1, 1]);
  const lock = await client.getMailboxLock('INBOX');
  const wanted = {
    uid: true,
    flags: true,
    envelope: true,
    bodyStructure: true,
    internalDate: true,
    size: true,
    source: true,
  };
  const message = await client.fetchOne('*', wanted);
  assert.ok(message);
  assert.equal(message.source?.toString(), mime);
  assert.equal(message.size, mime.length);
  assert.deepEqual([...(message.flags ?? [])], []);
  assert.deepEqual(
    [message.envelope?.subject, message.envelope?.from?.[0]?.name, message.envelope?.to?.map(({ address }) => address)],
    ['Two parts', 'Jörg', ['anna@contoso.example', 'bo@contoso.example']],
  );
  const shape = (node: MessageStructureObject | undefined): unknown =>
    node?.childNodes === undefined ? `${node?.part} ${node?.type}` : [node.type, ...node.childNodes.map(shape)];
  assert.deepEqual(shape(message.bodyStructure), [
    'multipart/mixed',
    ['multipart/alternative', '1.1 text/plain', '1.2 text/html'],
    '2 text/csv',
  ]);
  const html = await client.download('*', '1.2');
  let text = '';
  for await (const piece of html.content ?? []) text += String(piece);
  assert.equal(text, '<p>Hellö</p>');
  const parts = await client.fetchOne('*', { bodyParts: ['2.MIME'], headers: ['subject', 'message-id'] });
  assert.ok(parts);
  assert.match(String(parts.bodyParts?.get('2.mime')), /filename="a\.csv"/);
  assert.equal(parts.headers?.toString(), 'Subject: Two parts\r\nMessage-ID: <two@outside.example>\r\n\r\n');
  lock.release();
  await client.logout();
});

test('imapflow changes: flags seen by Graph, search, copy, move, append, delete', async () => {
  await using stage = await startMailStage();
  await receive(stage, { subject: 'one', text: 'needle' });
  await receive(stage, { subject: 'two' });
  const client = await open(stage);
  const reader = await mailApp(stage, ['Mail.Read']);
  const graph = graphAs(stage, await appToken(stage, reader));
  const inGraph = async (folder: string, field: string): Promise<unknown[]> =>
    (await graph('GET', `/users/${stage.anna}/mailFolders/${folder}/messages?$orderby=receivedDateTime`)).value.map(
      (message) => message[field],
    );
  const lock = await client.getMailboxLock('INBOX');
  const [first, second] = (await client.search({ all: true }, { uid: true })) || [];
  assert.ok(first !== undefined && second !== undefined && second > first);
  await client.messageFlagsAdd(String(first), ['\\Seen', '\\Flagged'], { uid: true });
  assert.deepEqual(await inGraph('inbox', 'isRead'), [true, false]);
  assert.deepEqual(await inGraph('inbox', 'flag'), [{ flagStatus: 'flagged' }, { flagStatus: 'notFlagged' }]);
  const search = async (query: Parameters<ImapFlow['search']>[0]) => client.search(query, { uid: true });
  assert.deepEqual(await search({ seen: false }), [second]);
  assert.deepEqual(await search({ subject: 'ONE' }), [first]);
  assert.deepEqual(await search({ body: 'needle' }), [first]);
  assert.deepEqual(await search({ or: [{ flagged: true }, { subject: 'two' }] }), [first, second]);
  assert.deepEqual(await search({ not: { from: 'outside.example' } }), []);
  assert.deepEqual(await search({ since: new Date(Date.now() - 86_400_000), before: new Date('2099-01-01') }), [
    first,
    second,
  ]);
  const copied = await client.messageCopy(String(first), 'Archive', { uid: true });
  assert.ok(copied);
  assert.equal(copied.uidMap?.get(first), second + 2);
  const moved = await client.messageMove(String(second), 'Deleted Items', { uid: true });
  assert.ok(moved);
  assert.ok((moved.uidMap?.get(second) ?? 0) > second);
  assert.deepEqual(await inGraph('deleteditems', 'subject'), ['two']);
  await client.messageDelete(String(first), { uid: true });
  assert.deepEqual(await search({ all: true }), []);
  lock.release();
  const appended = await client.append(
    'Drafts',
    'Subject: draft\r\n\r\nbody',
    ['\\Seen', '\\Draft'],
    new Date('2026-01-02T03:04:05Z'),
  );
  assert.ok(appended);
  assert.ok((appended.uid ?? 0) > 0);
  assert.deepEqual(
    [await inGraph('drafts', 'isDraft'), await inGraph('drafts', 'receivedDateTime')],
    [[true], ['2026-01-02T03:04:05Z']],
  );
  await client.logout();
});

test('idle: a message that comes, flags changed and a message removed elsewhere are told', async () => {
  await using stage = await startMailStage();
  await receive(stage);
  const client = await open(stage);
  const lock = await client.getMailboxLock('INBOX');
  const heard: string[] = [];
  client.on('exists', ({ count }) => heard.push(`exists ${count}`));
  client.on('expunge', ({ seq }) => heard.push(`expunge ${seq}`));
  client.on('flags', ({ flags }) => heard.push(`flags ${[...flags].join(' ')}`));
  const until = async (wanted: string) => {
    for (let turn = 0; !heard.includes(wanted); turn += 1) {
      assert.ok(turn < 200, heard.join());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const idling = client.idle();
  await receive(stage, { subject: 'second' });
  await until('exists 2');
  const writer = await mailApp(stage, ['Mail.ReadWrite']);
  const graph = graphAs(stage, await appToken(stage, writer));
  const inbox = `/users/${stage.anna}/mailFolders/inbox/messages`;
  const [, first] = (await graph('GET', inbox)).value;
  await graph('PATCH', `/users/${stage.anna}/messages/${first?.['id']}`, { isRead: true });
  await until('flags \\Seen');
  await graph('DELETE', `/users/${stage.anna}/messages/${first?.['id']}`);
  await until('expunge 1');
  await client.noop();
  await idling;
  lock.release();
  await client.logout();
});

test('folders: made with any name, renamed, deleted; the same ones as in Graph', async () => {
  await using stage = await startMailStage();
  const client = await open(stage);
  await client.mailboxCreate(['Größe & Maß', 'Tiefe']);
  const paths = async () => (await client.list()).map(({ path }) => path);
  assert.ok((await paths()).includes('Größe & Maß/Tiefe'));
  const reader = await mailApp(stage, ['Mail.Read']);
  const graph = graphAs(stage, await appToken(stage, reader));
  const top = await graph('GET', `/users/${stage.anna}/mailFolders?$top=50`);
  assert.ok(top.value.some(({ displayName }) => displayName === 'Größe & Maß'));
  await client.mailboxRename('Größe & Maß/Tiefe', 'Oben');
  await client.mailboxDelete('Größe & Maß');
  assert.deepEqual(
    (await paths()).filter((path) => /Größe|Tiefe|Oben/.test(path)),
    ['Oben'],
  );
  await assert.rejects(client.mailboxDelete('INBOX'));
  await client.logout();
});

test('through the proxy the server is outlook.office365.com:993', async () => {
  await using stage = await startMailStage();
  const app = await mailApp(stage, ['IMAP.AccessAsApp']);
  const atMicrosoft = { host: 'outlook.office365.com', port: 993, proxy: stage.url };
  const client = imapClient(stage, stage.anna, await exchangeToken(stage, app), atMicrosoft);
  await client.connect();
  assert.equal((await client.list()).length, 7);
  await client.logout();
});

/** A bare client: one command, all lines of the answer. */
async function bareClient(stage: MailStage): Promise<(command: string) => Promise<string>> {
  const socket = connect({ port: stage.imap?.port ?? 0, host: 'localhost', ca: stage.ca });
  let text = '';
  const until = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(text)) text += String(await new Promise((resolve) => socket.once('data', resolve)));
    const said = text;
    text = '';
    return said.trimEnd();
  };
  assert.match(await until(/\r\n$/), /^\* OK The Microsoft Exchange IMAP4 service is ready\. \[\S+\]$/);
  return (command) => {
    socket.write(`A1 ${command}\r\n`);
    return until(/^(A1 .*|\+.*|\* BAD .*)\r\n$/m);
  };
}

const xoauth2 = (user: string, token: string): string =>
  Buffer.from(`user=${user}\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');

test('AUTHENTICATE: NO for token, audience, permission, unknown app, IMAP off; OK and then BAD without a right', async (t) => {
  await using stage = await startMailStage();
  const { anna, bo, admin } = stage;
  const app = await mailApp(stage, ['IMAP.AccessAsApp']);
  const sender = await mailApp(stage, ['SMTP.SendAsApp']);
  const unknown = await mailApp(stage, ['IMAP.AccessAsApp', 'POP.AccessAsApp']);
  await admin('DELETE', `/service-principals/${unknown.appId}`);
  await admin('POST', '/service-principals', { appId: unknown.appId, objectId: unknown.id });
  const good = await exchangeToken(stage, app);
  const failed = 'A1 NO AUTHENTICATE failed.';
  const cases: readonly [name: string, user: string, token: string, answer: string][] = [
    ['nonsense', anna, 'nonsense', failed],
    ['a token for Graph', anna, await appToken(stage, app), failed],
    ['no IMAP.AccessAsApp', anna, await exchangeToken(stage, sender), failed],
    ['the object id of the app registration', anna, await exchangeToken(stage, unknown), failed],
    ['all is well', anna, good, 'A1 OK AUTHENTICATE completed.'],
    ['no FullAccess on the mailbox', bo, good, 'A1 OK AUTHENTICATE completed.'],
    ['no such mailbox', 'nobody@contoso.example', good, 'A1 OK AUTHENTICATE completed.'],
  ];
  for (const [name, user, token, answer] of cases) {
    await t.test(name, async () => {
      const client = await bareClient(stage);
      assert.equal(await client(`AUTHENTICATE XOAUTH2 ${xoauth2(user, token)}`), answer);
      const open = await client('SELECT INBOX');
      if (answer === failed) assert.equal(open, 'A1 BAD Command received in Invalid state.');
      else if (name === 'all is well') assert.match(open, /A1 OK \[READ-WRITE\] SELECT completed\.$/);
      else assert.equal(open, 'A1 BAD User is authenticated but not connected.');
    });
  }
  await admin('PATCH', `/cas-mailboxes/${anna}`, { imapEnabled: false });
  const client = await bareClient(stage);
  assert.equal(await client(`AUTHENTICATE XOAUTH2 ${xoauth2(anna, good)}`), failed);
});

test('RBAC has no role for IMAP: full roles without FullAccess open nothing', async () => {
  await using stage = await startMailStage();
  await stage.admin('PATCH', '/simulation', { rbacIdleMs: 0 });
  const app = await mailApp(stage, [], stage.bo);
  await stage.admin('POST', '/role-assignments', { app: app.appId, role: 'Application Exchange Full Access' });
  const client = await bareClient(stage);
  assert.equal(
    await client(`AUTHENTICATE XOAUTH2 ${xoauth2(stage.anna, await exchangeToken(stage, app))}`),
    'A1 NO AUTHENTICATE failed.',
  );
});

test('commands: without initial response, in the wrong state, unknown, malformed; partial fetch; literals', async () => {
  await using stage = await startMailStage();
  await receive(stage, { text: 'abcdef' });
  const app = await mailApp(stage, ['IMAP.AccessAsApp']);
  const client = await bareClient(stage);
  assert.match(
    await client('CAPABILITY'),
    /^\* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR .* IDLE NAMESPACE LITERAL\+/,
  );
  assert.equal(await client('LOGIN anna secret'), 'A1 NO LOGIN failed.');
  assert.equal(await client('SELECT INBOX'), 'A1 BAD Command received in Invalid state.');
  assert.equal(await client('AUTHENTICATE XOAUTH2'), '+');
  assert.equal(await client('X'), 'A1 NO AUTHENTICATE failed.');
  assert.equal(
    await client(`AUTHENTICATE XOAUTH2 ${xoauth2(stage.anna, await exchangeToken(stage, app))}`),
    'A1 OK AUTHENTICATE completed.',
  );
  assert.equal(await client('FROBNICATE'), 'A1 BAD Command Error. 12');
  assert.equal(await client('FETCH 1 FLAGS'), 'A1 BAD Command received in Invalid state.');
  assert.equal(await client('SELECT Nowhere'), "A1 NO Nowhere doesn't exist.");
  assert.match(await client('SELECT {5+}\r\nINBOX'), /^\* 1 EXISTS\r\n\* 0 RECENT\r\n\* FLAGS .*UIDVALIDITY 14/s);
  assert.equal(await client('FETCH 1 (NOTHING)'), 'A1 BAD Command Argument Error. 12');
  assert.equal(await client('FETCH x FLAGS'), 'A1 BAD Command Argument Error. 12');
  assert.match(
    await client('FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject)]<0.9>)'),
    /BODY\[HEADER\.FIELDS \(SUBJECT\)\]<0> \{9\}\r\nSubject: \)/,
  );
  assert.match(await client('FETCH 1 FLAGS'), /^\* 1 FETCH \(FLAGS \(\)\)/);
  assert.match(await client('FETCH 1 BODY[TEXT]'), /FLAGS \(\\Seen\)\)/);
  assert.match(await client('UID SEARCH 5:9 SEEN'), /^\* SEARCH\r\nA1 OK SEARCH completed\.$/);
  assert.match(await client('STATUS INBOX (MESSAGES UNSEEN)'), /^\* STATUS "INBOX" \(MESSAGES 1 UNSEEN 0\)/);
  assert.match(await client('EXAMINE INBOX'), /A1 OK \[READ-ONLY\] EXAMINE completed\.$/);
  assert.match(await client('STORE 1 +FLAGS (\\Deleted)'), /^A1 NO /);
  assert.match(
    await client('LOGOUT'),
    /^\* BYE Microsoft Exchange Server IMAP4 server signing off\.\r\nA1 OK LOGOUT completed\.$/,
  );
});
