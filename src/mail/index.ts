/**
 * Owns mailboxes, the outbox and the inbox: messages taken durably and sent once, messages that arrived taken in once, and
 * what became of each. How a message travels is a transport's business.
 * Never does: keep credentials, decide who may send, or deliver events; webhooks are sent from the events recorded here.
 * Start reading at `send-message.ts`, then `outbox.ts`; for what arrives at `inbox.ts`. MIME and the transports are loaded
 * when first used.
 */
import type { CheckOf } from '#connections';
import { checkMailboxes } from './check-mailboxes.ts';

export { changeMailbox, createMailbox, deleteMailbox } from './change-mailbox.ts';
export { receiveNew } from './inbox.ts';
export { getMailbox, type MailboxPlace, pageOfMailboxes } from './mailbox.ts';
export { getMessage, type MessageQuery, pageOfMessages } from './message.ts';
export { sendQueued } from './outbox.ts';
export { removeDeletedMail } from './remove-deleted-mail.ts';
export { sendMessage } from './send-message.ts';

/** D8: the checks of this room. */
export const mailChecks: readonly CheckOf[] = [checkMailboxes];
