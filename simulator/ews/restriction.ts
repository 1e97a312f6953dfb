import type { Message } from '../mail/message.ts';
import { EwsError } from './ews-error.ts';
import { child, type Element, textAt } from './xml.ts';

type Test = (message: Message) => boolean;

/** Reads a Restriction of FindItem: comparisons, Contains, Exists, And, Or, Not. Throws ErrorUnsupportedPathForQuery. */
export function readRestriction(node: Element | undefined): Test {
  if (node === undefined) return () => true;
  const inner = node.children.map((each) => each);
  switch (node.name) {
    case 'And':
      return all(inner.map(readRestriction));
    case 'Or': {
      const tests = inner.map(readRestriction);
      return (message) => tests.some((test) => test(message));
    }
    case 'Not': {
      const test = readRestriction(inner[0]);
      return (message) => !test(message);
    }
    case 'Exists':
      return (message) => fieldOf(message, node) !== '';
    case 'Contains':
      return contains(node);
    default:
      return compares(node);
  }
}

const all =
  (tests: readonly Test[]): Test =>
  (message) =>
    tests.every((test) => test(message));

function contains(node: Element): Test {
  const wanted = child(node, 'Constant')?.attributes.get('Value') ?? '';
  const mode = node.attributes.get('ContainmentMode') ?? 'FullString';
  const folded = /ignorecase|loose/i.test(node.attributes.get('ContainmentComparison') ?? '');
  const fold = (text: string): string => (folded ? text.toLowerCase() : text);
  return (message) => {
    const [text, sought] = [fold(fieldOf(message, node)), fold(wanted)];
    if (mode === 'FullString') return text === sought;
    return mode.startsWith('Prefixed') ? text.startsWith(sought) : text.includes(sought);
  };
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  IsEqualTo: (order) => order === 0,
  IsNotEqualTo: (order) => order !== 0,
  IsGreaterThan: (order) => order > 0,
  IsGreaterThanOrEqualTo: (order) => order >= 0,
  IsLessThan: (order) => order < 0,
  IsLessThanOrEqualTo: (order) => order <= 0,
};

function compares(node: Element): Test {
  const fits = comparisons[node.name];
  if (fits === undefined) throw new EwsError('ErrorInvalidRestriction', `The restriction '${node.name}' is not valid.`);
  const wanted =
    child(child(node, 'FieldURIOrConstant'), 'Constant')?.attributes.get('Value') ?? textAt(node, 'Constant') ?? '';
  return (message) => fits(compare(fieldOf(message, node), wanted));
}

/** Dates and numbers by their value, texts without case. */
function compare(one: string, two: string): number {
  const [left, right] = [one, two].map((text) =>
    /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number(text || Number.NaN),
  );
  if (left !== undefined && right !== undefined && !Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  const [a, b] = [one.toLowerCase(), two.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}

const values: Readonly<Record<string, (message: Message) => string>> = {
  'item:Subject': ({ content }) => content.subject,
  'item:Body': ({ content }) => content.body.content,
  'item:ItemClass': () => 'IPM.Note',
  'item:DateTimeReceived': ({ receivedAt }) => new Date(receivedAt).toISOString(),
  'item:DateTimeSent': ({ sentAt }) => new Date(sentAt).toISOString(),
  'item:DateTimeCreated': ({ createdAt }) => new Date(createdAt).toISOString(),
  'item:LastModifiedTime': ({ modifiedAt }) => new Date(modifiedAt).toISOString(),
  'item:HasAttachments': ({ content }) => String(content.attachments.length > 0),
  'item:Importance': ({ content }) => content.importance,
  'item:IsDraft': ({ isDraft }) => String(isDraft),
  'message:IsRead': ({ isRead }) => String(isRead),
  'message:From': ({ content }) => content.from?.address ?? '',
  'message:Sender': ({ content }) => content.sender?.address ?? '',
  'message:InternetMessageId': ({ content }) => content.internetMessageId,
};

function fieldOf(message: Message, node: Element): string {
  const uri = child(node, 'FieldURI')?.attributes.get('FieldURI') ?? '';
  const read = values[uri];
  if (read === undefined)
    throw new EwsError('ErrorUnsupportedPathForQuery', `The property '${uri}' is not supported in a restriction.`);
  return read(message);
}
