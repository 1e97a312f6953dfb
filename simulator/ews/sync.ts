import { EwsError } from './ews-error.ts';
import { placeOf } from './folders.ts';
import { itemView, readItemShape } from './item-view.ts';
import type { EwsCall } from './open-mailbox.ts';
import { child, type Element, element, textAt, textElement } from './xml.ts';

/** How far a client has read, packed into the opaque SyncState. */
type Position = { readonly folderId: string; readonly since: number; readonly first: boolean };

/** Answers SyncFolderItems: what came, changed and left since the state the client sends, oldest change first. */
export function syncFolderItems(call: EwsCall, request: Element): string {
  const { mailbox, folder } = placeOf(call, child(request, 'SyncFolderId')?.children[0]);
  const position = readPosition(textAt(request, 'SyncState'), folder.id, mailbox.sequence);
  const most = Number(textAt(request, 'MaxChangesReturned') ?? 512);
  if (!Number.isInteger(most) || most < 1 || most > 512)
    throw new EwsError('ErrorInvalidSyncRequest', 'MaxChangesReturned must be from 1 to 512.');
  const shape = readItemShape(child(request, 'ItemShape'), true);
  const present = [...mailbox.messages.values()]
    .filter(({ folderId, changed }) => folderId === folder.id && changed > position.since)
    .map((message) => ({
      changed: message.changed,
      xml: element(message.arrived > position.since ? 't:Create' : 't:Update', {}, itemView(message, shape)),
    }));
  const gone = mailbox.departures
    .filter(({ folderId, changed }) => folderId === folder.id && changed > position.since && !position.first)
    .map(({ id, changed }) => ({
      changed,
      xml: element('t:Delete', {}, element('t:ItemId', { Id: id, ChangeKey: 'AQAAAA==' })),
    }));
  const changes = [...present, ...gone].sort((one, two) => one.changed - two.changed);
  const page = changes.slice(0, most);
  const isLast = page.length === changes.length;
  const onward: Position = isLast
    ? { folderId: folder.id, since: mailbox.sequence, first: false }
    : { ...position, since: page.at(-1)?.changed ?? position.since };
  return [
    textElement('m:SyncState', Buffer.from(JSON.stringify(onward)).toString('base64')),
    textElement('m:IncludesLastItemInRange', String(isLast)),
    element('m:Changes', {}, page.map(({ xml }) => xml).join('')),
  ].join('');
}

function readPosition(state: string | undefined, folderId: string, sequence: number): Position {
  if (state === undefined || state === '') return { folderId, since: 0, first: true };
  try {
    const read: unknown = JSON.parse(Buffer.from(state, 'base64').toString());
    if (typeof read === 'object' && read !== null && 'since' in read && 'first' in read && 'folderId' in read) {
      const since = Number(read.since);
      if (read.folderId === folderId && since <= sequence) return { folderId, since, first: read.first === true };
    }
  } catch {
    // Falls through: whatever it was, it is no state of ours.
  }
  throw new EwsError('ErrorInvalidSyncStateData', 'The sync state data is corrupt or otherwise invalid.');
}
