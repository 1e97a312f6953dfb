import { isWithin, removeFolder } from '../mail/folders.ts';
import {
  addAttachment,
  copyMessage,
  findMessage,
  listMessages,
  moveMessage,
  removeMessage,
  touchMessage,
} from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import { createItem, readAttachment, sendContent, updateMessage } from './create-item.ts';
import { EwsError, itemNotFound } from './ews-error.ts';
import { foldersBelow, folderView, makeFolder, messagesNamed, onlyId, placeOf, wellKnown } from './folders.ts';
import { attachmentView, itemId, itemView, readItemShape } from './item-view.ts';
import type { EwsCall } from './open-mailbox.ts';
import { readRestriction } from './restriction.ts';
import { syncFolderItems } from './sync.ts';
import { child, type Element, element } from './xml.ts';

/** Carries out one operation; each function gives the inside of one response message, or throws EwsError for it. */
type Operation = (call: EwsCall, request: Element) => readonly (() => string)[];

const items = (inner: string): string => element('m:Items', {}, inner);
const shortItem = (message: Message): string => items(element('t:Message', {}, itemId(message)));

/** The operations of EWS that mail needs (Exchange Web Services, operations reference). */
const operations: Readonly<Record<string, Operation>> = {
  CreateItem: (call, request) =>
    (child(request, 'Items')?.children ?? []).map((item) => () => items(createItem(call, request, item))),
  SendItem: (call, request) =>
    messagesNamed(call, child(request, 'ItemIds')).map((find) => () => {
      const message = find();
      if (!message.isDraft) throw new EwsError('ErrorInvalidOperation', 'The message is no draft and cannot be sent.');
      const saves = request.attributes.get('SaveItemToFolder') === 'true';
      const saved = onlyId(request, 'SavedItemFolderId');
      const folder = saved === undefined ? wellKnown(call, 'sentitems') : placeOf(call, saved).folder;
      const now = call.world.clock.now();
      sendContent(call, message.content);
      Object.assign(message, { isDraft: false, isRead: true, sentAt: now, receivedAt: now });
      if (saves) moveMessage(call.mailbox, message, folder, now);
      else removeMessage(call.mailbox, message);
      return '';
    }),
  FindItem: (call, request) =>
    (child(request, 'ParentFolderIds')?.children ?? []).map((id) => () => findItems(call, request, id)),
  GetItem: (call, request) => {
    const shape = readItemShape(child(request, 'ItemShape'), false);
    return messagesNamed(call, child(request, 'ItemIds')).map((find) => () => items(itemView(find(), shape)));
  },
  UpdateItem: (call, request) =>
    (child(request, 'ItemChanges')?.children ?? []).flatMap((change) =>
      messagesNamed(call, change)
        .slice(0, 1)
        .map((find) => () => {
          const message = find();
          updateMessage(message, child(change, 'Updates'));
          touchMessage(call.mailbox, message, call.world.clock.now());
          return `${shortItem(message)}<m:ConflictResults><t:Count>0</t:Count></m:ConflictResults>`;
        }),
    ),
  DeleteItem: (call, request) =>
    messagesNamed(call, child(request, 'ItemIds')).map((find) => () => {
      const message = find();
      if (request.attributes.get('DeleteType') === 'MoveToDeletedItems')
        moveMessage(call.mailbox, message, wellKnown(call, 'deleteditems'), call.world.clock.now());
      else removeMessage(call.mailbox, message);
      return '';
    }),
  MoveItem: (call, request) =>
    messagesNamed(call, child(request, 'ItemIds')).map((find) => () => {
      const message = find();
      moveMessage(call.mailbox, message, placeOf(call, onlyId(request, 'ToFolderId')).folder, call.world.clock.now());
      return shortItem(message);
    }),
  CopyItem: (call, request) =>
    messagesNamed(call, child(request, 'ItemIds')).map((find) => () => {
      const { folder } = placeOf(call, onlyId(request, 'ToFolderId'));
      return shortItem(copyMessage(call.mailbox, find(), folder, call.world.clock.now()));
    }),
  GetAttachment: (call, request) =>
    (child(request, 'AttachmentIds')?.children ?? []).map((id) => () => {
      const key = id.attributes.get('Id');
      const all = [...call.mailbox.messages.values()].flatMap(({ content }) => content.attachments);
      const file = all.find((each) => each.id === key);
      if (file === undefined) throw itemNotFound();
      return element('m:Attachments', {}, attachmentView(file, true));
    }),
  CreateAttachment: (call, request) =>
    (child(request, 'Attachments')?.children ?? []).map((wanted) => () => {
      const message = findMessage(call.mailbox, child(request, 'ParentItemId')?.attributes.get('Id') ?? '');
      if (message === undefined) throw itemNotFound();
      const file = readAttachment(wanted);
      addAttachment(call.mailbox, message, file, call.world.clock.now());
      return element(
        'm:Attachments',
        {},
        element('t:FileAttachment', {}, element('t:AttachmentId', { Id: file.id, RootItemId: message.id })),
      );
    }),
  GetFolder: (call, request) =>
    (child(request, 'FolderIds')?.children ?? []).map(
      (id) => () => element('m:Folders', {}, folderView(placeOf(call, id))),
    ),
  FindFolder: (call, request) =>
    (child(request, 'ParentFolderIds')?.children ?? []).map((id) => () => {
      const found = foldersBelow(placeOf(call, id), request.attributes.get('Traversal') === 'Deep');
      const inner = element('t:Folders', {}, found.map(folderView).join(''));
      return element(
        'm:RootFolder',
        { TotalItemsInView: String(found.length), IncludesLastItemInRange: 'true' },
        inner,
      );
    }),
  CreateFolder: (call, request) =>
    (child(request, 'Folders')?.children ?? []).map(
      (wanted) => () => element('m:Folders', {}, folderView(makeFolder(call, request, wanted))),
    ),
  DeleteFolder: (call, request) =>
    (child(request, 'FolderIds')?.children ?? []).map((id) => () => {
      const { mailbox, folder } = placeOf(call, id);
      if (folder.wellKnownName !== null)
        throw new EwsError('ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.');
      const bin = wellKnown(call, 'deleteditems');
      const isSoft = request.attributes.get('DeleteType') === 'MoveToDeletedItems' && !isWithin(mailbox, folder, bin);
      if (isSoft) folder.parentId = bin.id;
      else removeFolder(mailbox, folder);
      return '';
    }),
  SyncFolderItems: (call, request) => [() => syncFolderItems(call, request)],
};

function findItems(call: EwsCall, request: Element, id: Element): string {
  const { mailbox, folder } = placeOf(call, id);
  const fits = readRestriction(child(request, 'Restriction')?.children[0]);
  const found = listMessages(mailbox, folder.id).filter(fits);
  const order = child(child(request, 'SortOrder'), 'FieldOrder');
  if (order?.attributes.get('Order') === 'Ascending') found.reverse();
  const view = child(request, 'IndexedPageItemView');
  const offset = Number(view?.attributes.get('Offset') ?? 0);
  const most = Number(view?.attributes.get('MaxEntriesReturned') ?? 1000);
  const isFromEnd = view?.attributes.get('BasePoint') === 'End';
  const start = isFromEnd ? Math.max(found.length - offset - most, 0) : offset;
  const page = found.slice(start, start + most);
  const next = start + page.length;
  const shape = readItemShape(child(request, 'ItemShape'), true);
  const inner = element('t:Items', {}, page.map((message) => itemView(message, shape)).join(''));
  const range = {
    IndexedPagingOffset: String(next),
    TotalItemsInView: String(found.length),
    IncludesLastItemInRange: String(next >= found.length),
  };
  return element('m:RootFolder', range, inner);
}

/** The operation that a request asks for. */
export const operationOf = (request: Element | undefined): Operation | undefined => operations[request?.name ?? ''];
