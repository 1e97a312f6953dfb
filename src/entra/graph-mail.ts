import type { Graph } from './graph.ts';
import { GraphError } from './graph-error.ts';

// Ids that stay the same when a message moves between folders (Graph outlook-immutable-id.md).
const immutableIds = 'IdType="ImmutableId"';

/** A message as Graph lists it; the whole of it is read by {@link readMime}. */
export interface GraphMessage {
  readonly id: string;
  /** The Message-ID header with its angle brackets. */
  readonly internetMessageId: string | undefined;
  readonly isDraft: boolean;
  readonly subject: string;
  /** Address of the From header. */
  readonly from: string | undefined;
  readonly to: readonly string[];
  /** ISO 8601. */
  readonly receivedAt: string | undefined;
  readonly sentAt: string | undefined;
  readonly hasAttachments: boolean;
}

/** One page of a folder's changes; exactly one of the links is there. */
export interface DeltaPage {
  readonly messages: readonly GraphMessage[];
  /** Ids of messages that left the folder. */
  readonly removed: readonly string[];
  /** More of this round. */
  readonly nextLink: string | undefined;
  /** This round is done; the next begins here. */
  readonly deltaLink: string | undefined;
}

const selected = 'id,internetMessageId,isDraft,subject,from,toRecipients,receivedDateTime,sentDateTime,hasAttachments';

/** Puts a MIME message into Drafts (Graph user-post-messages.md; Mail.ReadWrite). Throws GraphError. */
export async function createDraftMime(graph: Graph, mailbox: string, mime: string | Uint8Array): Promise<GraphMessage> {
  const { body } = await graph.request('POST', `${mailboxPath(mailbox)}/messages`, mimeRequest(mime));
  return readMessage(body);
}

/** Sends a draft; 202 means accepted, not delivered (Graph message-send.md; Mail.Send). Throws GraphError. */
export async function sendDraft(graph: Graph, mailbox: string, id: string): Promise<void> {
  await graph.request('POST', `${mailboxPath(mailbox)}/messages/${segment(id)}/send`, {
    headers: { prefer: immutableIds },
  });
}

/** Sends a MIME message in one request, with a copy in Sent Items (Graph user-sendmail.md; Mail.Send). Not idempotent. Throws GraphError. */
export async function sendMail(graph: Graph, mailbox: string, mime: string | Uint8Array): Promise<void> {
  await graph.request('POST', `${mailboxPath(mailbox)}/sendMail`, mimeRequest(mime));
}

/** The message with that Message-ID in a folder (`drafts`, `sentitems`, `inbox` or an id); undefined where there is none. */
export async function findByInternetMessageId(
  graph: Graph,
  mailbox: string,
  folder: string,
  internetMessageId: string,
): Promise<GraphMessage | undefined> {
  const { body } = await graph.request('GET', `${folderPath(mailbox, folder)}/messages`, {
    headers: { prefer: immutableIds },
    query: {
      $filter: `internetMessageId eq '${internetMessageId.replaceAll("'", "''")}'`,
      $select: selected,
      $top: '1',
    },
  });
  const [first] = listOf(body, 'value');
  return first === undefined ? undefined : readMessage(first);
}

/**
 * One page of what changed in the inbox: from the start without a link (of messages received at `since` or later, ISO 8601),
 * else from a page's `nextLink` or `deltaLink` (Graph message-delta.md). Throws GraphError; {@link isDeltaLost} tells where to begin anew.
 */
export async function inboxDelta(
  graph: Graph,
  mailbox: string,
  {
    link,
    since,
    pageSize = 50,
  }: { readonly link?: string | undefined; readonly since?: string | undefined; readonly pageSize?: number } = {},
): Promise<DeltaPage> {
  const headers = { prefer: `${immutableIds}, odata.maxpagesize=${pageSize}` };
  const { body } = link
    ? await graph.follow(link, headers)
    : await graph.request('GET', `${folderPath(mailbox, 'inbox')}/messages/delta`, {
        headers,
        query: { $select: selected, ...(since === undefined ? {} : { $filter: `receivedDateTime ge ${since}` }) },
      });
  const items = listOf(body, 'value').map((item) => membersOf(item));
  const nextLink = textOf(membersOf(body).get('@odata.nextLink'));
  const deltaLink = textOf(membersOf(body).get('@odata.deltaLink'));
  if ((nextLink === undefined) === (deltaLink === undefined)) {
    throw unreadable('a delta page without exactly one of nextLink and deltaLink');
  }
  return {
    messages: items.filter((item) => !item.has('@removed')).map((item) => readMessage(Object.fromEntries(item))),
    removed: items.filter((item) => item.has('@removed')).map((item) => textOf(item.get('id')) ?? ''),
    nextLink,
    deltaLink,
  };
}

/** Says whether a delta link is no longer known to Graph, so that the folder must be read from the start. */
export function isDeltaLost(error: unknown): boolean {
  if (!(error instanceof GraphError)) return false;
  return error.status === 410 || /^(syncStateNotFound|resyncRequired|syncStateInvalid)$/i.test(error.code);
}

/** A message's MIME text (Graph outlook-get-mime-message.md; Mail.Read). Throws GraphError. */
export async function readMime(graph: Graph, mailbox: string, id: string): Promise<string> {
  const path = `${mailboxPath(mailbox)}/messages/${segment(id)}/$value`;
  const { text } = await graph.request('GET', path, { headers: { prefer: immutableIds, accept: '*/*' } });
  return text;
}

function mimeRequest(mime: string | Uint8Array) {
  const headers = { 'content-type': 'text/plain', prefer: immutableIds };
  return { headers, body: Buffer.from(mime).toString('base64') };
}

function segment(name: string): string {
  // URLs resolve "." and "..", whatever they are written as.
  if (name === '' || name === '.' || name === '..')
    throw new TypeError(`"${name}" is no mailbox, folder or message id`);
  return encodeURIComponent(name);
}

function mailboxPath(mailbox: string): string {
  return `/users/${segment(mailbox)}`;
}

function folderPath(mailbox: string, folder: string): string {
  return `${mailboxPath(mailbox)}/mailFolders/${segment(folder)}`;
}

function readMessage(value: unknown): GraphMessage {
  const members = membersOf(value);
  const id = textOf(members.get('id'));
  if (id === undefined) throw unreadable('a message without an id');
  return {
    id,
    internetMessageId: textOf(members.get('internetMessageId')),
    isDraft: members.get('isDraft') === true,
    subject: textOf(members.get('subject')) ?? '',
    from: addressOf(members.get('from')),
    to: listOf(value, 'toRecipients')
      .map(addressOf)
      .filter((address) => address !== undefined),
    receivedAt: textOf(members.get('receivedDateTime')),
    sentAt: textOf(members.get('sentDateTime')),
    hasAttachments: members.get('hasAttachments') === true,
  };
}

function addressOf(recipient: unknown): string | undefined {
  return textOf(membersOf(membersOf(recipient).get('emailAddress')).get('address'));
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = membersOf(value).get(name);
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unreadable(what: string): GraphError {
  return new GraphError({ status: 200, code: 'unreadable', message: `Graph answered with ${what}` });
}
