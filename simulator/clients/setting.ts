import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a program finds when `portico simulate exec` runs it: an app of Contoso, as Azure's own tools name its parts. */
export const tenantId = variable('AZURE_TENANT_ID');
export const clientId = variable('AZURE_CLIENT_ID');
export const clientSecret = variable('AZURE_CLIENT_SECRET');

/** Microsoft's address: nothing in these programs knows of a simulator but what registers further apps. */
export const authority = `https://login.microsoftonline.com/${tenantId}`;
export const scopes = ['https://graph.microsoft.com/.default'];

/** Key and certificate of a daemon, in one file. */
export const pemFile = `${variable('HOME')}/daemon.pem`;
export const [privateKey = '', certificate = ''] = readFileSync(pemFile, 'utf8').split(/(?=-----BEGIN CERT)/);

/** Registers another app, as an administrator would; its secret is undefined unless one was asked for. */
export async function register(body: object): Promise<{ appId: string; secret?: { secretText: string } }> {
  return (await control(`applications`, body)) as { appId: string; secret?: { secretText: string } };
}

/** Calls the control API about Contoso. */
async function control(path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${variable('SIMULATED_ENTRA_URL')}/_control/tenants/${tenantId}/${path}`, init);
  return (await answer.json()) as Record<string, unknown>;
}

/** User names of Contoso's people. */
export async function people(): Promise<string[]> {
  const { value } = (await control('users')) as { value: { userPrincipalName: string }[] };
  return value.map(({ userPrincipalName }) => userPrincipalName);
}

/** The password somebody has from the start. */
export async function passwordOf(login: string): Promise<string> {
  return String((await control(`users/${login}/credentials`))['password']);
}

/** The browser: the page's form goes back with the name of who signs in. Gives where that leads. */
export async function signIn(url: string, login: string): Promise<URL> {
  const page = await (await fetch(url)).text();
  const form = page.split('<form')[1]?.split('</form>')[0];
  const fields = form?.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  const body = new URLSearchParams({ login });
  for (const [, name = '', text = ''] of fields ?? [])
    body.set(name, text.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
  const answer = await fetch(url.split('?')[0] ?? '', { method: 'POST', body, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}

/** Somebody enters the code that a device shows and signs in; done when it returns, so that the first poll finds it done. */
export const approve = (userCode: string, login: string): void => decide(userCode, { login });

/** The same, and presses Cancel. */
export const decline = (userCode: string): void => decide(userCode, { decline: true });

function decide(userCode: string, body: object): void {
  const url = `${variable('SIMULATED_ENTRA_URL')}/_control/device-codes/${userCode}`;
  const code = `const { ok } = await fetch(...${JSON.stringify([url, { method: 'POST', body: JSON.stringify(body) }])}); process.exit(ok ? 0 : 1)`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code]);
  if (status !== 0) throw new Error(`the device code ${userCode} could not be decided`);
}

/** The claims of a token. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** Says what the program saw. */
export function say(seen: unknown): void {
  console.log(JSON.stringify(seen));
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
