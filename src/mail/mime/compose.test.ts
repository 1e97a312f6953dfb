import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeMime } from './compose.ts';
import { readMessage } from './read-message.ts';

const base = {
  from: { name: 'Support', address: 'support@contoso.example' },
  to: ['bo@contoso.example'],
  cc: [],
  subject: 'Hello',
  messageId: '<1@portico.example.com>',
  date: Date.UTC(2026, 10, 21, 4, 5, 6),
  text: 'How are you?',
  html: null,
};

const header = (mime: string, name: string) =>
  readMessage(mime).headers.find((field) => field.name.toLowerCase() === name.toLowerCase())?.value;

test('RFC 5322 §3.6: the fields of a message: date, from, to, cc, subject, our Message-ID, MIME-Version', async () => {
  const mime = await composeMime({ ...base, cc: ['cy@contoso.example', 'di@contoso.example'] });
  assert.equal(header(mime, 'From'), 'Support <support@contoso.example>');
  assert.equal(header(mime, 'To'), 'bo@contoso.example');
  assert.equal(header(mime, 'Cc'), 'cy@contoso.example, di@contoso.example');
  assert.equal(header(mime, 'Subject'), 'Hello');
  assert.equal(header(mime, 'Message-ID'), '<1@portico.example.com>');
  assert.equal(header(mime, 'Date'), 'Sat, 21 Nov 2026 04:05:06 +0000');
  assert.equal(header(mime, 'MIME-Version'), '1.0');
});

const bodies: readonly (readonly [name: string, text: string | null, html: string | null])[] = [
  ['text', 'How are you?\n\nBye', null],
  ['html', null, '<p>How are you?</p>'],
  ['text and html', 'How are you?', '<p>How are you?</p>'],
  ['letters beyond ASCII', 'Grüße, 你好, 👋 = "quoted" =3D', '<b>Grüße</b>'],
  ['a line of 5,000 characters', 'x'.repeat(5000), null],
  ['text beyond the size for quoted-printable', 'ü'.repeat(120_000), null],
  ['lines that begin with a dot or From', '.\n.x\nFrom me', null],
  ['empty text', '', null],
];
for (const [name, text, html] of bodies) {
  test(`RFC 2045: ${name} comes through, in seven bits and lines of 998 characters at most`, async () => {
    const mime = await composeMime({ ...base, text, html });
    assert.match(mime, /^[\t\r\n -~]*$/);
    for (const line of mime.split('\r\n')) assert.ok(line.length <= 998 && !/[\r\n]/.test(line));
    const read = readMessage(mime);
    assert.equal(read.text?.replaceAll('\r\n', '\n').trimEnd() ?? null, text);
    assert.equal(read.html?.trimEnd() ?? null, html);
  });
}

const subjects = [
  'Grüße aus Köln',
  '你好',
  'x'.repeat(998),
  `${'ä'.repeat(300)} end`,
  '=?utf-8?Q?not_a_word?=',
  'a  b',
];
for (const subject of subjects) {
  test(`RFC 2047: the subject ${JSON.stringify(subject.slice(0, 30))} comes through`, async () => {
    const mime = await composeMime({ ...base, subject });
    for (const line of mime.split('\r\n')) assert.ok(line.length <= 998);
    assert.equal(header(mime, 'Subject'), subject);
  });
}

test('a name is no way to another header or address', async () => {
  const name = 'Eve\r\nBcc: everybody@contoso.example\r\n<x@contoso.example>, "y"';
  const mime = await composeMime({ ...base, from: { name, address: 'support@contoso.example' } });
  assert.equal(header(mime, 'Bcc'), undefined);
  assert.doesNotMatch(mime, /^Bcc:/im);
});
