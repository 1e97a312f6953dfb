import { openBrowser } from './test-browser.ts';
import { openGraph } from './test-graph.ts';
import { connectJob, personAt } from './test-provisioning.ts';
import { startScimRecorder } from './test-scim-recorder.ts';
import { authorizeUrl, callback, type TestEntra } from './test-tenant.ts';

/** Lets everything happen once that the control page shows. */
export async function fillWorld(entra: TestEntra): Promise<void> {
  const { contoso } = entra;
  const app = await entra.register({
    displayName: 'Ledger',
    redirectUris: { web: [callback, 'https://ledger.example/a/rather/long/path/to/the/callback'] },
    permissions: ['Mail.Send', 'User.Read.All', 'Group.Read.All', 'Directory.Read.All'],
    secret: { displayName: 'of the spring', endDateTime: '2020-01-01T00:00:00Z' },
  });
  const { secretText } = await entra.control('POST', `/tenants/${contoso.id}/applications/${app.appId}/secrets`, {});
  const form = { client_id: app.appId, client_secret: String(secretText), redirect_uri: callback };
  for (const position of [0, 1, 2]) {
    const url = authorizeUrl(entra, contoso.id, app, { scope: 'openid profile offline_access', nonce: 'n' });
    const back = await openBrowser().signIn(url, personAt(entra, position).userPrincipalName);
    const code = `${back.searchParams.get('code')}`;
    await entra.token(contoso.id, { grant_type: 'authorization_code', code, ...form });
  }
  await entra.token(contoso.id, { grant_type: 'client_credentials', client_id: app.appId, client_secret: app.secret });
  await openBrowser().get(authorizeUrl(entra, contoso.id, app, { prompt: 'none' }));
  const graph = await openGraph(entra, ['User.Read.All', 'Mail.Send']);
  await graph('GET', '/users?$filter=startswith(displayName,%27A%27)&$select=id,displayName,userPrincipalName&$top=5');
  await graph('GET', '/users/nobody@contoso.example');
  const toRecipients = [
    { emailAddress: { address: personAt(entra, 1).mail } },
    { emailAddress: { address: 'a@far.example' } },
  ];
  const body = {
    contentType: 'html',
    content: '<p>Dear Björn, <b>the plan</b> is attached.</p><script>alert(1)</script>',
  };
  await graph('POST', `/users/${personAt(entra, 0).id}/sendMail`, {
    message: { subject: 'The plan <for> “2027”', toRecipients, body },
  });
  await entra.control('POST', '/mail', {
    from: 'x@far.example',
    to: personAt(entra, 1).mail,
    subject: 'Reply',
    text: 'Yes.',
  });
  await using recorder = await startScimRecorder();
  let count = 0;
  recorder.mishap = ({ method }) => (method === 'POST' && ++count % 9 === 0 ? 400 : undefined);
  const job = await connectJob(entra, recorder);
  await job.cycle();
  await entra.control('POST', '/faults', { name: 'throttle', path: '/groups', times: 3 });
  await entra.control('POST', '/faults', { name: 'secret-expired', app: app.appId });
  await entra.control('POST', '/snapshots', { name: 'before the demonstration' });
}
