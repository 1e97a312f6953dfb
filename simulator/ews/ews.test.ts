import assert from 'node:assert/strict';
import test from 'node:test';
import { advance, type ExchangeApp, exchangeAdmin, registerForExchange } from '../test-exchange.ts';
import { appToken, graphAs } from '../test-graph.ts';
import { startTestEntra, type TestEntra } from '../test-tenant.ts';
import { at, child, type Element, parseXml, textAt } from './xml.ts';

type Reply = {
  readonly status: number;
  readonly headers: Headers;
  /** The first response message. */
  readonly message: Element | undefined;
  readonly code: string | undefined;
  readonly fault: string | undefined;
  readonly text: string;
};

/** Sends the inside of a SOAP body, impersonating somebody. */
type Ews = (operation: string, as?: string) => Promise<Reply>;

async function openEws(entra: TestEntra, app: ExchangeApp): Promise<Ews> {
  const token = await appToken(entra, app, 'https://outlook.office365.com/.default');
  return (operation, as) => post(entra, token, envelope(operation, as));
}

const envelope = (operation: string, as?: string): string => {
  const sid = `<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>${as}</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">
  <soap:Header><t:RequestServerVersion Version="Exchange2016"/>${as === undefined ? '' : sid}</soap:Header>
  <soap:Body>${operation}</soap:Body>
</soap:Envelope>`;
};

async function post(entra: TestEntra, token: string | undefined, body: string): Promise<Reply> {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'text/xml; charset=utf-8', ...authorization };
  const response = await fetch(`${entra.url}/EWS/Exchange.asmx`, { method: 'POST', headers, body });
  const text = await response.text();
  const soap = text === '' ? undefined : child(parseXml(text), 'Body');
  const message = at(soap?.children[0], 'ResponseMessages')?.children[0];
  const fault = textAt(soap, 'Fault', 'detail', 'ResponseCode');
  return {
    status: response.status,
    headers: response.headers,
    message,
    code: textAt(message, 'ResponseCode'),
    fault,
    text,
  };
}

async function stage(permissions: readonly string[] = ['full_access_as_app']) {
  const entra = await startTestEntra({ users: 3, groups: 0, now: () => Date.UTC(2026, 8, 1) });
  const [anna, bo] = entra.contoso.users.map(({ mail }) => String(mail));
  const app = await registerForExchange(entra, permissions);
  const admin = exchangeAdmin(entra);
  return {
    entra,
    app,
    admin,
    anna: String(anna),
    bo: String(bo),
    ews: await openEws(entra, app),
    [Symbol.asyncDispose]: () => entra.close(),
  };
}

const note = (to: string, more = ''): string =>
  `<t:Message><t:Subject>Grüße &amp; mehr</t:Subject><t:Body BodyType="HTML">&lt;p&gt;Hi&lt;/p&gt;</t:Body>${more}<t:ToRecipients><t:Mailbox><t:EmailAddress>${to}</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>`;
const create = (item: string, disposition: string): string =>
  `<m:CreateItem MessageDisposition="${disposition}"><m:Items>${item}</m:Items></m:CreateItem>`;
const find = (folder: string, more = ''): string =>
  `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>${more}<m:ParentFolderIds><t:DistinguishedFolderId Id="${folder}"/></m:ParentFolderIds></m:FindItem>`;
const get = (id: string, shape = '<t:BaseShape>AllProperties</t:BaseShape>'): string =>
  `<m:GetItem><m:ItemShape>${shape}</m:ItemShape><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:GetItem>`;

const itemsOf = (reply: Reply): readonly Element[] =>
  (at(reply.message, 'RootFolder', 'Items') ?? at(reply.message, 'Items'))?.children ?? [];
const idOf = (item: Element | undefined): string => child(item, 'ItemId')?.attributes.get('Id') ?? '';

test('CreateItem SendAndSaveCopy sends; FindItem and GetItem read it at the other side, with MIME and attachments', async () => {
  await using at_ = await stage();
  const { ews, anna, bo } = at_;
  const file =
    '<t:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:ContentType>text/plain</t:ContentType><t:Content>SGk=</t:Content></t:FileAttachment></t:Attachments>';
  const sent = await ews(create(note(bo, file), 'SendAndSaveCopy'), anna);
  assert.deepEqual(
    [sent.status, sent.code, sent.message?.attributes.get('ResponseClass')],
    [200, 'NoError', 'Success'],
  );
  assert.equal(itemsOf(await ews(find('sentitems'), anna)).length, 1);
  const found = await ews(find('inbox'), bo);
  const [item] = itemsOf(found);
  assert.deepEqual(
    [
      textAt(item, 'Subject'),
      textAt(item, 'IsRead'),
      textAt(item, 'From', 'Mailbox', 'EmailAddress'),
      child(item, 'Body'),
    ],
    ['Grüße & mehr', 'false', anna, undefined],
  );
  const whole = await ews(
    get(idOf(item), '<t:BaseShape>AllProperties</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>'),
    bo,
  );
  const [full] = itemsOf(whole);
  assert.deepEqual([textAt(full, 'Body'), child(full, 'Body')?.attributes.get('BodyType')], ['<p>Hi</p>', 'HTML']);
  assert.match(Buffer.from(textAt(full, 'MimeContent') ?? '', 'base64').toString(), /^Subject: =\?utf-8\?B\?/m);
  const id = at(full, 'Attachments', 'FileAttachment', 'AttachmentId')?.attributes.get('Id');
  const attachment = await ews(
    `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${id}"/></m:AttachmentIds></m:GetAttachment>`,
    bo,
  );
  assert.equal(textAt(attachment.message, 'Attachments', 'FileAttachment', 'Content'), 'SGk=');
});

test('a draft by MIME is changed, sent by SendItem and saved; what is no draft is not', async () => {
  await using at_ = await stage();
  const { ews, anna, bo } = at_;
  const mime = Buffer.from(`From: ${anna}\r\nTo: ${bo}\r\nSubject: m\r\nMessage-ID: <m@x.example>\r\n\r\nbody`);
  const item = `<t:Message><t:MimeContent CharacterSet="UTF-8">${mime.toString('base64')}</t:MimeContent></t:Message>`;
  const draft = idOf(itemsOf(await ews(create(item, 'SaveOnly'), anna))[0]);
  const send = `<m:SendItem SaveItemToFolder="true"><m:ItemIds><t:ItemId Id="${draft}"/></m:ItemIds></m:SendItem>`;
  assert.equal((await ews(send, anna)).code, 'NoError');
  assert.equal((await ews(send, anna)).code, 'ErrorItemNotFound', 'its id changed with the folder');
  const [copy] = itemsOf(await ews(find('sentitems'), anna));
  assert.equal(textAt(copy, 'InternetMessageId'), '<m@x.example>');
  assert.equal((await ews(send.replace(draft, idOf(copy)), anna)).code, 'ErrorInvalidOperation');
  assert.equal(itemsOf(await ews(find('inbox'), bo)).length, 1);
});

test('UpdateItem, MoveItem, CopyItem, DeleteItem: the same mailbox as in Graph', async () => {
  await using at_ = await stage(['full_access_as_app', 'Mail.Read']);
  const { entra, ews, anna, app } = at_;
  const graph = graphAs(entra, await appToken(entra, app));
  const inGraph = async (folder: string): Promise<unknown[]> =>
    (await graph('GET', `/users/${anna}/mailFolders/${folder}/messages`)).value.map(({ isRead }) => isRead);
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject: 's' });
  const id = async (folder = 'inbox') => idOf(itemsOf(await ews(find(folder), anna))[0]);
  const read = (value: boolean, key: string) =>
    `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId Id="${key}"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="message:IsRead"/><t:Message><t:IsRead>${value}</t:IsRead></t:Message></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
  assert.equal((await ews(read(true, await id()), anna)).code, 'NoError');
  assert.deepEqual(await inGraph('inbox'), [true]);
  const to = (operation: string, key: string, folder: string) =>
    `<m:${operation}><m:ToFolderId><t:DistinguishedFolderId Id="${folder}"/></m:ToFolderId><m:ItemIds><t:ItemId Id="${key}"/></m:ItemIds></m:${operation}>`;
  assert.equal((await ews(to('CopyItem', await id(), 'archive'), anna)).code, 'NoError');
  const moved = await ews(to('MoveItem', await id(), 'drafts'), anna);
  assert.equal(idOf(itemsOf(moved)[0]), await id('drafts'));
  assert.deepEqual([await inGraph('archive'), await inGraph('inbox'), await inGraph('drafts')], [[true], [], [true]]);
  const remove = (key: string, type: string) =>
    `<m:DeleteItem DeleteType="${type}"><m:ItemIds><t:ItemId Id="${key}"/></m:ItemIds></m:DeleteItem>`;
  await ews(remove(await id('drafts'), 'MoveToDeletedItems'), anna);
  assert.deepEqual([await inGraph('drafts'), await inGraph('deleteditems')], [[], [true]]);
  await ews(remove(await id('deleteditems'), 'HardDelete'), anna);
  assert.deepEqual(await inGraph('deleteditems'), []);
  assert.equal((await ews(remove('AAMknothing', 'HardDelete'), anna)).code, 'ErrorItemNotFound');
});

test('FindItem: restrictions, order, pages; ErrorUnsupportedPathForQuery for what it cannot ask', async () => {
  await using at_ = await stage();
  const { entra, ews, anna } = at_;
  for (const subject of ['one', 'two', 'three']) {
    await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject });
    await advance(entra, 1);
  }
  const subjects = async (more: string) =>
    itemsOf(await ews(find('inbox', more), anna)).map((item) => textAt(item, 'Subject'));
  const field = (uri: string) => `<t:FieldURI FieldURI="${uri}"/>`;
  const equals = (uri: string, value: string) =>
    `<t:IsEqualTo>${field(uri)}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:IsEqualTo>`;
  const restriction = (inner: string) => `<m:Restriction>${inner}</m:Restriction>`;
  assert.deepEqual(await subjects(''), ['three', 'two', 'one']);
  assert.deepEqual(await subjects(restriction(equals('item:Subject', 'two'))), ['two']);
  const contains = `<t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase">${field('item:Subject')}<t:Constant Value="T"/></t:Contains>`;
  assert.deepEqual(
    await subjects(restriction(`<t:And>${contains}<t:Not>${equals('item:Subject', 'two')}</t:Not></t:And>`)),
    ['three'],
  );
  const since = `<t:IsGreaterThanOrEqualTo>${field('item:DateTimeReceived')}<t:FieldURIOrConstant><t:Constant Value="2026-09-01T00:01:00Z"/></t:FieldURIOrConstant></t:IsGreaterThanOrEqualTo>`;
  assert.deepEqual(await subjects(restriction(since)), ['three', 'two']);
  const page = '<m:IndexedPageItemView MaxEntriesReturned="2" Offset="0" BasePoint="Beginning"/>';
  const first = await ews(find('inbox', page), anna);
  const folder = child(first.message, 'RootFolder');
  assert.deepEqual(
    ['TotalItemsInView', 'IncludesLastItemInRange', 'IndexedPagingOffset'].map((name) => folder?.attributes.get(name)),
    ['3', 'false', '2'],
  );
  const wrong = await ews(find('inbox', restriction(equals('item:Colour', 'red'))), anna);
  assert.deepEqual(
    [wrong.status, wrong.code, wrong.message?.attributes.get('ResponseClass')],
    [200, 'ErrorUnsupportedPathForQuery', 'Error'],
  );
});

test('SyncFolderItems: everything, then creations, updates and deletions; a spoiled state is refused', async () => {
  await using at_ = await stage();
  const { entra, ews, anna } = at_;
  const receive = (subject: string) => entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject });
  for (const subject of ['1', '2', '3']) await receive(subject);
  const sync = (state: string, most: number) =>
    ews(
      `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id="inbox"/></m:SyncFolderId>${state === '' ? '' : `<m:SyncState>${state}</m:SyncState>`}<m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`,
      anna,
    );
  const changes = (reply: Reply) =>
    (child(reply.message, 'Changes')?.children ?? []).map((change) =>
      `${change.name} ${textAt(change, 'Message', 'Subject') ?? ''}`.trim(),
    );
  const stateOf = (reply: Reply) => textAt(reply.message, 'SyncState') ?? '';
  const first = await sync('', 2);
  assert.deepEqual(
    [changes(first), textAt(first.message, 'IncludesLastItemInRange')],
    [['Create 1', 'Create 2'], 'false'],
  );
  const second = await sync(stateOf(first), 2);
  assert.deepEqual([changes(second), textAt(second.message, 'IncludesLastItemInRange')], [['Create 3'], 'true']);
  const [newest, middle] = itemsOf(await ews(find('inbox'), anna));
  await ews(
    `<m:UpdateItem><m:ItemChanges><t:ItemChange><t:ItemId Id="${idOf(newest)}"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="message:IsRead"/><t:Message><t:IsRead>true</t:IsRead></t:Message></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
    anna,
  );
  await ews(
    `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId Id="${idOf(middle)}"/></m:ItemIds></m:DeleteItem>`,
    anna,
  );
  await receive('4');
  assert.deepEqual(changes(await sync(stateOf(second), 9)), ['Update 3', 'Delete', 'Create 4']);
  assert.equal((await sync('bm9uc2Vuc2U=', 9)).code, 'ErrorInvalidSyncStateData');
});

test('folders: GetFolder, CreateFolder, FindFolder, DeleteFolder', async () => {
  await using at_ = await stage();
  const { ews, anna } = at_;
  const inbox = await ews(
    '<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>',
    anna,
  );
  assert.equal(textAt(inbox.message, 'Folders', 'Folder', 'DisplayName'), 'Inbox');
  assert.match(inbox.text, /<m:ResponseCode>ErrorFolderNotFound</);
  const make =
    '<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>Below</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>';
  const made = await ews(make, anna);
  assert.equal((await ews(make, anna)).code, 'ErrorFolderExists');
  const below =
    '<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>';
  const count = async () => child((await ews(below, anna)).message, 'RootFolder')?.attributes.get('TotalItemsInView');
  assert.equal(await count(), '8');
  const id = at(made.message, 'Folders', 'Folder', 'FolderId')?.attributes.get('Id');
  await ews(
    `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds><t:FolderId Id="${id}"/></m:FolderIds></m:DeleteFolder>`,
    anna,
  );
  assert.equal(await count(), '7');
});

test('who may: 401 without token, faults for unknown people and for apps without a right, consent, policy, RBAC', async () => {
  await using at_ = await stage(['Mail.Read']);
  const { entra, admin, anna, bo } = at_;
  const none = await post(entra, undefined, envelope(find('inbox'), anna));
  assert.deepEqual([none.status, none.headers.get('www-authenticate')?.startsWith('Bearer')], [401, true]);
  const forGraph = await post(entra, await appToken(entra, at_.app), envelope(find('inbox'), anna));
  assert.equal(forGraph.status, 401);
  assert.deepEqual(
    [(await at_.ews(find('inbox'), anna)).status, (await at_.ews(find('inbox'), anna)).fault],
    [500, 'ErrorImpersonateUserDenied'],
  );
  await admin('PATCH', '/simulation', { rbacIdleMs: 0, applicationAccessPolicyMs: 0 });
  const scoped = await registerForExchange(entra);
  await admin('POST', '/service-principals', { appId: scoped.appId, objectId: scoped.enterpriseId });
  await admin('PATCH', `/mailboxes/${anna}`, { customAttribute1: 'Robot' });
  await admin('POST', '/management-scopes', {
    name: 'Robots',
    recipientRestrictionFilter: `CustomAttribute1 -eq 'Robot'`,
  });
  await admin('POST', '/role-assignments', {
    app: scoped.appId,
    role: 'Application EWS.AccessAsApp',
    customResourceScope: 'Robots',
  });
  const byRole = await openEws(entra, scoped);
  assert.equal((await byRole(find('inbox'), anna)).code, 'NoError');
  assert.equal((await byRole(find('inbox'), bo)).fault, 'ErrorImpersonateUserDenied');
  const consented = await registerForExchange(entra, ['full_access_as_app']);
  const ews = await openEws(entra, consented);
  assert.equal((await ews(find('inbox'), 'nobody@contoso.example')).fault, 'ErrorNonExistentMailbox');
  assert.match(
    (await ews(find('inbox'))).headers.get('x-ms-diagnostics') ?? '',
    /ExchangeImpersonation SOAP header must be present/,
  );
  await admin('POST', '/application-access-policies', {
    appId: consented.appId,
    policyScopeGroupId: anna,
    accessRight: 'RestrictAccess',
  });
  assert.equal((await ews(find('inbox'), anna)).code, 'NoError');
  assert.equal((await ews(find('inbox'), bo)).fault, 'ErrorAccessDenied');
  const other = find('inbox').replace(
    'Id="inbox"/>',
    `Id="inbox"><t:Mailbox><t:EmailAddress>${bo}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`,
  );
  assert.equal((await ews(other, anna)).code, 'ErrorAccessDenied');
  await admin('POST', `/mailboxes/${bo}/permissions`, { user: anna, accessRights: ['FullAccess'] });
  assert.equal((await ews(other, anna)).code, 'NoError');
});

test('switched off: null until the tenant’s date, true with the allow list, false, the mailbox’s own, gone in April 2027', async () => {
  await using at_ = await stage();
  const { entra, admin, anna, app } = at_;
  const status = async () => (await (await openEws(entra, app))(find('inbox'), anna)).status;
  assert.equal(await status(), 200);
  await entra.control('POST', '/clock', { now: '2026-10-01T00:00:00Z' });
  assert.equal(await status(), 403);
  await admin('PATCH', '/simulation', { ewsSwitchedOffAt: '2026-11-15T00:00:00Z' });
  assert.equal(await status(), 200, 'tenant by tenant');
  await entra.control('POST', '/clock', { now: '2026-11-15T00:00:00Z' });
  assert.equal(await status(), 403);
  await admin('PATCH', '/organization-config', { ewsEnabled: true });
  assert.equal(await status(), 200);
  await admin('PATCH', '/organization-config', { ewsAllowedAppIDs: [entra.contoso.id] });
  assert.equal(await status(), 403);
  await admin('PATCH', '/organization-config', { ewsAllowedAppIDs: [app.appId] });
  assert.equal(await status(), 200);
  await admin('PATCH', `/cas-mailboxes/${anna}`, { ewsEnabled: false });
  assert.equal(await status(), 403);
  await admin('PATCH', `/cas-mailboxes/${anna}`, { ewsEnabled: null });
  await admin('PATCH', '/organization-config', { ewsEnabled: false });
  assert.equal(await status(), 403);
  await admin('PATCH', '/organization-config', { ewsEnabled: true });
  await entra.control('POST', '/clock', { now: '2027-04-01T00:00:00Z' });
  assert.equal(await status(), 403);
});

test('malformed: ErrorSchemaValidation as a SOAP fault, and sending is refused with Exchange’s codes', async (t) => {
  await using at_ = await stage();
  const { entra, admin, anna, bo, ews, app } = at_;
  const token = await appToken(entra, app, 'https://outlook.office365.com/.default');
  for (const body of [
    '',
    'nonsense',
    '<a><b></a>',
    '<!DOCTYPE a []><a/>',
    '<Envelope/>',
    envelope('<m:Frobnicate/>', anna),
  ]) {
    await t.test(body.slice(0, 20), async () => {
      const reply = await post(entra, token, body);
      assert.deepEqual([reply.status, reply.fault], [500, 'ErrorSchemaValidation'], reply.text);
    });
  }
  const from = `<t:From><t:Mailbox><t:EmailAddress>${bo}</t:EmailAddress></t:Mailbox></t:From>`;
  assert.equal((await ews(create(note(bo, from), 'SendOnly'), anna)).code, 'ErrorSendAsDenied');
  assert.equal((await ews(create('<t:Message/>', 'SendOnly'), anna)).code, 'ErrorInvalidRecipients');
  assert.equal((await ews(create(note(bo), ''), anna)).code, 'ErrorMessageDispositionRequired');
  assert.equal((await ews(create('<t:CalendarItem/>', 'SendOnly'), anna)).code, 'ErrorInvalidRequest');
  await admin('PATCH', `/mailboxes/${anna}`, { maxSendSize: 1 });
  assert.equal((await ews(create(note(bo), 'SendOnly'), anna)).code, 'ErrorMessageSizeExceeded');
});
