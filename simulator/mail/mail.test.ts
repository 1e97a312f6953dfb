import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { type Graph, graphAs, openGraph } from '../test-graph.ts';
import { authorizeUrl, callback, readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';

const everything = ['Mail.Send', 'Mail.ReadWrite'];

/** What an address has, as the control API sees it: folder, subject, id. */
async function held(entra: TestEntra, address: unknown): Promise<Record<string, unknown>[]> {
  const { value } = await entra.control('GET', `/mail?address=${encodeURIComponent(String(address))}`);
  assert.ok(Array.isArray(value));
  return value.map((item) => readObject(JSON.stringify(item)));
}

const to = (...addresses: unknown[]): unknown => addresses.map((address) => ({ emailAddress: { address } }));

type Stage = { readonly entra: TestEntra; readonly graph: Graph; readonly anna: string; readonly bo: string };

async function stage(entra: TestEntra, permissions: readonly string[] = everything): Promise<Stage> {
  const [anna, bo] = entra.contoso.users.map((user) => user.mail);
  return { entra, graph: await openGraph(entra, permissions), anna: String(anna), bo: String(bo) };
}

test('sendMail: 202 without body, a copy in Sent Items, delivered inside, across tenants and outside', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  const neighbour = entra.fabrikam.users[0]?.mail;
  const message = {
    subject: 'Hello',
    body: { contentType: 'HTML', content: '<p>Hi</p>' },
    toRecipients: to(bo, neighbour),
    ccRecipients: to('someone@elsewhere.example'),
    bccRecipients: to('hidden@elsewhere.example'),
    internetMessageHeaders: [{ name: 'x-trace', value: '1' }],
  };
  const reply = await graph('POST', `/users/${anna}/sendMail`, { message });
  assert.equal(reply.status, 202);
  assert.equal(reply.text, '');
  const [sent] = await held(entra, anna);
  assert.equal(sent?.['folder'], 'Sent Items');
  for (const address of [bo, neighbour]) {
    const [received, ...more] = await held(entra, address);
    assert.equal(more.length, 0);
    assert.equal(received?.['folder'], 'Inbox');
    assert.equal(received?.['internetMessageId'], sent?.['internetMessageId']);
    assert.equal(received?.['from'], anna);
    assert.equal(JSON.stringify(received).includes('hidden@'), false);
    assert.match(JSON.stringify(received['headers']), /"x-trace"/);
  }
  assert.equal((await held(entra, 'someone@elsewhere.example'))[0]?.['folder'], 'Outside');
  assert.equal((await held(entra, 'hidden@elsewhere.example')).length, 1);
});

test('sendMail: saveToSentItems false leaves no copy', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  await graph('POST', `/users/${anna}/sendMail`, { message: { toRecipients: to(bo) }, saveToSentItems: false });
  assert.equal((await held(entra, anna)).length, 0);
});

test('sendMail is not idempotent: twice the same is two messages', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  const mime = Buffer.from(`From: ${anna}\r\nTo: ${bo}\r\nMessage-ID: <same@portico.example>\r\n\r\nx`);
  await graph('POST', `/users/${anna}/sendMail`, mime);
  await graph('POST', `/users/${anna}/sendMail`, mime);
  assert.equal((await held(entra, bo)).length, 2);
});

test('draft by MIME: the own Message-ID is kept, found by $filter in Drafts, then in Sent Items after /send', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  const mime = Buffer.from(
    `From: ${anna}\r\nTo: ${bo}\r\nSubject: Draft\r\nMessage-ID: <d-1@portico.example>\r\n\r\nx`,
  );
  const prefer = { prefer: 'IdType="ImmutableId"' };
  const draft = await graph('POST', `/users/${anna}/messages`, mime, prefer);
  assert.equal(draft.status, 201);
  assert.equal(draft.headers.get('preference-applied'), 'IdType="ImmutableId"');
  assert.equal(draft.body['internetMessageId'], '<d-1@portico.example>');
  assert.equal(draft.body['isDraft'], true);
  const filter = `$filter=${encodeURIComponent("internetMessageId eq '<d-1@portico.example>'")}&$select=id`;
  const found = async (folder: string, headers = prefer): Promise<unknown[]> =>
    (await graph('GET', `/users/${anna}/mailFolders/${folder}/messages?${filter}`, undefined, headers)).value.map(
      (item) => item['id'],
    );
  assert.deepEqual(await found('drafts'), [draft.body['id']]);
  assert.deepEqual(await found('sentitems'), []);
  const [changing] = await found('drafts', { prefer: '' });

  const sent = await graph('POST', `/users/${anna}/messages/${draft.body['id']}/send`);
  assert.equal(sent.status, 202);
  assert.deepEqual(await found('drafts'), []);
  assert.deepEqual(await found('sentitems'), [draft.body['id']], 'the immutable id survives the move');
  assert.notDeepEqual(await found('sentitems', { prefer: '' }), [changing], 'the other one does not');
  assert.equal((await held(entra, bo)).length, 1);
  assert.equal((await graph('POST', `/users/${anna}/messages/${draft.body['id']}/send`)).status, 400);
  assert.equal((await held(entra, bo)).length, 1);
});

test('draft by JSON: internetMessageId of one’s own, changed while a draft, attachments added', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  const draft = await graph('POST', `/users/${anna}/messages`, {
    subject: 'One',
    internetMessageId: '<j-1@portico.example>',
    toRecipients: to(bo),
  });
  const path = `/users/${anna}/messages/${draft.body['id']}`;
  const changed = await graph('PATCH', path, { subject: 'Two' });
  assert.equal(changed.body['subject'], 'Two');
  assert.equal(changed.body['internetMessageId'], '<j-1@portico.example>');
  const attachment = {
    '@odata.type': '#microsoft.graph.fileAttachment',
    name: 'a.txt',
    contentType: 'text/plain',
    contentBytes: 'SGk=',
  };
  assert.equal((await graph('POST', `${path}/attachments`, attachment)).status, 201);
  await graph('POST', `${path}/send`);
  const inbox = await graph('GET', `/users/${bo}/mailFolders/inbox/messages`);
  assert.equal(inbox.value[0]?.['hasAttachments'], true);
  const list = await graph('GET', `/users/${bo}/messages/${inbox.value[0]?.['id']}/attachments`);
  assert.equal(list.value[0]?.['contentBytes'], 'SGk=');
  const source = await graph('GET', `/users/${bo}/messages/${inbox.value[0]?.['id']}/$value`);
  assert.match(source.text, /^Message-ID: <j-1@portico\.example>\r$/m);
});

test('mail: refusals', async (t) => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  const readOnly = await openGraph(entra, ['Mail.Read']);
  const guest = entra.contoso.users.find((user) => user.userType === 'Guest');
  const ok = { message: { toRecipients: to(bo) } };
  const cases: readonly [name: string, reply: () => ReturnType<Graph>, status: number, code: string][] = [
    ['no Mail.Send', () => readOnly('POST', `/users/${anna}/sendMail`, ok), 403, 'ErrorAccessDenied'],
    ['no Mail.ReadWrite', () => readOnly('POST', `/users/${anna}/messages`, {}), 403, 'ErrorAccessDenied'],
    ['unknown user', () => graph('POST', '/users/nobody@contoso.example/sendMail', ok), 404, 'ErrorInvalidUser'],
    [
      'user without mailbox',
      () => graph('POST', `/users/${guest?.id}/sendMail`, ok),
      404,
      'MailboxNotEnabledForRESTAPI',
    ],
    [
      'From of somebody else',
      () =>
        graph('POST', `/users/${anna}/sendMail`, {
          message: { ...ok.message, from: { emailAddress: { address: bo } } },
        }),
      403,
      'ErrorSendAsDenied',
    ],
    ['no recipient', () => graph('POST', `/users/${anna}/sendMail`, { message: {} }), 400, 'ErrorInvalidRecipients'],
    [
      'own header without x-',
      () =>
        graph('POST', `/users/${anna}/sendMail`, {
          message: { ...ok.message, internetMessageHeaders: [{ name: 'Auto-Submitted', value: 'x' }] },
        }),
      400,
      'RequestBodyRead',
    ],
    [
      'unknown property',
      () => graph('POST', `/users/${anna}/sendMail`, { message: { subjekt: 'x' } }),
      400,
      'RequestBodyRead',
    ],
    [
      'bad base64',
      () => graph('POST', `/users/${anna}/messages`, '!!', { 'content-type': 'text/plain' }),
      400,
      'ErrorMimeContentInvalidBase64String',
    ],
    ['unknown folder', () => graph('GET', `/users/${anna}/mailFolders/nope/messages`), 404, 'ErrorItemNotFound'],
    ['unknown message', () => graph('GET', `/users/${anna}/messages/nope`), 404, 'ErrorItemNotFound'],
  ];
  for (const [name, call, status, code] of cases) {
    await t.test(`${name}: ${code}`, async () => {
      const reply = await call();
      assert.equal(reply.code, code);
      assert.equal(reply.status, status);
    });
  }
  assert.equal((await held(entra, bo)).length, 0);
});

test('from 2026-12-31 changing a message that is no draft needs Mail-Advanced.ReadWrite.All; the read flag does not', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  await entra.control('POST', '/clock', { now: '2026-12-30T12:00:00Z' });
  const { anna } = await stage(entra);
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject: 'old' });
  const before = await openGraph(entra, everything);
  const { value } = await before('GET', `/users/${anna}/messages`);
  const path = `/users/${anna}/messages/${value[0]?.['id']}`;
  assert.equal((await before('PATCH', path, { subject: 'new' })).status, 200);
  await entra.control('POST', '/clock', { now: '2026-12-31T00:00:01Z' });
  const graph = await openGraph(entra, everything);
  assert.equal((await graph('PATCH', path, { subject: 'newer' })).code, 'ErrorAccessDenied');
  assert.equal((await graph('PATCH', path, { isRead: true })).status, 200);
  const advanced = await openGraph(entra, [...everything, 'Mail-Advanced.ReadWrite.All']);
  assert.equal((await advanced('PATCH', path, { subject: 'newer' })).status, 200);
});

test('a reply shares the conversation; internetMessageHeaders come when selected', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  await graph(
    'POST',
    `/users/${anna}/sendMail`,
    Buffer.from(`From: ${anna}\r\nTo: ${bo}\r\nMessage-ID: <q@x.example>\r\n\r\nquestion`),
  );
  await entra.control('POST', '/mail', {
    from: 'B <b@outside.example>',
    to: anna,
    subject: 'Re',
    text: 'a',
    headers: { 'In-Reply-To': '<q@x.example>', 'Auto-Submitted': 'auto-replied' },
  });
  const { value } = await graph('GET', `/users/${anna}/messages?$select=conversationId,subject,internetMessageHeaders`);
  assert.equal(value.length, 2);
  assert.equal(value[0]?.['conversationId'], value[1]?.['conversationId']);
  assert.match(JSON.stringify(value[0]), /"name":"Auto-Submitted","value":"auto-replied"/);
  assert.equal('internetMessageHeaders' in ((await graph('GET', `/users/${anna}/messages`)).value[0] ?? {}), false);
});

test('control mail: bad input names the field, unknown recipients are 404', async (t) => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const cases: readonly [body: unknown, message: RegExp][] = [
    [{ from: 'x@o.example', to: 'nobody@contoso.example' }, /404 .*nobody@contoso\.example/],
    [{ from: 'nonsense', to: 'a@b.example' }, /400 /],
    [{ to: 'a@b.example' }, /400 /],
  ];
  for (const [body, message] of cases) {
    await t.test(JSON.stringify(body), () => assert.rejects(entra.control('POST', '/mail', body), message));
  }
});

test('a delegated token opens the signed-in user’s own mailbox and no other', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const app = await entra.register();
  const [anna, bo] = entra.contoso.users;
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid Mail.Read' });
  const location = await openBrowser().signIn(url, `${anna?.userPrincipalName}`);
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code: `${location.searchParams.get('code')}`,
  });
  const graph = graphAs(entra, String(body['access_token']));
  assert.equal((await graph('GET', '/me/messages')).status, 200);
  assert.equal((await graph('GET', `/users/${anna?.id}/messages`)).status, 200);
  assert.equal((await graph('GET', `/users/${bo?.id}/messages`)).code, 'ErrorAccessDenied');
});
