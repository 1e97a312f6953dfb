import type { AttributeStorage } from './bound-attribute.ts';
import { CORE_GROUP } from './core-group.ts';
import { CORE_USER } from './core-user.ts';
import { ENTERPRISE_USER } from './enterprise-user.ts';
import { defineResourceType, type ResourceType } from './resource-type.ts';

const COMMON_STORAGE: Readonly<Record<string, AttributeStorage>> = {
  id: 'column',
  externalId: 'column',
  displayName: 'column',
  schemas: 'computed',
  meta: 'computed',
  'meta.created': 'column',
  'meta.lastModified': 'column',
};

/** Users: RFC 7643 §4.1 with the enterprise extension. */
export const USER_TYPE: ResourceType = defineResourceType({
  name: 'User',
  description: 'User Account',
  endpoint: '/Users',
  schema: CORE_USER,
  extensions: [{ schema: ENTERPRISE_USER, required: false }],
  storage: { ...COMMON_STORAGE, userName: 'column', active: 'column', groups: 'membership' },
});

/** Groups: RFC 7643 §4.2. Their members are rows, never part of the document. */
export const GROUP_TYPE: ResourceType = defineResourceType({
  name: 'Group',
  description: 'Group',
  endpoint: '/Groups',
  schema: CORE_GROUP,
  extensions: [],
  storage: { ...COMMON_STORAGE, members: 'membership' },
});
