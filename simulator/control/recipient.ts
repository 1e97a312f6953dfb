import { findByAddress, findUser, type Tenant, type User } from '../directory/tenant.ts';
import { ControlError, notFound } from './control-error.ts';

/** Finds whose mailbox is named: by id, user principal name or address. Throws ControlError 404, or 400 that names the field. */
export function recipientOf(tenant: Tenant, key: string, field?: string): User {
  const user = findUser(tenant, key) ?? findByAddress(tenant, key);
  if (user !== undefined) return user;
  if (field === undefined) throw notFound('recipient', key);
  throw new ControlError(400, 'invalidBody', `${field}: there is no recipient '${key}' in the tenant`);
}
