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
export async function control(path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${variable('SIMULATED_ENTRA_URL')}/_control/tenants/${tenantId}/${path}`, init);
  return (await answer.json()) as Record<string, unknown>;
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
