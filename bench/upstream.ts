import { createHash } from 'node:crypto';
import { freePort } from './installed-package.ts';
import { type Subject, startProcess } from './subject.ts';

/** The simulated tenant that people come from, in a process of its own. */
export interface Upstream extends Pick<Subject, 'processorMs' | 'stop'> {
  url: string;
  port: number;
  tenantId: string;
  domain: string;
  /** People who may sign in. */
  people: readonly { id: string; login: string }[];
  /** Registers an application with these redirect URIs. */
  register(redirectUris: readonly string[]): Promise<{ appId: string; secret: string }>;
}

/** Starts `portico simulate` with so many people. */
export async function startUpstream(portico: string, users: number, folder: string): Promise<Upstream> {
  const port = await freePort();
  const args = [portico, 'simulate', '--port', String(port), '--users', String(users), '--certificates', folder];
  const started = await startProcess(args, {}, (line) => line.includes('is ready at'));
  // By this name, since others allow http for it alone.
  const url = `http://localhost:${port}`;
  const control = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(
      `${url}/_control${path}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const tenants = await control<{ value: { id: string; domain: string }[] }>('/tenants');
  const [contoso] = tenants.value;
  if (contoso === undefined) throw new Error('the simulator has no tenant');
  const { value } = await control<{ value: Person[] }>(`/tenants/${contoso.id}/users?limit=${users}`);
  return {
    ...started,
    url,
    port,
    tenantId: contoso.id,
    domain: contoso.domain,
    people: value
      .filter((it) => it.accountEnabled && it.userType === 'Member' && it.mail !== null)
      .map(({ id, userPrincipalName }) => ({ id, login: userPrincipalName })),
    register: async (web) => {
      const app = await control<{ appId: string; secret: { secretText: string } }>(
        `/tenants/${contoso.id}/applications`,
        {
          displayName: `Bench ${createHash('sha256').update(web.join()).digest('hex').slice(0, 8)}`,
          redirectUris: { web },
          optionalClaims: ['email', 'xms_edov', 'login_hint', 'sid'],
          secret: {},
        },
      );
      return { appId: app.appId, secret: app.secret.secretText };
    },
  };
}

interface Person {
  id: string;
  userPrincipalName: string;
  accountEnabled: boolean;
  userType: string;
  mail: string | null;
}
