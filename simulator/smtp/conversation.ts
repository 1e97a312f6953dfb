import { randomBytes } from 'node:crypto';
import { type Mailbox, openMailbox } from '../mail/mailbox.ts';
import type { Recipient } from '../mail/message.ts';
import { parseAddresses } from '../mail/mime-parse.ts';
import { limitsOf } from '../mail/submit.ts';
import type { Wire } from '../wire/wire.ts';
import type { World } from '../world.ts';
import { acceptMessage } from './accept-message.ts';
import { refusePassword, type SignIn, type Submitter, signInByToken } from './sign-in.ts';

/** Which connections are signed in, by user id of the mailbox, oldest first. */
export type Connections = Map<string, symbol[]>;

/** So many connections of a mailbox may send at once. */
const mostAtOnce = 3;
/** Largest message, in bytes. */
const largest = 150 * 1024 * 1024;

type Conversation = {
  readonly world: World;
  readonly wire: Wire;
  readonly secure: boolean;
  readonly server: string;
  readonly connections: Connections;
  readonly self: symbol;
  hello: boolean;
  submitter: Submitter | undefined;
  from: string | undefined;
  recipients: Recipient[];
  readonly chunks: Buffer[];
};

/** Lines that answer a command. */
type Reply = readonly string[];

/** How a conversation ended: the client wants TLS, or is gone. */
export type Ending = 'starttls' | 'over';

/** Talks to a client of SMTP submission as smtp.office365.com:587 does (RFC 6409, Exchange's own words). */
export async function converse(
  world: World,
  wire: Wire,
  given: { readonly secure: boolean; readonly connections: Connections; readonly client: string },
): Promise<Ending> {
  const { secure, connections } = given;
  const talk: Conversation = {
    world,
    wire,
    secure,
    connections,
    server: 'AM0PR01CA0001.outlook.office365.com',
    self: Symbol(given.client),
    hello: false,
    submitter: undefined,
    from: undefined,
    recipients: [],
    chunks: [],
  };
  // After STARTTLS the client speaks first.
  if (!secure)
    say(talk, `220 ${talk.server} Microsoft ESMTP MAIL Service ready at ${new Date(world.clock.now()).toUTCString()}`);
  try {
    for (let line = await wire.line(); line !== undefined; line = await wire.line()) {
      const [verb = '', ...rest] = line.trim().split(/ +/);
      const command = verb.toUpperCase();
      if (command === 'STARTTLS' && !secure) {
        say(talk, '220 2.0.0 SMTP server ready');
        return 'starttls';
      }
      if (command === 'QUIT') {
        say(talk, '221 2.0.0 Service closing transmission channel');
        return 'over';
      }
      say(talk, ...(await answer(talk, command, rest, line)));
    }
    return 'over';
  } finally {
    const { submitter } = talk;
    const open = connections.get(submitter?.userId ?? '')?.filter((other) => other !== talk.self) ?? [];
    if (submitter !== undefined) connections.set(submitter.userId, open);
  }
}

async function answer(talk: Conversation, command: string, rest: readonly string[], line: string): Promise<Reply> {
  switch (command) {
    case 'EHLO':
    case 'HELO':
      return greet(talk, command, rest[0]);
    case 'AUTH':
      return authenticate(talk, rest);
    case 'MAIL':
      return mailFrom(talk, line);
    case 'RCPT':
      return recipientTo(talk, line);
    case 'DATA':
      return data(talk);
    case 'BDAT':
      return chunk(talk, rest);
    case 'RSET':
      reset(talk);
      return reply('250 2.0.0 Resetting');
    case 'NOOP':
      return reply('250 2.0.0 OK');
    default:
      return reply('500 5.3.3 Unrecognized command');
  }
}

const reply = (...lines: readonly string[]): Reply => lines;

function say({ wire }: Conversation, ...lines: readonly string[]): void {
  const last = lines.length - 1;
  const told = lines.map((line, place) => (place < last ? line.replace(/^(\d{3}) /, '$1-') : line));
  wire.write(told.map((line) => `${line.replace(/[\r\n]+/g, ' ')}\r\n`).join(''));
}

function greet(talk: Conversation, command: string, client = ''): Reply {
  if (client === '') return reply('501 5.5.4 Invalid domain name');
  talk.hello = true;
  reset(talk);
  const hello = `250 ${talk.server} Hello [127.0.0.1]`;
  if (command === 'HELO') return reply(hello);
  const more = talk.secure ? ['AUTH LOGIN XOAUTH2'] : ['STARTTLS'];
  const features = [`SIZE ${largest}`, 'PIPELINING', 'DSN', 'ENHANCEDSTATUSCODES', ...more];
  return reply(hello, ...[...features, '8BITMIME', 'BINARYMIME', 'CHUNKING', 'SMTPUTF8'].map((name) => `250 ${name}`));
}

/** Only by TLS, only once. A client that sends `*` gives up (RFC 4954 §4). */
async function authenticate(talk: Conversation, [mechanism = '', initial]: readonly string[]): Promise<Reply> {
  if (!talk.hello) return reply('503 5.5.2 Send hello first');
  if (talk.submitter !== undefined) return reply('503 5.5.1 Already authenticated');
  const method = mechanism.toUpperCase();
  if (!talk.secure || !['XOAUTH2', 'LOGIN'].includes(method))
    return reply('504 5.7.4 Unrecognized authentication type');
  const ask = async (challenge: string): Promise<string> => {
    say(talk, `334 ${challenge}`);
    return (await talk.wire.line()) ?? '*';
  };
  if (method === 'LOGIN') {
    const user = initial ?? (await ask('VXNlcm5hbWU6'));
    if (user === '*' || (await ask('UGFzc3dvcmQ6')) === '*') return reply('501 5.7.0 Authentication aborted');
    return settle(talk, refusePassword(talk.world, Buffer.from(user, 'base64').toString()));
  }
  const token = initial ?? (await ask(''));
  if (token === '*') return reply('501 5.7.0 Authentication aborted');
  return settle(talk, await signInByToken(talk.world, token));
}

function settle(talk: Conversation, outcome: SignIn): Reply {
  if ('refusal' in outcome) {
    const time = new Date(talk.world.clock.now()).toISOString();
    const tail = outcome.refusal.startsWith('550') ? '' : ` [${talk.server} ${time} ${traceId()}]`;
    return reply(`${outcome.refusal}${tail}`);
  }
  talk.submitter = outcome;
  talk.connections.set(outcome.userId, [...(talk.connections.get(outcome.userId) ?? []), talk.self]);
  return reply('235 2.7.0 Authentication successful');
}

const traceId = (): string => randomBytes(8).toString('hex').toUpperCase();

function mailFrom(talk: Conversation, line: string): Reply {
  if (!talk.hello) return reply('503 5.5.2 Send hello first');
  if (talk.submitter === undefined) return reply(`530 5.7.57 Client not authenticated to send mail. [${talk.server}]`);
  if (talk.from !== undefined) return reply('503 5.5.2 Sender already specified');
  const match = /^MAIL FROM:\s*<([^<>]*)>(.*)$/i.exec(line);
  if (match === null) return reply('501 5.5.4 Invalid arguments');
  const size = Number(/\bSIZE=(\d+)/i.exec(match[2] ?? '')?.[1] ?? 0);
  if (size > largest) return reply('552 5.3.4 Message size exceeds fixed maximum message size');
  talk.from = match[1] ?? '';
  return reply('250 2.1.0 Sender OK');
}

function recipientTo(talk: Conversation, line: string): Reply {
  const mailbox = mailboxOf(talk);
  if (talk.from === undefined || mailbox === undefined) return reply('503 5.5.2 Need mail command');
  const [recipient] = parseAddresses(/^RCPT TO:\s*(<[^<>]+>)/i.exec(line)?.[1]);
  if (recipient === undefined) return reply('501 5.1.3 Invalid address');
  if (talk.recipients.length >= limitsOf(talk.world, mailbox).recipients) return reply('452 4.5.3 Too many recipients');
  talk.recipients.push(recipient);
  return reply('250 2.1.5 Recipient OK');
}

async function data(talk: Conversation): Promise<Reply> {
  if (talk.recipients.length === 0) return reply('503 5.5.2 Need rcpt command');
  say(talk, '354 Start mail input; end with <CRLF>.<CRLF>');
  // A line break in front lets an empty message end, too.
  talk.wire.unread('\r\n');
  const stuffed = await talk.wire.until('\r\n.\r\n', largest);
  if (stuffed === undefined) return [];
  const text = stuffed
    .toString('latin1')
    .slice(2)
    .replace(/(^|\r\n)\.\./g, '$1.');
  return finish(talk, Buffer.from(`${text}\r\n`, 'latin1'));
}

/** BDAT (RFC 3030). */
async function chunk(talk: Conversation, [size = '', last]: readonly string[]): Promise<Reply> {
  if (!/^\d{1,9}$/.test(size)) return reply('501 5.5.4 Invalid arguments');
  const piece = await talk.wire.bytes(Number(size));
  if (piece === undefined) return [];
  if (talk.recipients.length === 0) return reply('503 5.5.2 Need rcpt command');
  talk.chunks.push(piece);
  if (last?.toUpperCase() !== 'LAST') return reply(`250 2.0.0 CHUNK received OK, ${size} octets`);
  return finish(talk, Buffer.concat(talk.chunks));
}

function finish(talk: Conversation, mime: Buffer): Reply {
  const { submitter, from = '', recipients } = talk;
  const mailbox = mailboxOf(talk);
  reset(talk);
  if (submitter === undefined || mailbox === undefined) return reply('451 4.3.0 The mailbox is gone');
  const open = talk.connections.get(submitter.userId) ?? [];
  const host = `[Hostname=${talk.server}]`;
  if (open.indexOf(talk.self) >= mostAtOnce) {
    const visit = 'Visit https://aka.ms/concurrent_sending for more information.';
    return reply(`432 4.3.2 Concurrent connections limit exceeded. ${visit} ${host}`);
  }
  return reply(`${acceptMessage(talk.world, mailbox, submitter.trusteeId, { from, recipients, mime })} ${host}`);
}

/** Looked up each time: a snapshot may have come in the world's place. */
function mailboxOf({ world, submitter }: Conversation): Mailbox | undefined {
  const tenant = world.tenants.get(submitter?.tenantId ?? '');
  const owner = tenant?.users.get(submitter?.userId ?? '');
  return tenant === undefined || owner === undefined ? undefined : openMailbox(world.mail, tenant, owner);
}

function reset(talk: Conversation): void {
  talk.from = undefined;
  talk.recipients = [];
  talk.chunks.length = 0;
}
