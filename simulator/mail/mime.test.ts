import assert from 'node:assert/strict';
import test from 'node:test';
import { contentFromMime } from './content-from-mime.ts';
import { buildMime } from './mime-build.ts';
import { parseAddresses, parseMime } from './mime-parse.ts';

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\n/g, '\r\n'));

test('MIME: folded and encoded headers, quoted-printable text in another charset', () => {
  const parsed = parseMime(
    crlf(
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\n =?utf-8?B?IGF1cyBaw7xyaWNo?=\nContent-Type: text/plain;\n charset="iso-8859-1"\nContent-Transfer-Encoding: quoted-printable\n\nSch=F6ne Gr=\n=FC=DFe',
    ),
  );
  assert.deepEqual(parsed.headers[0], { name: 'Subject', value: 'Grüße aus Zürich' });
  assert.equal(parsed.text, 'Schöne Grüße');
  assert.equal(parsed.html, undefined);
});

test('MIME: alternative inside mixed, with an attachment named by RFC 2231 and an inline picture', () => {
  const parsed = parseMime(
    crlf(`Content-Type: multipart/mixed; boundary="o"

preamble
--o
Content-Type: multipart/alternative; boundary=i

--i
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

SGVsbG8=
--i
Content-Type: text/html

<p>Hello</p>
--i--
--o
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf
Content-Transfer-Encoding: base64

AAEC
--o
Content-Type: image/png
Content-ID: <pic@x>
Content-Disposition: inline

x
--o--
epilogue`),
  );
  assert.equal(parsed.text, 'Hello');
  assert.equal(parsed.html, '<p>Hello</p>');
  assert.deepEqual(
    parsed.attachments.map(({ name, contentType, content, isInline, contentId }) => [
      name,
      contentType,
      content.toString('hex'),
      isInline,
      contentId,
    ]),
    [
      ['Résumé.pdf', 'application/pdf', '000102', false, null],
      ['attachment', 'image/png', '78', true, 'pic@x'],
    ],
  );
});

const addressCases: readonly [text: string, expected: readonly [string, string][]][] = [
  ['a@b.example', [['', 'a@b.example']]],
  [
    '"Oja, Mara" <mara@x.example>, Bo <bo@x.example>',
    [
      ['Oja, Mara', 'mara@x.example'],
      ['Bo', 'bo@x.example'],
    ],
  ],
  ['"Say \\"hi\\"" <h@x.example> (comment)', [['Say "hi"', 'h@x.example']]],
  [
    'Friends: a@x.example, B <b@x.example>;',
    [
      ['', 'a@x.example'],
      ['B', 'b@x.example'],
    ],
  ],
  ["chiara.o'brien@x.example", [['', "chiara.o'brien@x.example"]]],
  ['undisclosed-recipients:;', []],
];
for (const [text, expected] of addressCases) {
  test(`addresses: ${text}`, () =>
    assert.deepEqual(
      parseAddresses(text).map(({ name, address }) => [name, address]),
      expected,
    ));
}

test('MIME in: the sender’s own Message-ID is kept, Bcc is read and cut from the bytes', () => {
  const mime = crlf(
    'From: A <a@x.example>\nBcc: secret@x.example,\n other@x.example\nTo: b@x.example\nMessage-ID: <own-1@x.example>\nSubject: S\n\nBcc: in the body\n',
  );
  const content = contentFromMime(mime, 'x.example');
  assert.equal(content.internetMessageId, '<own-1@x.example>');
  assert.deepEqual(
    content.bcc.map(({ address }) => address),
    ['secret@x.example', 'other@x.example'],
  );
  assert.equal(
    content.mime?.toString(),
    'From: A <a@x.example>\r\nTo: b@x.example\r\nMessage-ID: <own-1@x.example>\r\nSubject: S\r\n\r\nBcc: in the body\r\n',
  );
});

test('MIME out: what is built parses back to the same', () => {
  const source = contentFromMime(
    crlf('From: "Zoë Ünal" <z@x.example>\nTo: b@x.example\nSubject: Grüße\n\nhallo'),
    'x.example',
  );
  const attachment = {
    id: '1',
    name: 'plan.txt',
    contentType: 'text/plain',
    content: Buffer.from('x'.repeat(200)),
    isInline: false,
    contentId: null,
  };
  const built = buildMime(
    { ...source, headers: [{ name: 'x-own', value: '1' }], attachments: [attachment], mime: undefined },
    0,
  );
  const again = contentFromMime(built, 'x.example');
  assert.deepEqual(again.from, { name: 'Zoë Ünal', address: 'z@x.example' });
  assert.equal(again.subject, 'Grüße');
  assert.equal(again.body.content, 'hallo');
  assert.equal(again.internetMessageId, source.internetMessageId);
  assert.equal(again.attachments[0]?.content.toString(), 'x'.repeat(200));
});
