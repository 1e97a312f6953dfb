import { findUser, type User } from '../directory/tenant.ts';
import { type AppAccess, appAccess, hasMailboxRight } from '../exchange/mailbox-access.ts';
import { organizationOf } from '../exchange/organization.ts';
import { hasAnyRole } from '../exchange/roles-of-app.ts';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { World } from '../world.ts';
import { type Folder, findFolder, findMessage, type Mailbox, openMailbox } from './mailbox.ts';
import type { Message } from './message.ts';

/** Requests of one app to one mailbox: those under way, those of the running ten minutes, and bytes of the running five. */
export type MailboxLoad = {
  inFlight: number;
  windowStart: number;
  windowCount: number;
  uploadStart: number;
  uploadBytes: number;
};

/** What reading mail needs one of. */
export const reading = ['Mail.Read', 'Mail.ReadWrite'] as const;

/** Exchange's limits for an app id and mailbox (Microsoft Graph throttling limits). */
const limits = {
  concurrent: 4,
  windowMs: 600_000,
  uploadMs: 300_000,
} as const;

/**
 * Opens the mailbox a mail request is about. In this order: 403 ErrorAccessDenied without one of the permissions, 404
 * ErrorInvalidUser for nobody, 404 MailboxNotEnabledForRESTAPI for somebody without mailbox, 429 beyond the limits.
 */
export function openForMail(call: GraphCall, userKey: string, ...anyOf: readonly string[]): Mailbox {
  const { world, caller } = call;
  const key = userKey.toLowerCase() === 'me' ? (caller.userId ?? '') : userKey;
  const user = findUser(caller.tenant, key);
  const access = accessOf(call, user, anyOf);
  if (access === 'noPermission')
    throw new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  if (access === 'policy') {
    throw new GraphError(
      403,
      'ErrorAccessDenied',
      'Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.',
    );
  }
  if (user === undefined) throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${userKey}' is invalid.`);
  const mailbox = openMailbox(world.mail, caller.tenant, user);
  if (mailbox === undefined) {
    throw new GraphError(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    );
  }
  countRequest(call, mailbox);
  return mailbox;
}

/** Whether the caller may also do, in a mailbox that is open already, what one of these permissions is for. */
export function mayAlso(call: GraphCall, { owner }: Mailbox, ...anyOf: readonly string[]): boolean {
  return accessOf(call, owner, anyOf) === 'granted';
}

/** Finds a folder by id or well-known name. Throws 404 ErrorItemNotFound. */
export function folderOf(mailbox: Mailbox, key: string): Folder {
  const folder = findFolder(mailbox, key);
  if (folder === undefined) throw itemNotFound();
  return folder;
}

/** Finds a message by either id, in a folder where one is named. Throws 404 ErrorItemNotFound. */
export function messageOf(mailbox: Mailbox, key: string, folder?: Folder): Message {
  const message = findMessage(mailbox, key);
  if (message === undefined || (folder !== undefined && message.folderId !== folder.id)) throw itemNotFound();
  return message;
}

/** What was asked for is not in the mailbox. */
export function itemNotFound(): GraphError {
  return new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

/** An app by its consent, policies and roles; a user in his own mailbox, and where he has FullAccess by the `.Shared` scopes. */
function accessOf({ world, caller }: GraphCall, user: User | undefined, anyOf: readonly string[]): AppAccess {
  const { userId, permissions, tenant } = caller;
  const holds = (suffix: string): boolean => anyOf.some((name) => permissions.has(`${name}${suffix}`));
  if (userId === undefined) {
    if (user !== undefined) return appAccess(world, caller, user, anyOf);
    return holds('') || hasAnyRole(world, caller) ? 'granted' : 'noPermission';
  }
  if (user === undefined) return 'noPermission';
  const own = user.id === userId && holds('');
  const shared = holds('.Shared') && hasMailboxRight(world, tenant.id, 'fullAccess', userId, user);
  return own || shared ? 'granted' : 'noPermission';
}

function countRequest({ world, exchange, caller }: GraphCall, mailbox: Mailbox): void {
  const now = world.clock.now();
  const load = loadOf(world, caller.appId, mailbox.owner.id);
  if (now - load.windowStart >= limits.windowMs) Object.assign(load, { windowStart: now, windowCount: 0 });
  if (load.inFlight >= limits.concurrent) throw throttled('its MailboxConcurrency limit', 1);
  if (load.windowCount >= organizationOf(world, caller.tenant.id).simulation.requestsPerTenMinutes)
    throw throttled('its limit of requests', (load.windowStart + limits.windowMs - now) / 1000);
  countUpload(world, caller.tenant.id, caller.appId, mailbox.owner.id, exchange.body.length);
  load.inFlight += 1;
  load.windowCount += 1;
  exchange.onDone(() => {
    load.inFlight -= 1;
  });
}

/** Counts what an app sends to a mailbox. Throws 429 once 150 MB went there within five minutes. */
export function countUpload(world: World, tenantId: string, appId: string, userId: string, bytes: number): void {
  const { uploadBytesPerFiveMinutes: most } = organizationOf(world, tenantId).simulation;
  const now = world.clock.now();
  const load = loadOf(world, appId, userId);
  if (now - load.uploadStart >= limits.uploadMs) Object.assign(load, { uploadStart: now, uploadBytes: 0 });
  if (bytes > 0 && load.uploadBytes >= most)
    throw throttled('its limit of uploaded bytes', (load.uploadStart + limits.uploadMs - now) / 1000);
  load.uploadBytes += bytes;
}

function loadOf({ mailboxLoads, clock }: World, appId: string, userId: string): MailboxLoad {
  const now = clock.now();
  const fresh = { inFlight: 0, windowStart: now, windowCount: 0, uploadStart: now, uploadBytes: 0 };
  const load = mailboxLoads.get(`${appId}/${userId}`) ?? fresh;
  mailboxLoads.set(`${appId}/${userId}`, load);
  return load;
}

function throttled(limit: string, seconds: number): GraphError {
  return new GraphError(429, 'ApplicationThrottled', `Application is over ${limit}.`, {
    'retry-after': String(Math.ceil(seconds)),
  });
}
