import assert from 'node:assert/strict';
import test from 'node:test';
import { advance, exchangeAdmin } from '../test-exchange.ts';
import { type Graph, openGraph } from '../test-graph.ts';
import { startTestEntra, type TestEntra } from '../test-tenant.ts';

const mebibyte = 1024 * 1024;

async function stage(entra: TestEntra): Promise<{ graph: Graph; anna: string; bo: string }> {
  const [anna, bo] = entra.contoso.users.map(({ mail }) => String(mail));
  return { graph: await openGraph(entra, ['Mail.ReadWrite', 'Mail.Send']), anna: String(anna), bo: String(bo) };
}

const names = ({ value }: { value: Record<string, unknown>[] }): unknown[] => value.map((each) => each['displayName']);

test('folders: made, made below, renamed, moved, copied with what is in them, deleted in two steps', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const { graph, anna } = await stage(entra);
  const folders = `/users/${anna}/mailFolders`;
  const root = await graph('GET', `${folders}/msgfolderroot`);
  assert.equal(root.body['displayName'], 'Top of Information Store');
  const projects = await graph('POST', folders, { displayName: 'Projects' });
  assert.deepEqual([projects.status, projects.body['parentFolderId']], [201, root.body['id']]);
  const path = `${folders}/${projects.body['id']}`;
  const aurora = await graph('POST', `${path}/childFolders`, { displayName: 'Aurora' });
  assert.equal((await graph('POST', `${path}/childFolders`, { displayName: 'aurora' })).code, 'ErrorFolderExists');
  await graph('POST', `${folders}/${aurora.body['id']}/messages`, { subject: 'in Aurora' });
  assert.deepEqual(names(await graph('GET', `${path}/childFolders`)), ['Aurora']);
  assert.equal((await graph('PATCH', path, { displayName: 'Work' })).body['displayName'], 'Work');
  const copy = await graph('POST', `${path}/copy`, { destinationId: 'archive' });
  assert.equal(copy.status, 201);
  const [inner] = (await graph('GET', `${folders}/${copy.body['id']}/childFolders`)).value;
  const copied = await graph('GET', `${folders}/${inner?.['id']}/messages`);
  assert.deepEqual(
    copied.value.map(({ subject }) => subject),
    ['in Aurora'],
  );
  assert.equal((await graph('POST', `${path}/move`, { destinationId: aurora.body['id'] })).code, 'ErrorMoveCopyFailed');
  assert.equal((await graph('POST', `${folders}/inbox/move`, { destinationId: 'archive' })).status, 500);
  const moved = await graph('POST', `${path}/move`, { destinationId: 'inbox' });
  assert.equal(moved.body['parentFolderId'], (await graph('GET', `${folders}/inbox`)).body['id']);
  assert.equal((await graph('DELETE', `${folders}/inbox`)).code, 'ErrorDeleteDistinguishedFolder');
  assert.equal((await graph('DELETE', path)).status, 204);
  assert.deepEqual(names(await graph('GET', `${folders}/deleteditems/childFolders`)), ['Work']);
  assert.equal((await graph('DELETE', path)).status, 204);
  assert.equal((await graph('GET', `${folders}/${aurora.body['id']}`)).code, 'ErrorItemNotFound');
  assert.equal((await graph('GET', `/users/${anna}/messages`)).value.length, 1, 'the copy in the archive is left');
});

test('a message is copied with ids of its own, and found in its folder only', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const { graph, anna } = await stage(entra);
  const draft = await graph('POST', `/users/${anna}/messages`, { subject: 'one' });
  const copy = await graph('POST', `/users/${anna}/messages/${draft.body['id']}/copy`, { destinationId: 'archive' });
  assert.notEqual(copy.body['id'], draft.body['id']);
  const inArchive = `/users/${anna}/mailFolders/archive/messages`;
  assert.equal((await graph('GET', `${inArchive}/${copy.body['id']}`)).body['subject'], 'one');
  assert.equal((await graph('GET', `${inArchive}/${draft.body['id']}`)).code, 'ErrorItemNotFound');
});

test('files: $value, delete, and 3 MB or more only by an upload session', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const { graph, anna } = await stage(entra);
  const mime = Buffer.from(`From: ${anna}\r\nTo: ${anna}\r\nSubject: s\r\nX-Own: 1\r\n\r\nbody`);
  const draft = await graph('POST', `/users/${anna}/messages`, mime);
  const path = `/users/${anna}/messages/${draft.body['id']}`;
  const file = await graph('POST', `${path}/attachments`, {
    '@odata.type': '#microsoft.graph.fileAttachment',
    name: 'a.txt',
    contentType: 'text/plain',
    contentBytes: 'SGk=',
  });
  const value = await graph('GET', `${path}/attachments/${file.body['id']}/$value`);
  assert.deepEqual([value.text, value.headers.get('content-type')], ['Hi', 'text/plain']);
  const source = await graph('GET', `${path}/$value`);
  assert.equal(source.text.match(/^Subject:/gm)?.length, 1);
  assert.match(source.text, /^X-Own: 1\r$/m);
  assert.equal((await graph('DELETE', `${path}/attachments/${file.body['id']}`)).status, 204);
  assert.deepEqual((await graph('GET', `${path}/attachments`)).value, []);
  const large = { name: 'l', contentBytes: Buffer.alloc(3 * mebibyte).toString('base64') };
  assert.equal((await graph('POST', `${path}/attachments`, large)).code, 'ErrorMessageSizeExceeded');
});

test('upload session: ranges in order without Authorization, 201 with Location at the end, the file is in the message', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const { graph, anna } = await stage(entra);
  const draft = await graph('POST', `/users/${anna}/messages`, { subject: 'large' });
  const path = `/users/${anna}/messages/${draft.body['id']}/attachments`;
  const size = 3 * mebibyte + 5;
  const AttachmentItem = { attachmentType: 'file', name: 'large.bin', size };
  const made = await graph('POST', `${path}/createUploadSession`, { AttachmentItem });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body['nextExpectedRanges'], ['0-']);
  const uploadUrl = String(made.body['uploadUrl']);
  assert.match(
    uploadUrl,
    /\/api\/v2\.0\/Users\('[\w-]+@[\w-]+'\)\/Messages\('.+'\)\/AttachmentSessions\('.+'\)\?authtoken=/,
  );
  const put = async (from: number, bytes: number, headers: Record<string, string> = {}) => {
    const range = `bytes ${from}-${from + bytes - 1}/${size}`;
    const body = Buffer.alloc(bytes, 7);
    return fetch(uploadUrl, { method: 'PUT', body, headers: { 'content-range': range, ...headers } });
  };
  assert.equal((await put(0, 10, { authorization: 'Bearer x' })).status, 401);
  const first = await put(0, 2 * mebibyte);
  assert.deepEqual(
    [first.status, ((await first.json()) as Record<string, unknown>)['nextExpectedRanges']],
    [200, [String(2 * mebibyte)]],
  );
  assert.equal((await put(0, 2 * mebibyte)).status, 416, 'the same range again');
  assert.equal((await put(2 * mebibyte, 2 * mebibyte)).status, 416, 'beyond the end');
  const lying = { 'content-range': `bytes ${2 * mebibyte + 1}-${2 * mebibyte + 9}/${size}` };
  assert.equal((await put(2 * mebibyte, 10, lying)).status, 416, 'more bytes than the range');
  assert.equal((await fetch(uploadUrl, { method: 'PUT', body: 'x' })).status, 400, 'no range');
  const last = await put(2 * mebibyte, mebibyte + 5);
  assert.equal(last.status, 201);
  const id = /Attachments\('([^']+)'\)$/.exec(last.headers.get('location') ?? '')?.[1];
  const file = await graph('GET', `${path}/${id}`);
  assert.deepEqual([file.body['name'], file.body['size']], ['large.bin', size]);
  assert.equal((await put(0, 10)).status, 404, 'the session is over');
});

test('upload session: refusals, cancelled, expired', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const { graph, anna } = await stage(entra);
  const draft = await graph('POST', `/users/${anna}/messages`, {});
  const create = (size: number) =>
    graph('POST', `/users/${anna}/messages/${draft.body['id']}/attachments/createUploadSession`, {
      AttachmentItem: { attachmentType: 'file', name: 'f', size },
    });
  assert.equal((await create(3 * mebibyte - 1)).code, 'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize');
  assert.equal((await create(150 * mebibyte + 1)).code, 'ErrorAttachmentSizeLimitExceeded');
  const url = async () => String((await create(3 * mebibyte)).body['uploadUrl']);
  const cancelled = await url();
  assert.equal((await fetch(cancelled, { method: 'DELETE' })).status, 204);
  assert.equal((await fetch(cancelled)).status, 404);
  const expiring = await url();
  assert.equal((await fetch(expiring)).status, 200);
  await advance(entra, 24 * 60);
  assert.equal((await fetch(expiring)).status, 401);
});

test('after 150 MB (here 3) within five minutes an app is throttled at that mailbox', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => Date.UTC(2026, 10, 21) });
  const { graph, anna, bo } = await stage(entra);
  const admin = exchangeAdmin(entra);
  assert.equal((await admin('GET', '/simulation'))['uploadBytesPerFiveMinutes'], 150 * mebibyte);
  const size = 3 * mebibyte;
  await admin('PATCH', '/simulation', { uploadBytesPerFiveMinutes: size });
  const draft = await graph('POST', `/users/${anna}/messages`, {});
  const path = `/users/${anna}/messages/${draft.body['id']}/attachments/createUploadSession`;
  const made = await graph('POST', path, { AttachmentItem: { attachmentType: 'file', name: 'f', size } });
  const put = { method: 'PUT', body: Buffer.alloc(size), headers: { 'content-range': `bytes 0-${size - 1}/${size}` } };
  assert.equal((await fetch(String(made.body['uploadUrl']), put)).status, 201);
  const refused = await graph('POST', `/users/${anna}/messages`, { subject: 'more' });
  assert.deepEqual([refused.status, refused.code], [429, 'ApplicationThrottled']);
  assert.equal(refused.headers.get('retry-after'), '300');
  assert.equal((await graph('GET', `/users/${anna}/messages/${draft.body['id']}?$select=id`)).status, 200);
  assert.equal((await graph('POST', `/users/${bo}/messages`, {})).status, 201);
  await advance(entra, 5);
  assert.equal((await graph('POST', `/users/${anna}/messages`, {})).status, 201);
});

test('10,000 requests within ten minutes, then 429 with the seconds left', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => Date.UTC(2026, 10, 21) });
  const { graph, anna } = await stage(entra);
  const load = (requests: number) => exchangeAdmin(entra)('PATCH', '/simulation', { requestsPerTenMinutes: requests });
  await load(2);
  const read = () => graph('GET', `/users/${anna}/mailFolders/inbox`);
  assert.deepEqual([(await read()).status, (await read()).status], [200, 200]);
  await advance(entra, 1);
  const refused = await read();
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '540']);
  await advance(entra, 9);
  assert.equal((await read()).status, 200);
});

test('limits of sending: recipients of a message and of a day, size; set by Set-Mailbox', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => Date.UTC(2026, 10, 21) });
  const { graph, anna } = await stage(entra);
  const admin = exchangeAdmin(entra);
  const send = (count: number, body = '') =>
    graph('POST', `/users/${anna}/sendMail`, {
      message: {
        body: { contentType: 'text', content: body },
        toRecipients: Array.from({ length: count }, (_, place) => ({
          emailAddress: { address: `p${place}@o.example` },
        })),
      },
      saveToSentItems: false,
    });
  assert.equal((await send(501)).code, 'ErrorExceededMaxRecipientLimit');
  await admin('PATCH', `/mailboxes/${anna}`, { recipientLimits: 1000, maxSendSize: 1000 });
  assert.equal((await send(1, 'x'.repeat(1000))).code, 'ErrorMessageSizeExceeded');
  for (let sent = 0; sent < 10; sent += 1) assert.equal((await send(1000)).status, 202);
  assert.equal((await send(1)).code, 'ErrorExceededMessageLimit');
  await advance(entra, 24 * 60);
  const fresh = await openGraph(entra, ['Mail.Send']);
  const toRecipients = [{ emailAddress: { address: 'p@o.example' } }];
  assert.equal((await fresh('POST', `/users/${anna}/sendMail`, { message: { toRecipients } })).status, 202);
});

test('SendAs on another mailbox lets its address be the From', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const { graph, anna } = await stage(entra);
  const admin = exchangeAdmin(entra);
  const support = 'support@contoso.example';
  await admin('POST', '/mailboxes', { name: 'Support', primarySmtpAddress: support, shared: true });
  const message = {
    from: { emailAddress: { address: support } },
    toRecipients: [{ emailAddress: { address: 'x@o.example' } }],
  };
  assert.equal((await graph('POST', `/users/${anna}/sendMail`, { message })).code, 'ErrorSendAsDenied');
  await admin('POST', `/mailboxes/${support}/recipient-permissions`, { trustee: anna, accessRights: ['SendAs'] });
  assert.equal((await graph('POST', `/users/${anna}/sendMail`, { message })).status, 202);
});

test('reply, replyAll and forward: subject, people, references, files; as drafts by their create forms', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const { graph, anna, bo } = await stage(entra);
  await entra.control('POST', '/mail', {
    from: 'X <x@outside.example>',
    to: [anna, bo],
    cc: [String(entra.fabrikam.users[0]?.mail)],
    subject: 'Question',
    text: 'why?',
    messageId: '<q@outside.example>',
    attachments: [{ name: 'a.txt', contentBytes: 'SGk=' }],
  });
  const [original] = (await graph('GET', `/users/${anna}/mailFolders/inbox/messages`)).value;
  const path = `/users/${anna}/messages/${original?.['id']}`;
  const people = (list: unknown): unknown[] =>
    (list as { emailAddress: { address: string } }[]).map(({ emailAddress }) => emailAddress.address);
  const all = await graph('POST', `${path}/createReplyAll`, { comment: 'Because.' });
  assert.deepEqual(
    [all.status, all.body['subject'], people(all.body['toRecipients']), people(all.body['ccRecipients'])],
    [201, 'RE: Question', ['x@outside.example', bo], [entra.fabrikam.users[0]?.mail]],
  );
  assert.match(JSON.stringify(all.body['body']), /Because\..*why\?/);
  assert.equal(all.body['conversationId'], original?.['conversationId']);
  assert.equal((await graph('POST', `${path}/reply`, { comment: 'Thus.' })).status, 202);
  const [sent] = (await graph('GET', `/users/${anna}/mailFolders/sentitems/messages`)).value;
  const source = await graph('GET', `/users/${anna}/messages/${sent?.['id']}/$value`);
  assert.match(source.text, /^In-Reply-To: <q@outside\.example>\r$/m);
  assert.equal((await graph('POST', `${path}/forward`, {})).code, 'ErrorInvalidRecipients');
  const toRecipients = [{ emailAddress: { address: bo } }];
  assert.equal((await graph('POST', `${path}/forward`, { toRecipients })).status, 202);
  const [forwarded] = (await graph('GET', `/users/${bo}/mailFolders/inbox/messages?$top=1`)).value;
  assert.deepEqual([forwarded?.['subject'], forwarded?.['hasAttachments']], ['FW: Question', true]);
  const both = { comment: 'x', message: { body: { contentType: 'text', content: 'y' } } };
  assert.equal((await graph('POST', `${path}/createReply`, both)).code, 'ErrorInvalidRequest');
});
