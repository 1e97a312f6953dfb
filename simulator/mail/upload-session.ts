import { z } from 'zod';
import { toIso } from '../clock.ts';
import type { Tenant } from '../directory/tenant.ts';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { readGraphBody } from '../graph/read-graph-body.ts';
import { clouds } from '../hosts/clouds.ts';
import { microsoftHosts } from '../hosts/names.ts';
import { type Answer, type Exchange, header, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { countUpload, itemNotFound } from './mail-call.ts';
import { addAttachment, findMessage, type Mailbox, newId } from './mailbox.ts';
import type { Message } from './message.ts';

/** A large file on its way into a draft, piece by piece. */
export type UploadSession = {
  readonly tenantId: string;
  readonly userId: string;
  /** Immutable id of the message. */
  readonly messageId: string;
  readonly appId: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly isInline: boolean;
  readonly contentId: string | null;
  readonly pieces: Buffer[];
  /** Where the next piece begins. */
  next: number;
  readonly expiresAt: number;
};

const mebibyte = 1024 * 1024;

/** Smaller files go in one request, larger ones by a session (outlook-large-attachments). */
export const smallestSession = 3 * mebibyte;
const largest = 150 * mebibyte;
const lifetimeMs = 24 * 3_600_000;

const wanted = z.strictObject({
  AttachmentItem: z.strictObject({
    attachmentType: z.literal('file'),
    name: z.string().min(1).max(256),
    size: z.int().positive(),
    contentType: z.string().max(256).nullish(),
    isInline: z.boolean().nullish(),
    contentId: z.string().nullish(),
  }),
});

/**
 * Answers `attachments/createUploadSession`. Throws 400 ErrorAttachmentSizeShouldNotBeLessThanMinimumSize for less than 3 MB,
 * ErrorAttachmentSizeLimitExceeded for more than 150 MB.
 */
export function answerUploadSession(
  { world, exchange, caller }: GraphCall,
  mailbox: Mailbox,
  message: Message,
): Answer {
  const { AttachmentItem: item } = readGraphBody(exchange, wanted);
  if (item.size < smallestSession) {
    throw new GraphError(
      400,
      'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize',
      'Attachment size must be greater than the minimum size.',
    );
  }
  if (item.size > largest)
    throw new GraphError(400, 'ErrorAttachmentSizeLimitExceeded', 'The attachment exceeds the maximum size of 150 MB.');
  const token = newId();
  const session: UploadSession = {
    tenantId: mailbox.tenant.id,
    userId: mailbox.owner.id,
    messageId: message.immutableId,
    appId: caller.appId,
    name: item.name,
    contentType: item.contentType ?? 'application/octet-stream',
    size: item.size,
    isInline: item.isInline ?? false,
    contentId: item.contentId ?? null,
    pieces: [],
    next: 0,
    expiresAt: world.clock.now() + lifetimeMs,
  };
  world.mail.uploads.set(token, session);
  const body = {
    '@odata.context': `${exchange.origin}/v1.0/$metadata#microsoft.graph.uploadSession`,
    uploadUrl: `${messageUrl(exchange, mailbox.tenant, session, message)}/AttachmentSessions('${token}')?authtoken=${token}`,
    expirationDateTime: toIso(session.expiresAt),
    nextExpectedRanges: ['0-'],
  };
  return json(201, body, requestIds(exchange));
}

/** What the address of an upload session answers; it needs no token, for it is one. */
export function uploadRoutes(world: World): Routes {
  const path = '/api/v2.0/Users/:user/Messages/:message/AttachmentSessions/:session';
  return {
    [`PUT ${path}`]: (exchange, _user, _message, token) => {
      const session = sessionOf(world, exchange, token);
      takePiece(world, exchange, session);
      if (session.next < session.size) return json(200, progress(session));
      const mailbox = mailboxOf(world, session);
      const message = mailbox === undefined ? undefined : findMessage(mailbox, session.messageId);
      if (mailbox === undefined || message === undefined) throw itemNotFound();
      const { name, contentType, isInline, contentId } = session;
      const file = { id: newId(), name, contentType, isInline, contentId, content: Buffer.concat(session.pieces) };
      addAttachment(mailbox, message, file, world.clock.now());
      world.mail.uploads.delete(token);
      const location = `${messageUrl(exchange, mailbox.tenant, session, message)}/Attachments('${file.id}')`;
      return { status: 201, headers: { location, ...requestIds(exchange) } };
    },
    [`GET ${path}`]: (exchange, _user, _message, token) => json(200, progress(sessionOf(world, exchange, token))),
    [`DELETE ${path}`]: (exchange, _user, _message, token) => {
      sessionOf(world, exchange, token);
      world.mail.uploads.delete(token);
      return { status: 204 };
    },
  };
}

function sessionOf(world: World, exchange: Exchange, token: string): UploadSession {
  if (header(exchange, 'authorization') !== undefined)
    throw new GraphError(401, 'InvalidAuthenticationToken', 'The upload address takes no Authorization header.');
  const session = world.mail.uploads.get(token);
  if (session === undefined || exchange.url.searchParams.get('authtoken') !== token) throw itemNotFound();
  if (world.clock.now() < session.expiresAt) return session;
  throw new GraphError(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
}

/** Takes the next bytes. Pieces come in order, each where the one before ended: anything else is 416. */
function takePiece(world: World, exchange: Exchange, session: UploadSession): void {
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header(exchange, 'content-range') ?? '');
  if (range === null)
    throw new GraphError(
      400,
      'ErrorInvalidArgument',
      'The header Content-Range: bytes {start}-{end}/{total} is needed.',
    );
  const [start, end, total] = range.slice(1).map(Number);
  const { length } = exchange.body;
  if (start !== session.next || total !== session.size || end !== session.next + length - 1 || end >= session.size) {
    throw new GraphError(
      416,
      'ErrorInvalidRange',
      `The range is not the next one: ${session.next}-${session.size - 1}/${session.size} is expected.`,
    );
  }
  countUpload(world, session.tenantId, session.appId, session.userId, length);
  session.pieces.push(exchange.body);
  session.next += length;
}

function progress(session: UploadSession): Record<string, unknown> {
  return { ExpirationDateTime: toIso(session.expiresAt), nextExpectedRanges: [String(session.next)] };
}

/** At the cloud's own host for large files, for who asked by one of Microsoft's names. */
function messageUrl(exchange: Exchange, tenant: Tenant, { userId }: UploadSession, message: Message): string {
  const named = microsoftHosts.has(exchange.url.hostname);
  const origin = named ? `https://${clouds[tenant.cloud].outlookHost}` : exchange.origin;
  return `${origin}/api/v2.0/Users('${userId}@${tenant.id}')/Messages('${message.id}')`;
}

function mailboxOf(world: World, { tenantId, userId }: UploadSession): Mailbox | undefined {
  const tenant: Tenant | undefined = world.tenants.get(tenantId);
  return tenant?.users.has(userId) ? world.mail.mailboxes.get(userId) : undefined;
}
