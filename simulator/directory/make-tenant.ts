import { type CloudName, clouds } from '../hosts/clouds.ts';
import type { Random } from '../random.ts';
import { createTenantSignIn } from '../sign-in/tenant-sign-in.ts';
import { insertGroup } from './change-groups.ts';
import { insertUser } from './change-users.ts';
import { departments, givenNames, offices, surnames } from './people.ts';
import type { Tenant, User } from './tenant.ts';

/** How a tenant starts. `users` counts those whose account is enabled. */
export type TenantPlan = {
  readonly name: string;
  /** Default global. */
  readonly cloud?: CloudName;
  /** Made up where it is left out. */
  readonly id?: string;
  /** Verified domains, the default one first; where left out, made from the name. */
  readonly domains?: readonly [string, ...string[]];
  readonly users: number;
  readonly groups: number;
  /** People whose account is disabled from the start, beside the `users`. */
  readonly disabled: number;
};

/** Makes a tenant with people (the first is Global Administrator), a tree of managers, and groups, the same ones for the same random stream. */
export function makeTenant(random: Random, plan: TenantPlan, now: number): Tenant {
  const label = fold(plan.name).replace(/'/g, '') || 'tenant';
  const domains = plan.domains ?? [`${label}.example`];
  const cloud = plan.cloud ?? 'global';
  const tenant: Tenant = {
    id: plan.id ?? random.uuid(),
    name: plan.name,
    cloud,
    regionScope: clouds[cloud].regionScope,
    domain: domains[0],
    domains: domains.some((domain) => domain.endsWith(`.${clouds[cloud].initialDomain}`))
      ? domains
      : [...domains, `${label}.${clouds[cloud].initialDomain}`],
    users: new Map(),
    deletedUsers: new Map(),
    groups: new Map(),
    directoryRoles: new Map(),
    servicePrincipals: new Map(),
    deletedApplications: new Map(),
    deletedServicePrincipals: new Map(),
    appManagementPolicy: null,
    permissionGrants: new Map(),
    purged: [],
    membershipChanges: [],
    membershipsKnownSince: 0,
    signIn: createTenantSignIn(),
    idByName: new Map(),
    idByAddress: new Map(),
    groupIdsByMember: new Map(),
    sequence: 0,
  };
  addPeople(tenant, random, plan, now);
  return tenant;
}

/** Adds made-up people and groups to a tenant, beside those who are there. */
export function addPeople(
  tenant: Tenant,
  random: Random,
  plan: Pick<TenantPlan, 'users' | 'groups' | 'disabled'>,
  now: number,
): void {
  const people: User[] = [];
  const nicknames = new Set<string>();
  for (let position = 0; position < plan.users + plan.disabled; position += 1) {
    people.push(insertPerson(tenant, random, position, { people, nicknames }, now, position < plan.users));
  }
  const [first] = people;
  if (first !== undefined && tenant.directoryRoles.size === 0)
    tenant.directoryRoles.set(first.id, new Set(['Global Administrator']));
  insertGroups(tenant, random, plan.groups, people, now);
}

/** Adds `home`, who lives in another tenant, as a guest. */
export function inviteGuest(tenant: Tenant, random: Random, home: { user: User; tenant: Tenant }, now: number): User {
  const address = home.user.mail ?? home.user.userPrincipalName;
  return insertUser(
    tenant,
    random.uuid(),
    {
      userPrincipalName: `${address.replace('@', '_')}#EXT#@${tenant.domains[1] ?? tenant.domain}`,
      displayName: home.user.displayName,
      givenName: home.user.givenName,
      surname: home.user.surname,
      mail: address,
      otherMails: [address],
      mailNickname: `${address.replace('@', '_')}#EXT#`,
      userType: 'Guest',
      homeTenantId: home.tenant.id,
      companyName: home.tenant.name,
      hasMailbox: false,
    },
    now,
  );
}

function insertPerson(
  tenant: Tenant,
  random: Random,
  position: number,
  earlier: { readonly people: readonly User[]; readonly nicknames: Set<string> },
  now: number,
  accountEnabled: boolean,
): User {
  const givenName = givenNames[position % givenNames.length] ?? givenNames[0];
  // The third person's apostrophe reaches user name, filters and payloads.
  const surname = position === 2 ? "O'Brien" : random.pick(surnames);
  const department = random.pick(departments);
  const office = random.pick(offices);
  const nickname = freeNickname(tenant, earlier.nicknames, `${fold(givenName)}.${fold(surname)}`, position);
  const number = String(position + 1).padStart(4, '0');
  const name = `${nickname}@${tenant.domain}`;
  const manager = position === 0 ? undefined : earlier.people[Math.floor((position - 1) / 8)];
  return insertUser(
    tenant,
    random.uuid(),
    {
      userPrincipalName: name,
      displayName: `${givenName} ${surname}`,
      givenName,
      surname,
      mail: name,
      mailNickname: nickname,
      proxyAddresses: [`SMTP:${name}`, `smtp:${nickname}@${tenant.domains[1] ?? tenant.domain}`],
      accountEnabled,
      jobTitle: position === 0 ? 'Chief Executive' : department.title,
      department: department.name,
      companyName: tenant.name,
      employeeId: `E${number}`,
      businessPhones: [`${office.dial} ${number}`],
      mobilePhone: position % 3 === 0 ? `${office.dial.split(' ', 1)[0]} 79 555 ${number}` : null,
      faxNumber: position % 10 === 0 ? `${office.dial} 9${number}` : null,
      officeLocation: `${office.city} ${(position % 5) + 1}`,
      streetAddress: `${office.street} ${(position % 90) + 1}`,
      city: office.city,
      state: office.state,
      postalCode: office.postalCode,
      country: office.country,
      preferredLanguage: office.language,
      managerId: manager?.id ?? null,
    },
    now,
  );
}

function insertGroups(tenant: Tenant, random: Random, count: number, people: readonly User[], now: number): void {
  const inDepartment = (name: string): string[] =>
    people.filter((user) => user.department === name).map(({ id }) => id);
  const plans: { displayName: string; members: () => string[] }[] = [
    { displayName: 'All Staff', members: () => people.map(({ id }) => id) },
    ...departments.map(({ name }) => ({ displayName: name, members: () => inDepartment(name) })),
    { displayName: 'Führungskreis', members: () => people.slice(0, 8).map(({ id }) => id) },
    { displayName: 'Research & Development', members: () => nested(tenant, ['Engineering', 'Operations']) },
    { displayName: 'Project Aurora', members: () => people.filter((_, index) => index % 7 === 0).map(({ id }) => id) },
    { displayName: 'Empty Group', members: () => [] },
  ];
  for (let position = 0; position < count; position += 1) {
    const plan = plans[position] ?? {
      displayName: `Team ${String(position + 1).padStart(4, '0')}`,
      members: () => teamMembers(people, position),
    };
    insertGroup(tenant, random.uuid(), { displayName: plan.displayName }, plan.members(), now);
  }
}

/** A group of groups (with one person of its own): nested members are not provisioned and not assigned. */
function nested(tenant: Tenant, names: readonly string[]): string[] {
  const groups = [...tenant.groups.values()].filter((group) => names.includes(group.displayName));
  return [...groups.map(({ id }) => id), ...[...tenant.users.keys()].slice(0, 1)];
}

/** Twenty-five people, other ones for each team. */
function teamMembers(people: readonly User[], position: number): string[] {
  const start = (position * 25) % Math.max(people.length, 1);
  return people.slice(start, start + 25).map(({ id }) => id);
}

/** The second person of a name has his number in it. `taken` are names that were looked up before. */
function freeNickname(tenant: Tenant, taken: Set<string>, wanted: string, position: number): string {
  const isFree = !taken.has(wanted) && !tenant.idByName.has(`${wanted}@${tenant.domain}`);
  taken.add(wanted);
  return isFree ? wanted : `${wanted}${position + 1}`;
}

/** The people's names in the letters of an address; there are a hundred of them, for any number of people. */
const folded = new Map([...givenNames, ...surnames].map((name) => [name, foldLetters(name)]));

function fold(name: string): string {
  return folded.get(name) ?? foldLetters(name);
}

function foldLetters(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9']/g, '');
}
