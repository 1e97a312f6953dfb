import {
  changeMailbox,
  createMailbox,
  deleteMailbox,
  getMailbox,
  getMessage,
  pageOfMailboxes,
  pageOfMessages,
  sendMessage,
} from '#mail';
import type { Handlers } from './handler.ts';

/** Mailboxes and messages. */
export const mailHandlers: Handlers<
  | 'mailboxes.list'
  | 'mailboxes.create'
  | 'mailboxes.get'
  | 'mailboxes.update'
  | 'mailboxes.delete'
  | 'messages.list'
  | 'messages.send'
  | 'messages.get'
> = {
  'mailboxes.list': (world, { organizationId, params, query }) =>
    pageOfMailboxes(world, organizationId, params.connection, query),
  'mailboxes.create': (world, { cause, organizationId, params, body }) =>
    createMailbox(world, cause, organizationId, params.connection, body),
  'mailboxes.get': (world, { organizationId, params }) =>
    getMailbox(world, { organizationId, connectionId: params.connection, id: params.mailbox }),
  'mailboxes.update': (world, { cause, organizationId, params, body, version }) =>
    changeMailbox(world, cause, { organizationId, connectionId: params.connection, id: params.mailbox }, body, version),
  'mailboxes.delete': async (world, { cause, organizationId, params, version }) =>
    void (await deleteMailbox(
      world,
      cause,
      { organizationId, connectionId: params.connection, id: params.mailbox },
      version,
    )),
  'messages.list': (world, { organizationId, params, query }) =>
    pageOfMessages(world, organizationId, params.connection, query),
  'messages.send': (world, { cause, organizationId, params, body, idempotencyKey }) =>
    sendMessage(world, cause, organizationId, params.connection, body, idempotencyKey),
  'messages.get': (world, { organizationId, params }) =>
    getMessage(world, organizationId, params.connection, params.message),
};
