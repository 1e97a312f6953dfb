import type { Random } from '../random.ts';
import { insertUser } from './change-users.ts';
import { makeTenant } from './make-tenant.ts';
import type { Tenant } from './tenant.ts';

/** The tenant of personal Microsoft accounts. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

const people: readonly (readonly [givenName: string, surname: string, nickname: string])[] = [
  ['Lena', 'Fischer', 'lena.fischer'],
  ['Kai', 'Nakamura', 'kai.nakamura'],
  ['Rosa', 'Marín', 'rosa.marin'],
];

/** Makes a few people with personal accounts, who belong to no organization. */
export function makePersonalAccounts(random: Random, now: number): Tenant {
  const domains = ['outlook.example'] as const;
  const plan = { name: 'Personal accounts', id: consumersTenantId, domains, users: 0, groups: 0, disabled: 0 };
  const tenant = makeTenant(random, plan, now);
  tenant.regionScope = 'WW';
  for (const [givenName, surname, nickname] of people) {
    const address = `${nickname}@${tenant.domain}`;
    const names = { givenName, surname, displayName: `${givenName} ${surname}` };
    insertUser(tenant, random.uuid(), { userPrincipalName: address, mail: address, hasMailbox: false, ...names }, now);
  }
  return tenant;
}
