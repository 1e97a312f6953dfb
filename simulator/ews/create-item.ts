import { contentFromMime, newMessageId } from '../mail/content-from-mime.ts';
import { ownerOf } from '../mail/deliver.ts';
import { insertMessage, newId } from '../mail/mailbox.ts';
import type { Attachment, Content, Message } from '../mail/message.ts';
import { type SubmitFault, submit } from '../mail/submit.ts';
import { EwsError } from './ews-error.ts';
import { placeOf, wellKnown } from './folders.ts';
import { itemId, readPeople, readPerson } from './item-view.ts';
import type { EwsCall } from './open-mailbox.ts';
import { child, type Element, element, textAt } from './xml.ts';

/** Carries out CreateItem for one message: sends it, keeps it, or both. Gives the item of the answer. */
export function createItem(call: EwsCall, request: Element, item: Element): string {
  if (item.name !== 'Message')
    throw new EwsError('ErrorInvalidRequest', `Only messages can be created here, not a ${item.name}.`);
  const disposition = request.attributes.get('MessageDisposition');
  const content = readContent(call, item);
  const now = call.world.clock.now();
  const saved = child(request, 'SavedItemFolderId')?.children[0];
  const folderOf = (usual: string) => (saved === undefined ? wellKnown(call, usual) : placeOf(call, saved).folder);
  if (disposition === 'SaveOnly') {
    const isRead = textAt(item, 'IsRead') !== 'false';
    const folder = folderOf('drafts');
    return element(
      't:Message',
      {},
      itemId(insertMessage(call.mailbox, folder.id, content, { isDraft: true, isRead }, now)),
    );
  }
  if (disposition !== 'SendOnly' && disposition !== 'SendAndSaveCopy')
    throw new EwsError('ErrorMessageDispositionRequired', 'Message disposition is required.');
  const folder = folderOf('sentitems');
  sendContent(call, content);
  if (disposition === 'SendAndSaveCopy')
    insertMessage(call.mailbox, folder.id, content, { isDraft: false, isRead: true }, now);
  return '';
}

/** Sends a message of the mailbox. Throws Exchange's refusals. */
export function sendContent({ world, mailbox }: EwsCall, content: Content): void {
  const fault = submit(world, mailbox, { content });
  if (fault !== undefined) throw faults[fault]();
}

const faults: Readonly<Record<SubmitFault, () => EwsError>> = {
  sendAsDenied: () =>
    new EwsError(
      'ErrorSendAsDenied',
      'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
    ),
  noRecipients: () => new EwsError('ErrorInvalidRecipients', 'At least one recipient is not valid.'),
  tooManyRecipients: () => new EwsError('ErrorInvalidRecipients', 'The message has too many recipients.'),
  messageSizeExceeded: () =>
    new EwsError('ErrorMessageSizeExceeded', 'The message exceeds the maximum supported size.'),
  mailboxFull: () => new EwsError('ErrorQuotaExceeded', 'The mailbox is full and cannot send.'),
  submissionQuotaExceeded: () =>
    new EwsError('ErrorSubmissionQuotaExceeded', "The sender's submission quota was exceeded."),
};

/** What a message says, from MIME where it is given, from properties otherwise. */
function readContent(call: EwsCall, item: Element): Content {
  const { mailbox } = call;
  const owner = ownerOf(mailbox);
  const mime = textAt(item, 'MimeContent');
  if (mime !== undefined) {
    const plain = mime.replace(/\s+/g, '');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain))
      throw new EwsError('ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.');
    const read = contentFromMime(Buffer.from(plain, 'base64'), mailbox.tenant.domain);
    return { ...read, from: read.from ?? owner, sender: read.sender ?? owner };
  }
  const from = readPerson(child(item, 'From')) ?? owner;
  const importance = textAt(item, 'Importance')?.toLowerCase();
  const headers = child(item, 'InternetMessageHeaders')?.children ?? [];
  return {
    internetMessageId: textAt(item, 'InternetMessageId') ?? newMessageId(mailbox.tenant.domain),
    subject: child(item, 'Subject')?.text ?? '',
    from,
    sender: readPerson(child(item, 'Sender')) ?? from,
    replyTo: readPeople(child(item, 'ReplyTo')) ?? [],
    to: readPeople(child(item, 'ToRecipients')) ?? [],
    cc: readPeople(child(item, 'CcRecipients')) ?? [],
    bcc: readPeople(child(item, 'BccRecipients')) ?? [],
    body: readBody(child(item, 'Body')),
    headers: headers.map((header) => ({ name: header.attributes.get('HeaderName') ?? '', value: header.text })),
    importance: importance === 'high' || importance === 'low' ? importance : 'normal',
    attachments: (child(item, 'Attachments')?.children ?? []).map(readAttachment),
    mime: undefined,
  };
}

function readBody(body: Element | undefined): Content['body'] {
  const isHtml = body?.attributes.get('BodyType') === 'HTML';
  return { contentType: isHtml ? 'html' : 'text', content: body?.text ?? '' };
}

/** A file. Throws ErrorInvalidRequest for items in items. */
export function readAttachment(file: Element): Attachment {
  if (file.name !== 'FileAttachment')
    throw new EwsError('ErrorInvalidRequest', `Only files can be attached here, not a ${file.name}.`);
  return {
    id: newId(),
    name: textAt(file, 'Name') ?? 'attachment',
    contentType: textAt(file, 'ContentType') ?? 'application/octet-stream',
    content: Buffer.from(textAt(file, 'Content') ?? '', 'base64'),
    isInline: textAt(file, 'IsInline') === 'true',
    contentId: textAt(file, 'ContentId') ?? null,
  };
}

/** Changes a message as the updates of UpdateItem say. Throws ErrorInvalidPropertySet for what cannot be set here. */
export function updateMessage(message: Message, updates: Element | undefined): void {
  for (const update of updates?.children ?? []) {
    const uri = child(update, 'FieldURI')?.attributes.get('FieldURI') ?? '';
    const value = child(update, 'Message');
    const isDeletion = update.name === 'DeleteItemField';
    switch (uri) {
      case 'message:IsRead':
        message.isRead = textAt(value, 'IsRead') === 'true';
        break;
      case 'item:Categories':
        message.categories = isDeletion
          ? []
          : (child(value, 'Categories')?.children.map(({ text }) => text.trim()) ?? []);
        break;
      case 'item:Subject':
        message.content = { ...message.content, subject: child(value, 'Subject')?.text ?? '', mime: undefined };
        break;
      case 'item:Body':
        message.content = { ...message.content, body: readBody(child(value, 'Body')), mime: undefined };
        break;
      default:
        throw new EwsError('ErrorInvalidPropertySet', `The property '${uri}' cannot be set here.`);
    }
  }
}
