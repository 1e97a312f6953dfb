/** The simulated tenant as its admin sees it: what one clicks together in the portal, over the simulator's control API. */
export interface TenantAdmin {
  id: string;
  domain: string;
  registerApp(
    app: Record<string, unknown>,
  ): Promise<{ appId: string; secret: { keyId: string; secretText: string; endDateTime: string } }>;
  addSecret(
    appId: string,
    secret: { displayName: string; endDateTime: string },
  ): Promise<{ keyId: string; secretText: string; endDateTime: string }>;
  removeSecret(appId: string, keyId: string): Promise<void>;
  changeApp(appId: string, change: Record<string, unknown>): Promise<void>;
  startProvisioning(job: Record<string, unknown>): Promise<string>;
  testConnection(job: string): Promise<{ ok: boolean }>;
  cycle(
    job: string,
  ): Promise<{ users: Counts; groups: Counts; failed: number; durationMs: number; stopped: string | null }>;
  job(job: string): Promise<{ linked: number }>;
  fault(fault: Record<string, unknown>): Promise<void>;
  clearFaults(): Promise<void>;
  people(): Promise<Person[]>;
  addPerson(person: Record<string, unknown>): Promise<void>;
  changePerson(id: string, change: Record<string, unknown>): Promise<void>;
  mailOf(address: string): Promise<{ folder: string; subject: string }[]>;
  deliver(mail: { from: string; to: string; subject: string; text: string }): Promise<void>;
}

/** What a cycle did to users or to groups. */
export interface Counts {
  created: number;
  updated: number;
  disabled: number;
  failed: number;
}

/** A person of the tenant. */
export interface Person {
  id: string;
  userPrincipalName: string;
  displayName: string;
  accountEnabled: boolean;
  mail: string | null;
  userType: string;
}

/** Speaks to the tenant `name` of the simulator at `url`. */
export async function tenantAdmin(url: string, name: string): Promise<TenantAdmin> {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}/_control${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulated tenant answered ${answer.status}: ${text}`);
    return text === '' ? (undefined as T) : JSON.parse(text);
  };
  const tenants = await ask<{ value: { id: string; name: string; domain: string }[] }>('GET', '/tenants');
  const tenant = tenants.value.find((it) => it.name === name);
  if (tenant === undefined) throw new Error(`the simulator has no tenant ${name}`);
  const at = `/tenants/${tenant.id}`;
  return {
    id: tenant.id,
    domain: tenant.domain,
    registerApp: (app) => ask('POST', `${at}/applications`, app),
    addSecret: (appId, secret) => ask('POST', `${at}/applications/${appId}/secrets`, secret),
    removeSecret: (appId, keyId) => ask('DELETE', `${at}/applications/${appId}/secrets/${keyId}`),
    changeApp: (appId, change) => ask('PATCH', `${at}/applications/${appId}`, change),
    startProvisioning: async (job) => (await ask<{ id: string }>('POST', `${at}/provisioning`, job)).id,
    testConnection: (job) => ask('POST', `${at}/provisioning/${job}/test`),
    job: (job) => ask('GET', `${at}/provisioning/${job}`),
    fault: (fault) => ask('POST', '/faults', fault),
    clearFaults: () => ask('DELETE', '/faults'),
    cycle: (job) => ask('POST', `${at}/provisioning/${job}/cycle`),
    people: async () => (await ask<{ value: Person[] }>('GET', `${at}/users?limit=1000`)).value,
    addPerson: (person) => ask('POST', `${at}/users`, person),
    changePerson: (id, change) => ask('PATCH', `${at}/users/${id}`, change),
    mailOf: async (address) =>
      (
        await ask<{ value: { folder: string; subject: string }[] }>(
          'GET',
          `/mail?address=${encodeURIComponent(address)}`,
        )
      ).value,
    deliver: (mail) => ask('POST', '/mail', mail),
  };
}
