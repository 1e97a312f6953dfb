import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, type Said, type SeenRequest } from '../../test/entra/local-tenant.ts';
import { graph } from './graph.ts';
import { GraphError } from './graph-error.ts';
import {
  createDraftMime,
  findByInternetMessageId,
  inboxDelta,
  isDeltaLost,
  readMime,
  sendDraft,
  sendMail,
} from './graph-mail.ts';

const mailbox = 'orders@contoso.example';
const mime = 'Message-ID: <a.1@portico.example>\r\nSubject: Grüße\r\n\r\nHallo\r\n';
const message = (id: string, more: object = {}) => ({
  id,
  internetMessageId: `<${id}@x.example>`,
  isDraft: false,
  subject: 'Hello',
  from: { emailAddress: { name: 'Bob', address: 'bob@x.example' } },
  toRecipients: [{ emailAddress: { address: mailbox } }],
  receivedDateTime: '2026-11-20T12:00:00Z',
  hasAttachments: true,
  ...more,
});

async function mailServer(answer: (request: SeenRequest, origin: string) => Said) {
  const server = await listen((request) => answer(request, server.url));
  const at = graph({ cloud: { graphOrigin: server.url }, token: async () => 'at-1', fetch, now: Date.now });
  return { server, at, [Symbol.asyncDispose]: server.close };
}

test('§3.2: a draft is made from MIME as base64 text and comes back with an immutable id', async () => {
  await using mail = await mailServer(() => ({ status: 201, json: message('d1', { isDraft: true }) }));
  const draft = await createDraftMime(mail.at, mailbox, mime);
  assert.deepEqual([draft.id, draft.isDraft, draft.internetMessageId], ['d1', true, '<d1@x.example>']);
  const [seen] = mail.server.seen;
  assert.deepEqual([seen?.method, seen?.path], ['POST', `/v1.0/users/${mailbox}/messages`]);
  assert.equal(seen?.headers['content-type'], 'text/plain');
  assert.equal(seen?.headers['prefer'], 'IdType="ImmutableId"');
  assert.equal(Buffer.from(seen?.body ?? '', 'base64').toString(), mime);
});

test('§3.2: a draft is sent by its id; 202 without a body is success', async () => {
  await using mail = await mailServer(() => ({ status: 202 }));
  await sendDraft(mail.at, mailbox, 'AAk/+=');
  assert.equal(mail.server.seen[0]?.path, `/v1.0/users/${mailbox}/messages/AAk/+=/send`);
});

test('§3.2: sendMail posts the MIME once', async () => {
  await using mail = await mailServer(() => ({ status: 202 }));
  await sendMail(mail.at, mailbox, Buffer.from(mime));
  const [seen] = mail.server.seen;
  assert.equal(seen?.path, `/v1.0/users/${mailbox}/sendMail`);
  assert.equal(Buffer.from(seen?.body ?? '', 'base64').toString(), mime);
});

test('a message is looked for by its Message-ID in one folder, quotes doubled', async () => {
  await using mail = await mailServer(({ query }) => ({
    json: { value: query.get('$filter')?.includes("o''b") ? [message('m1')] : [] },
  }));
  assert.equal((await findByInternetMessageId(mail.at, mailbox, 'sentitems', "<o'b@x.example>"))?.id, 'm1');
  assert.equal(await findByInternetMessageId(mail.at, mailbox, 'drafts', '<other@x.example>'), undefined);
  const [first, second] = mail.server.seen;
  assert.equal(first?.path, `/v1.0/users/${mailbox}/mailFolders/sentitems/messages`);
  assert.equal(first?.query.get('$filter'), "internetMessageId eq '<o''b@x.example>'");
  assert.equal(second?.path, `/v1.0/users/${mailbox}/mailFolders/drafts/messages`);
});

test('§3.2: a delta round goes over its pages by their links, and hands out the last link', async () => {
  await using mail = await mailServer(({ query }, origin) => {
    const base = `${origin}/v1.0/users/${mailbox}/mailFolders/inbox/messages/delta`;
    if (query.get('$skiptoken') === '1') {
      const value = [message('m2'), { id: 'gone', '@removed': { reason: 'deleted' } }];
      return { json: { value, '@odata.deltaLink': `${base}?$deltatoken=9` } };
    }
    return { json: { value: [message('m1')], '@odata.nextLink': `${base}?$skiptoken=1` } };
  });
  const first = await inboxDelta(mail.at, mailbox, { pageSize: 10 });
  assert.deepEqual(first.messages, [
    {
      id: 'm1',
      internetMessageId: '<m1@x.example>',
      isDraft: false,
      subject: 'Hello',
      from: 'bob@x.example',
      to: [mailbox],
      receivedAt: '2026-11-20T12:00:00Z',
      sentAt: undefined,
      hasAttachments: true,
    },
  ]);
  const second = await inboxDelta(mail.at, mailbox, { link: first.nextLink });
  assert.deepEqual(
    [second.messages.map(({ id }) => id), second.removed, second.nextLink],
    [['m2'], ['gone'], undefined],
  );
  assert.match(second.deltaLink ?? '', /deltatoken=9$/);
  assert.equal(mail.server.seen[0]?.headers['prefer'], 'IdType="ImmutableId", odata.maxpagesize=10');
  assert.equal(mail.server.seen[1]?.headers['prefer'], 'IdType="ImmutableId", odata.maxpagesize=50');
});

test('a delta page without a link is an error, so that no round is taken for finished', async () => {
  await using mail = await mailServer(() => ({ json: { value: [] } }));
  await assert.rejects(inboxDelta(mail.at, mailbox), { code: 'unreadable' });
});

test('§3.2: a lost delta link is told apart from other refusals', () => {
  const error = (status: number, code: string) => new GraphError({ status, code, message: '' });
  assert.deepEqual(
    [error(410, 'x'), error(400, 'SyncStateNotFound'), error(404, 'ErrorItemNotFound'), new Error('x')].map(
      isDeltaLost,
    ),
    [true, true, false, false],
  );
});

test('the MIME text of a message is read as it is', async () => {
  await using mail = await mailServer(() => ({ text: mime }));
  assert.equal(await readMime(mail.at, mailbox, 'm1'), mime);
  assert.equal(mail.server.seen[0]?.path, `/v1.0/users/${mailbox}/messages/m1/$value`);
});

test('a mailbox or folder cannot lead out of its path', async () => {
  await using mail = await mailServer(() => ({ json: { value: [] } }));
  await findByInternetMessageId(mail.at, 'a/../b', '../x?y', '<m>');
  assert.match(mail.server.seen[0]?.path ?? '', /^\/v1\.0\/users\/a\/\.\.\/b\/mailFolders\/\.\.\/x\?y\/messages$/);
  for (const name of ['', '.', '..']) await assert.rejects(readMime(mail.at, mailbox, name), TypeError);
  assert.equal(mail.server.seen.length, 1);
});
