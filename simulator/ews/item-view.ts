import { toIso } from '../clock.ts';
import { type Attachment, headerValue, type Message, type Recipient } from '../mail/message.ts';
import { changeKeyOf } from '../mail/message-view.ts';
import { buildMime, standardHeaders } from '../mail/mime-build.ts';
import { child, type Element, element, escapeXml, textAt, textElement } from './xml.ts';

/** Which properties of an item are shown. */
export type ItemShape = {
  readonly properties: ReadonlySet<string>;
  readonly mime: boolean;
  readonly asText: boolean;
};

const ofDefault = [
  'item:Subject',
  'item:Sensitivity',
  'item:Size',
  'item:DateTimeSent',
  'item:DateTimeCreated',
  'item:HasAttachments',
  'message:From',
  'message:IsRead',
  'message:InternetMessageId',
];

/** Properties that a search never shows. */
const onlyWithGetItem = [
  'item:Body',
  'item:Attachments',
  'item:InternetMessageHeaders',
  'message:ToRecipients',
  'message:CcRecipients',
  'message:BccRecipients',
  'message:ReplyTo',
];

/** Reads an ItemShape; searches show less than GetItem does. */
export function readItemShape(shape: Element | undefined, isSearch: boolean): ItemShape {
  const base = textAt(shape, 'BaseShape') ?? 'AllProperties';
  const more = child(shape, 'AdditionalProperties')?.children ?? [];
  const start =
    base === 'AllProperties'
      ? Object.keys(writers)
      : base === 'Default'
        ? [...ofDefault, 'item:Body', 'item:Attachments', 'message:ToRecipients', 'message:CcRecipients']
        : [];
  const named = [...start, ...more.map((field) => field.attributes.get('FieldURI') ?? '')];
  return {
    properties: new Set(named.filter((name) => !isSearch || !onlyWithGetItem.includes(name))),
    mime: !isSearch && (textAt(shape, 'IncludeMimeContent') === 'true' || named.includes('item:MimeContent')),
    asText: textAt(shape, 'BodyType') === 'Text',
  };
}

/** The id of a message with the key of its present state. */
export const itemId = (message: Message): string =>
  element('t:ItemId', { Id: message.id, ChangeKey: changeKeyOf(message) });

/** A message as EWS shows it, its elements in the order of the schema. */
export function itemView(message: Message, shape: ItemShape): string {
  const mime = shape.mime
    ? element('t:MimeContent', { CharacterSet: 'UTF-8' }, buildMime(message.content, message.sentAt).toString('base64'))
    : '';
  const shown = Object.entries(writers).map(([name, write]) =>
    shape.properties.has(name) ? write(message, shape) : '',
  );
  return element('t:Message', {}, [mime, itemId(message), ...shown].join(''));
}

type Writer = (message: Message, shape: ItemShape) => string;

const writers: Readonly<Record<string, Writer>> = {
  'item:ParentFolderId': ({ folderId }) => element('t:ParentFolderId', { Id: folderId, ChangeKey: 'AQAAAA==' }),
  'item:ItemClass': () => textElement('t:ItemClass', 'IPM.Note'),
  'item:Subject': ({ content }) => textElement('t:Subject', content.subject),
  'item:Sensitivity': () => textElement('t:Sensitivity', 'Normal'),
  'item:Body': ({ content }, { asText }) => {
    const { contentType, content: body } = content.body;
    const isHtml = contentType === 'html' && !asText;
    const plain = contentType === 'html' && asText ? body.replace(/<[^>]*>/g, '') : body;
    return element('t:Body', { BodyType: isHtml ? 'HTML' : 'Text' }, escapeXml(plain));
  },
  'item:Attachments': ({ content }) =>
    content.attachments.length === 0
      ? ''
      : element('t:Attachments', {}, content.attachments.map((file) => attachmentView(file, false)).join('')),
  'item:DateTimeReceived': ({ receivedAt }) => textElement('t:DateTimeReceived', toIso(receivedAt)),
  'item:Size': ({ content, sentAt }) => textElement('t:Size', String(buildMime(content, sentAt).length)),
  'item:Categories': ({ categories }) =>
    categories.length === 0
      ? ''
      : element('t:Categories', {}, categories.map((category) => textElement('t:String', category)).join('')),
  'item:Importance': ({ content: { importance } }) =>
    textElement('t:Importance', importance[0]?.toUpperCase() + importance.slice(1)),
  'item:InReplyTo': ({ content }) => optional('t:InReplyTo', headerValue(content.headers, 'In-Reply-To')),
  'item:IsDraft': ({ isDraft }) => textElement('t:IsDraft', String(isDraft)),
  'item:InternetMessageHeaders': ({ content, sentAt }) => {
    const headers = standardHeaders(content, sentAt).map(({ name, value }) =>
      element('t:InternetMessageHeader', { HeaderName: name }, escapeXml(value)),
    );
    return element('t:InternetMessageHeaders', {}, headers.join(''));
  },
  'item:DateTimeSent': ({ sentAt }) => textElement('t:DateTimeSent', toIso(sentAt)),
  'item:DateTimeCreated': ({ createdAt }) => textElement('t:DateTimeCreated', toIso(createdAt)),
  'item:HasAttachments': ({ content }) =>
    textElement('t:HasAttachments', String(content.attachments.some(({ isInline }) => !isInline))),
  'item:LastModifiedTime': ({ modifiedAt }) => textElement('t:LastModifiedTime', toIso(modifiedAt)),
  'item:ConversationId': ({ conversationId }) => element('t:ConversationId', { Id: conversationId }),
  'message:Sender': ({ content }) => people('t:Sender', [content.sender]),
  'message:ToRecipients': ({ content }) => people('t:ToRecipients', content.to),
  'message:CcRecipients': ({ content }) => people('t:CcRecipients', content.cc),
  'message:BccRecipients': ({ content }) => people('t:BccRecipients', content.bcc),
  'message:From': ({ content }) => people('t:From', [content.from]),
  'message:InternetMessageId': ({ content }) => textElement('t:InternetMessageId', content.internetMessageId),
  'message:IsRead': ({ isRead }) => textElement('t:IsRead', String(isRead)),
  'message:References': ({ content }) => optional('t:References', headerValue(content.headers, 'References')),
  'message:ReplyTo': ({ content }) => people('t:ReplyTo', content.replyTo),
};

const optional = (name: string, value: string | undefined): string =>
  value === undefined ? '' : textElement(name, value);

function people(name: string, list: readonly (Recipient | undefined)[]): string {
  const boxes = list.flatMap((one) => {
    if (one === undefined) return [];
    const shown = textElement('t:Name', one.name === '' ? one.address : one.name);
    const address = textElement('t:EmailAddress', one.address);
    return [element('t:Mailbox', {}, `${shown}${address}<t:RoutingType>SMTP</t:RoutingType>`)];
  });
  return boxes.length === 0 ? '' : element(name, {}, boxes.join(''));
}

/** A file as EWS shows it, with its bytes where it was asked for. */
export function attachmentView(file: Attachment, withContent: boolean): string {
  const parts = [
    element('t:AttachmentId', { Id: file.id }),
    textElement('t:Name', file.name),
    textElement('t:ContentType', file.contentType),
    ...(file.contentId === null ? [] : [textElement('t:ContentId', file.contentId)]),
    textElement('t:Size', String(file.content.length)),
    textElement('t:IsInline', String(file.isInline)),
    ...(withContent ? [textElement('t:Content', file.content.toString('base64'))] : []),
  ];
  return element('t:FileAttachment', {}, parts.join(''));
}

/** People of a list such as ToRecipients. */
export function readPeople(list: Element | undefined): Recipient[] | undefined {
  return list?.children
    .filter(({ name }) => name === 'Mailbox')
    .map((box) => ({ name: textAt(box, 'Name') ?? '', address: textAt(box, 'EmailAddress') ?? '' }));
}

/** The person of an element such as From. */
export const readPerson = (holder: Element | undefined): Recipient | undefined => readPeople(holder)?.[0];
