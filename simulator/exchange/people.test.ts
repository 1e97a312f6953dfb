import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { graphAs } from '../test-graph.ts';
import { imapClient, type MailStage, smtpClient, startMailStage } from '../test-mail-client.ts';
import { authorizeUrl, callback } from '../test-tenant.ts';

const support = 'support@contoso.example';

/** A token for what Anna granted. */
async function tokenOf(stage: MailStage, scope: string): Promise<string> {
  const app = await stage.register();
  const url = authorizeUrl(stage, stage.contoso.id, app, { scope });
  const location = await openBrowser().signIn(url, stage.anna);
  const { body } = await stage.token(stage.contoso.id, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code: `${location.searchParams.get('code')}`,
  });
  assert.ok(body['access_token'], JSON.stringify(body));
  return String(body['access_token']);
}

async function stageWithSupport(): Promise<MailStage> {
  const stage = await startMailStage();
  await stage.admin('POST', '/mailboxes', { name: 'Support', primarySmtpAddress: support, shared: true });
  return stage;
}

const share = (stage: MailStage): Promise<unknown> =>
  stage.admin('POST', `/mailboxes/${support}/permissions`, { user: stage.anna, accessRights: ['FullAccess'] });

test('Graph: a shared mailbox is open to whom FullAccess was given, by the .Shared scopes only', async () => {
  await using stage = await stageWithSupport();
  const shared = graphAs(stage, await tokenOf(stage, 'openid Mail.Read Mail.Read.Shared'));
  const own = graphAs(stage, await tokenOf(stage, 'openid Mail.Read'));
  const path = `/users/${support}/messages`;
  assert.equal((await shared('GET', path)).code, 'ErrorAccessDenied');
  await share(stage);
  assert.equal((await shared('GET', path)).status, 200);
  assert.equal((await own('GET', path)).code, 'ErrorAccessDenied');
  assert.equal((await own('GET', '/me/messages')).status, 200);
});

test('EWS by what a person granted: his own mailbox, and impersonation of nobody', async () => {
  await using stage = await stageWithSupport();
  await stage.admin('PATCH', '/organization-config', { ewsEnabled: true });
  const authorization = `Bearer ${await tokenOf(stage, 'https://outlook.office365.com/EWS.AccessAsUser.All')}`;
  const ask = async (header: string): Promise<string> => {
    const body = `<Envelope><Header>${header}</Header><Body><GetFolder><FolderIds><DistinguishedFolderId Id="inbox"/></FolderIds></GetFolder></Body></Envelope>`;
    const answer = await fetch(`${stage.url}/EWS/Exchange.asmx`, { method: 'POST', headers: { authorization }, body });
    return /ResponseCode[^>]*>(\w+)</.exec(await answer.text())?.[1] ?? String(answer.status);
  };
  assert.equal(await ask(''), 'NoError');
  const sid = `<ConnectingSID><SmtpAddress>${stage.bo}</SmtpAddress></ConnectingSID>`;
  assert.equal(await ask(`<ExchangeImpersonation>${sid}</ExchangeImpersonation>`), 'ErrorImpersonateUserDenied');
});

test('SMTP and IMAP by what a person granted: his own mailbox, and one that is shared with him; no app in Exchange', async () => {
  await using stage = await stageWithSupport();
  const { anna, bo } = stage;
  const smtp = await tokenOf(stage, 'https://outlook.office.com/SMTP.Send');
  const sent = await smtpClient(stage, anna, smtp).sendMail({ from: anna, to: bo, text: 'Hi' });
  assert.match(sent.response, /^250 2\.0\.0 OK/);
  await assert.rejects(smtpClient(stage, bo, smtp).sendMail({ from: bo, to: anna, text: 'Hi' }), /535 5\.7\.3/);
  const imap = await tokenOf(stage, 'https://outlook.office.com/IMAP.AccessAsUser.All');
  const own = imapClient(stage, anna, imap);
  await own.connect();
  assert.equal((await own.list()).length, 7);
  await own.logout();
  await share(stage);
  const client = imapClient(stage, support, imap);
  await client.connect();
  assert.equal((await client.list()).length, 7);
  await client.logout();
  await assert.rejects(smtpClient(stage, anna, imap).sendMail({ from: anna, to: bo, text: 'Hi' }), /535 5\.7\.3/);
});
