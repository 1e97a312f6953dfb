import type { User } from '../directory/tenant.ts';
import type { JobSettings } from './job.ts';
import { isDocument, type ScimDocument } from './scim-request.ts';
import { sourceAttributes } from './source-attributes.ts';

/** The enterprise user extension (RFC 7643 §4.3). */
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Where an attribute sits in a SCIM user: at the top, in a complex one, in an element by `type`, or in the extension. */
export type Place = {
  readonly parent?: string;
  /** The `type` of the element of a multi-valued parent. */
  readonly type?: string;
  readonly extension?: true;
  readonly name: string;
};

/** One row of the attribute mapping; `source` is the expression by which Entra writes where the value comes from. */
export type MappedAttribute = Place & {
  readonly source: string;
  readonly read: (user: User, settings: JobSettings) => string | boolean | null;
};

/** Entra's default mapping of users (use-scim-to-provision-users-and-groups); the manager is mapped as a reference apart. */
export const userMapping: readonly MappedAttribute[] = [
  {
    name: 'externalId',
    source: '[mailNickname]',
    read: (user, { mapping }) => (mapping.externalId === 'objectId' ? user.id : user.mailNickname),
  },
  { name: 'userName', source: '[userPrincipalName]', read: (user) => user.userPrincipalName },
  {
    name: 'active',
    source: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    read: (user) => user.accountEnabled && user.deletedDateTime === null,
  },
  { name: 'displayName', source: '[displayName]', read: (user) => user.displayName },
  { name: 'title', source: '[jobTitle]', read: (user) => user.jobTitle },
  { name: 'preferredLanguage', source: '[preferredLanguage]', read: (user) => user.preferredLanguage },
  { parent: 'emails', type: 'work', name: 'value', source: '[mail]', read: (user) => user.mail },
  { parent: 'emails', type: 'other', name: 'value', source: '[proxyAddresses]', read: (user) => secondAddress(user) },
  { parent: 'name', name: 'givenName', source: '[givenName]', read: (user) => user.givenName },
  { parent: 'name', name: 'familyName', source: '[surname]', read: (user) => user.surname },
  { parent: 'name', name: 'formatted', source: 'Join(" ", [givenName], [surname])', read: (user) => fullName(user) },
  {
    parent: 'addresses',
    type: 'work',
    name: 'formatted',
    source: '[physicalDeliveryOfficeName]',
    read: (user) => user.officeLocation,
  },
  {
    parent: 'addresses',
    type: 'work',
    name: 'streetAddress',
    source: '[streetAddress]',
    read: (user) => user.streetAddress,
  },
  { parent: 'addresses', type: 'work', name: 'locality', source: '[city]', read: (user) => user.city },
  { parent: 'addresses', type: 'work', name: 'region', source: '[state]', read: (user) => user.state },
  { parent: 'addresses', type: 'work', name: 'postalCode', source: '[postalCode]', read: (user) => user.postalCode },
  { parent: 'addresses', type: 'work', name: 'country', source: '[country]', read: (user) => user.country },
  {
    parent: 'phoneNumbers',
    type: 'work',
    name: 'value',
    source: '[telephoneNumber]',
    read: (user) => user.businessPhones[0] ?? null,
  },
  { parent: 'phoneNumbers', type: 'mobile', name: 'value', source: '[mobile]', read: (user) => user.mobilePhone },
  {
    parent: 'phoneNumbers',
    type: 'fax',
    name: 'value',
    source: '[facsimileTelephoneNumber]',
    read: (user) => user.faxNumber,
  },
  { extension: true, name: 'employeeNumber', source: '[employeeId]', read: (user) => user.employeeId },
  { extension: true, name: 'department', source: '[department]', read: (user) => user.department },
];

/** The value of a mapped attribute: by the default mapping, or from where the job's own one takes it. */
export function readMapped(row: MappedAttribute, user: User, settings: JobSettings): string | boolean | null {
  const { sources } = settings.mapping;
  if (sources === undefined) return row.read(user, settings);
  const source = sources[pathOf(row)];
  if (source === undefined) return row.read(user, settings);
  return source === null ? null : sourceAttributes[source](user);
}

/** The path of an attribute as Entra writes it in PATCH. */
export function pathOf({ parent, type, extension, name }: Place): string {
  if (extension) return `${enterpriseUrn}:${name}`;
  if (parent === undefined) return name;
  return type === undefined ? `${parent}.${name}` : `${parent}[type eq "${type}"].${name}`;
}

/** What the target holds at a place; undefined when nothing is there. */
export function readTarget(resource: ScimDocument, { parent, type, extension, name }: Place): unknown {
  if (extension) return member(resource[enterpriseUrn], name);
  if (parent === undefined) return resource[name];
  const holder = resource[parent];
  if (type === undefined) return member(holder, name);
  const element = Array.isArray(holder) ? holder.find((item) => isDocument(item) && item['type'] === type) : undefined;
  return member(element, name);
}

/** The mapping by path. */
export const rowByPath: ReadonlyMap<string, MappedAttribute> = new Map(userMapping.map((row) => [pathOf(row), row]));

/** The rows of each part of a user, sorted out once and not for every user. */
const rows = {
  top: userMapping.filter(({ parent, extension }) => parent === undefined && extension === undefined),
  name: userMapping.filter(({ parent }) => parent === 'name'),
  emails: byType('emails'),
  addresses: byType('addresses'),
  phoneNumbers: byType('phoneNumbers'),
  extension: userMapping.filter(({ extension }) => extension),
};

/** The body of a create as Entra sends it: absent parts as explicit null, `roles` empty, no manager. */
export function userDocument(user: User, settings: JobSettings): ScimDocument {
  const read = (part: readonly MappedAttribute[], absent: boolean): Record<string, unknown> => {
    const values: Record<string, unknown> = {};
    for (const row of part) {
      const value = readMapped(row, user, settings);
      if (absent || value !== null) values[row.name] = value;
    }
    return values;
  };
  const elements = (parts: ReturnType<typeof byType>): ScimDocument[] | null => {
    const list = parts.flatMap(({ type, primary, part }) => {
      const values = read(part, false);
      return Object.keys(values).length === 0 ? [] : [{ ...primary, type, ...values }];
    });
    return list.length === 0 ? null : list;
  };
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterpriseUrn],
    ...read(rows.top, true),
    emails: elements(rows.emails),
    meta: { resourceType: 'User' },
    name: read(rows.name, true),
    addresses: elements(rows.addresses),
    phoneNumbers: elements(rows.phoneNumbers),
    roles: [],
    [enterpriseUrn]: { ...read(rows.extension, true), manager: null },
  };
}

/** The elements of a multi-valued attribute with their rows. */
function byType(parent: string) {
  const ofParent = userMapping.filter((row) => row.parent === parent);
  return [...Map.groupBy(ofParent, ({ type }) => type)].map(([type, part]) => ({
    type,
    primary: parent === 'emails' && type === 'work' ? { primary: true } : {},
    part,
  }));
}

function member(holder: unknown, name: string): unknown {
  return isDocument(holder) ? holder[name] : undefined;
}

function fullName({ givenName, surname }: User): string | null {
  const parts = [givenName, surname].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

/** The first address that is not the primary one; the directory marks secondary ones by a lower-case `smtp:`. */
function secondAddress({ proxyAddresses }: User): string | null {
  return proxyAddresses.find((address) => address.startsWith('smtp:'))?.slice('smtp:'.length) ?? null;
}
