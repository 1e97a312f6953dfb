import type { User } from '../directory/tenant.ts';
import type { JobSettings } from './job.ts';
import { isDocument, type ScimDocument } from './scim-request.ts';

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

/** One row of the attribute mapping. */
export type MappedAttribute = Place & { readonly read: (user: User, settings: JobSettings) => string | boolean | null };

/** Entra's default mapping of users (use-scim-to-provision-users-and-groups); the manager is mapped as a reference apart. */
export const userMapping: readonly MappedAttribute[] = [
  {
    name: 'externalId',
    read: (user, { mapping }) => (mapping.externalId === 'objectId' ? user.id : user.mailNickname),
  },
  { name: 'userName', read: (user) => user.userPrincipalName },
  { name: 'active', read: (user) => user.accountEnabled && user.deletedDateTime === null },
  { name: 'displayName', read: (user) => user.displayName },
  { name: 'title', read: (user) => user.jobTitle },
  { name: 'preferredLanguage', read: (user) => user.preferredLanguage },
  { parent: 'emails', type: 'work', name: 'value', read: (user) => user.mail },
  { parent: 'emails', type: 'other', name: 'value', read: (user) => secondAddress(user) },
  { parent: 'name', name: 'givenName', read: (user) => user.givenName },
  { parent: 'name', name: 'familyName', read: (user) => user.surname },
  { parent: 'name', name: 'formatted', read: (user) => fullName(user) },
  { parent: 'addresses', type: 'work', name: 'formatted', read: (user) => user.officeLocation },
  { parent: 'addresses', type: 'work', name: 'streetAddress', read: (user) => user.streetAddress },
  { parent: 'addresses', type: 'work', name: 'locality', read: (user) => user.city },
  { parent: 'addresses', type: 'work', name: 'region', read: (user) => user.state },
  { parent: 'addresses', type: 'work', name: 'postalCode', read: (user) => user.postalCode },
  { parent: 'addresses', type: 'work', name: 'country', read: (user) => user.country },
  { parent: 'phoneNumbers', type: 'work', name: 'value', read: (user) => user.businessPhones[0] ?? null },
  { parent: 'phoneNumbers', type: 'mobile', name: 'value', read: (user) => user.mobilePhone },
  { parent: 'phoneNumbers', type: 'fax', name: 'value', read: (user) => user.faxNumber },
  { extension: true, name: 'employeeNumber', read: (user) => user.employeeId },
  { extension: true, name: 'department', read: (user) => user.department },
];

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
      const value = row.read(user, settings);
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
