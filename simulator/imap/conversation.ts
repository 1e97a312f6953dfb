import { setTimeout as delay } from 'node:timers/promises';
import { casMailboxOf, organizationOf } from '../exchange/organization.ts';
import {
  holdsMailbox,
  isKnownToExchange,
  mailboxNamed,
  openExchangeToken,
  readXoauth2,
} from '../exchange/protocol-token.ts';
import type { Wire } from '../wire/wire.ts';
import type { World } from '../world.ts';
import { folderCommands } from './folder-commands.ts';
import { messageCommands } from './message-commands.ts';
import { type Command, CommandFault, readCommand, textOf } from './read-command.ts';
import { type Handler, mailboxOf, type Session, tell, tellChanges } from './session.ts';

const capabilities =
  'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+';
const commands: Readonly<Record<string, Handler>> = { ...folderCommands, ...messageCommands };

/** Commands during which numbers of messages stay as they are (RFC 3501 §7.4.1). */
const keepNumbers = ['FETCH', 'STORE', 'SEARCH'];

/** How often an idling client's folder is looked at, in milliseconds of real time. */
const idleMs = 50;

/** Talks to a client of IMAP as outlook.office365.com:993 does (RFC 3501, Exchange's own words). */
export async function converse(world: World, wire: Wire): Promise<void> {
  const session: Session = { world, wire, owner: undefined, selected: undefined };
  const place = Buffer.from('AM0PR01CA0001.EURPRD01.PROD.EXCHANGELABS.COM', 'utf16le').toString('base64');
  tell(session, `OK The Microsoft Exchange IMAP4 service is ready. [${place}]`);
  for (;;) {
    const command = await readCommand(wire).catch((error: unknown) => {
      if (error instanceof CommandFault) return error;
      throw error;
    });
    if (command === undefined) return;
    if (command instanceof Error) {
      tell(session, `BAD ${command.message}`);
      continue;
    }
    const result = await answer(session, command).catch((error: unknown) => {
      if (error instanceof CommandFault) return `BAD ${error.message}`;
      throw error;
    });
    wire.write(`${command.tag} ${result}\r\n`);
    if (command.name === 'LOGOUT') return;
  }
}

async function answer(session: Session, command: Command): Promise<string> {
  const { name, rest } = command;
  switch (name) {
    case 'CAPABILITY':
      tell(session, `CAPABILITY ${capabilities}`);
      return 'OK CAPABILITY completed.';
    case 'ID':
      tell(session, 'ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")');
      return 'OK ID completed';
    case 'LOGOUT':
      tell(session, 'BYE Microsoft Exchange Server IMAP4 server signing off.');
      return 'OK LOGOUT completed.';
    case 'AUTHENTICATE':
      return authenticate(session, command);
    case 'LOGIN':
      return session.owner === undefined ? 'NO LOGIN failed.' : 'BAD Command received in Invalid state.';
    default:
  }
  const handle = commands[name];
  if (handle === undefined && name !== 'NOOP' && name !== 'IDLE') return 'BAD Command Error. 12';
  if (session.owner === undefined)
    return name === 'NOOP' ? 'OK NOOP completed.' : 'BAD Command received in Invalid state.';
  const mailbox = mailboxOf(session);
  if (mailbox === undefined) return 'BAD User is authenticated but not connected.';
  if (name === 'IDLE') return idle(session);
  const result = handle === undefined ? 'OK NOOP completed.' : await handle(session, mailbox, rest);
  tellChanges(session, mailbox, !keepNumbers.includes(name));
  return result;
}

/**
 * Signs in by XOAUTH2, with or without initial response. A token that is none, an app that Exchange does not know, IMAP switched
 * off: `NO`. No right on the mailbox named, or none of that name: `OK`, and nothing after it works.
 */
async function authenticate(session: Session, { rest }: Command): Promise<string> {
  if (session.owner !== undefined) return 'BAD Command received in Invalid state.';
  const failed = 'NO AUTHENTICATE failed.';
  const mechanism = textOf(rest[0]).toUpperCase();
  if (mechanism !== 'XOAUTH2' && mechanism !== 'PLAIN') return 'NO Unsupported authentication mechanism.';
  if (rest[1] === undefined) session.wire.write('+ \r\n');
  const initial = rest[1] === undefined ? ((await session.wire.line()) ?? '*') : textOf(rest[1]);
  if (initial === '*') return 'BAD AUTHENTICATE aborted.';
  const { world } = session;
  const sent = mechanism === 'PLAIN' ? undefined : readXoauth2(initial);
  const caller = sent && (await openExchangeToken(world, sent.token));
  if (sent === undefined || caller === undefined || !isKnownToExchange(world, caller)) return failed;
  const needed = caller.userId === undefined ? 'IMAP.AccessAsApp' : 'IMAP.AccessAsUser.All';
  if (!caller.permissions.has(needed)) return failed;
  const mailbox = mailboxNamed(world, caller, sent.user);
  const userId = mailbox?.owner.id ?? '';
  if (mailbox !== undefined && !casMailboxOf(organizationOf(world, caller.tenant.id), userId).imapEnabled)
    return failed;
  const isConnected = mailbox !== undefined && holdsMailbox(world, caller, mailbox, 'fullAccess');
  session.owner = { tenantId: caller.tenant.id, userId, isConnected };
  return 'OK AUTHENTICATE completed.';
}

/** Tells of changes until the client says DONE (RFC 2177). */
async function idle(session: Session): Promise<string> {
  const { wire } = session;
  wire.write('+ IDLE accepted, awaiting DONE command.\r\n');
  while (!wire.hasLine() && !wire.ended()) {
    const mailbox = mailboxOf(session);
    if (mailbox !== undefined) tellChanges(session, mailbox, true);
    await Promise.race([wire.arrival(), delay(idleMs, undefined, { ref: false })]);
  }
  const line = await wire.line();
  return line?.toUpperCase() === 'DONE' ? 'OK IDLE completed.' : 'BAD Expected DONE.';
}
