import type { Folder, Mailbox } from '../mail/mailbox.ts';
import { openMailbox } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import type { Wire } from '../wire/wire.ts';
import type { World } from '../world.ts';
import { flagsOf, messagesOf } from './messages.ts';
import type { Argument } from './read-command.ts';

/** The folder a client has open, as far as it was told of it. */
export type Selected = {
  readonly folderId: string;
  readonly isReadOnly: boolean;
  /** UID and flags of each message, in the order of its number. */
  known: { readonly uid: number; readonly flags: string }[];
};

/** One client at IMAP. Mailboxes are looked up for each command: a snapshot may have come in the world's place. */
export type Session = {
  readonly world: World;
  readonly wire: Wire;
  /** Whose mailbox; undefined before AUTHENTICATE. Not connected: the identity is fine, the mailbox is not open to it. */
  owner: { readonly tenantId: string; readonly userId: string; readonly isConnected: boolean } | undefined;
  selected: Selected | undefined;
};

/** What a command ends in: `OK …`, `NO …`, `BAD …`. */
export type Result = string;

/** Carries out one command. */
export type Handler = (session: Session, mailbox: Mailbox, rest: readonly Argument[]) => Result | Promise<Result>;

/** Sends a line without tag. */
export function tell({ wire }: Session, line: string): void {
  wire.write(Buffer.from(`* ${line}\r\n`, 'latin1'));
}

/** The mailbox of a session; undefined when it is not signed in, not connected, or gone. */
export function mailboxOf({ world, owner }: Session): Mailbox | undefined {
  const tenant = world.tenants.get(owner?.tenantId ?? '');
  const user = tenant?.users.get(owner?.userId ?? '');
  if (tenant === undefined || user === undefined || owner?.isConnected !== true) return undefined;
  return openMailbox(world.mail, tenant, user);
}

/** Opens a folder and tells what a client has to know of it (RFC 3501 §6.3.1). */
export function selectFolder(session: Session, mailbox: Mailbox, folder: Folder, isReadOnly: boolean): void {
  const messages = messagesOf(mailbox, folder.id);
  session.selected = { folderId: folder.id, isReadOnly, known: messages.map(seen) };
  const firstUnseen = messages.findIndex(({ isRead }) => !isRead);
  tell(session, `${messages.length} EXISTS`);
  tell(session, '0 RECENT');
  tell(session, 'FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)');
  const kept = isReadOnly ? '()' : '(\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)';
  tell(session, `OK [PERMANENTFLAGS ${kept}] Permanent flags`);
  if (firstUnseen >= 0) tell(session, `OK [UNSEEN ${firstUnseen + 1}] Is the first unseen message`);
  tell(session, `OK [UIDVALIDITY ${uidValidity}] UIDVALIDITY value`);
  tell(session, `OK [UIDNEXT ${mailbox.sequence + 1}] The next unique identifier value`);
}

/** UIDs are never used again, in whatever folder; so this one stays as well. */
export const uidValidity = 14;

/** Tells what others changed in the open folder. Numbers must not move under commands that name messages by them. */
export function tellChanges(session: Session, mailbox: Mailbox, mayExpunge: boolean): void {
  const { selected } = session;
  if (selected === undefined) return;
  const messages = messagesOf(mailbox, selected.folderId);
  const present = new Map(messages.map((message) => [message.arrived, message]));
  if (mayExpunge) {
    for (let place = selected.known.length - 1; place >= 0; place -= 1) {
      if (present.has(selected.known[place]?.uid ?? 0)) continue;
      selected.known.splice(place, 1);
      tell(session, `${place + 1} EXPUNGE`);
    }
  }
  for (const [place, { uid, flags }] of selected.known.entries()) {
    const message = present.get(uid);
    if (message === undefined || flagsOf(message) === flags) continue;
    selected.known[place] = seen(message);
    tell(session, `${place + 1} FETCH (UID ${uid} FLAGS ${flagsOf(message)})`);
  }
  const last = selected.known.at(-1)?.uid ?? 0;
  const fresh = messages.filter(({ arrived }) => arrived > last);
  if (fresh.length === 0) return;
  selected.known.push(...fresh.map(seen));
  tell(session, `${selected.known.length} EXISTS`);
}

/** Notes that the client knows the flags of a message. */
export function noteFlags({ selected }: Session, message: Message): void {
  const place = selected?.known.findIndex(({ uid }) => uid === message.arrived) ?? -1;
  if (selected !== undefined && place >= 0) selected.known[place] = seen(message);
}

const seen = (message: Message) => ({ uid: message.arrived, flags: flagsOf(message) });
