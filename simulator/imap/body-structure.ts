import { parseAddresses } from '../mail/mime-parse.ts';
import { fieldOf, type MimeNode, parameterized } from './mime-tree.ts';
import { listOrNil, text } from './write-data.ts';

/** ENVELOPE of a message (RFC 3501 §7.4.2). */
export function envelopeOf({ header }: MimeNode): string {
  const field = (name: string): string | undefined => fieldOf(header, name);
  const people = (...names: readonly string[]): string =>
    listOrNil(parseAddresses(names.map(field).find((value) => value !== undefined)).map(address));
  const parts = [
    text(field('Date')),
    text(field('Subject')),
    people('From'),
    people('Sender', 'From'),
    people('Reply-To', 'From'),
    people('To'),
    people('Cc'),
    people('Bcc'),
    text(field('In-Reply-To')),
    text(field('Message-ID')),
  ];
  return `(${parts.join(' ')})`;
}

function address({ name, address: full }: { readonly name: string; readonly address: string }): string {
  const at = full.lastIndexOf('@');
  return `(${text(name === '' ? undefined : name)} NIL ${text(full.slice(0, at))} ${text(full.slice(at + 1))})`;
}

/** BODYSTRUCTURE; without extension data BODY. */
export function bodyStructureOf(node: MimeNode, extended: boolean): string {
  const { header, type, subtype, parameters, parts, message, body } = node;
  const disposition = extended ? ` ${dispositionOf(header)} NIL NIL` : '';
  if (parts.length > 0) {
    const children = parts.map((part) => bodyStructureOf(part, extended)).join('');
    return `(${children} ${text(subtype)}${extended ? ` ${pairs(parameters)}${disposition}` : ''})`;
  }
  const lines = body === '' ? 0 : (body.match(/\r\n/g)?.length ?? 0) + (body.endsWith('\r\n') ? 0 : 1);
  const basics = [
    text(type),
    text(subtype),
    pairs(parameters),
    text(fieldOf(header, 'Content-ID')),
    text(fieldOf(header, 'Content-Description')),
    text((fieldOf(header, 'Content-Transfer-Encoding') ?? '7bit').toLowerCase()),
    String(body.length),
    ...(message === undefined ? [] : [envelopeOf(message), bodyStructureOf(message, extended)]),
    ...(type === 'text' || message !== undefined ? [String(lines)] : []),
    ...(extended ? ['NIL'] : []),
  ];
  return `(${basics.join(' ')}${disposition})`;
}

function pairs(parameters: MimeNode['parameters']): string {
  const flat = parameters.flatMap((pair) => pair.map((piece) => text(piece)));
  return flat.length === 0 ? 'NIL' : `(${flat.join(' ')})`;
}

function dispositionOf(header: string): string {
  const field = fieldOf(header, 'Content-Disposition');
  if (field === undefined) return 'NIL';
  const { value, parameters } = parameterized(field);
  return `(${text(value.toLowerCase())} ${pairs(parameters)})`;
}
