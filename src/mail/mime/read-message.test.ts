import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage } from './read-message.ts';

const lines = (...text: string[]) => text.join('\r\n');

test('RFC 5322 §2.2.3: folded fields are one line; a field may come several times', () => {
  const { headers } = readMessage(lines('Subject: a', ' b', '\tc', 'Received: one', 'Received: two', '', 'x'));
  assert.deepEqual(headers, [
    { name: 'Subject', value: 'a b c' },
    { name: 'Received', value: 'one' },
    { name: 'Received', value: 'two' },
  ]);
});

const words: readonly (readonly [given: string, read: string])[] = [
  ['=?utf-8?B?R3LDvMOfZQ==?=', 'Grüße'],
  ['=?UTF-8?q?Gr=C3=BC=C3=9Fe_aus?= K', 'Grüße aus K'],
  ['=?iso-8859-1?Q?Gr=FC=DFe?=', 'Grüße'],
  ['=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=', 'Grüße'],
  ['=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=', 'ab'],
  ['=?utf-8?Q?a?= and =?utf-8?Q?b?=', 'a and b'],
  ['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
  ['=?utf-8*de?Q?=C3=BC?=', 'ü'],
  ['=?no-such-set?Q?a=E9?=', 'aé'],
  ['=?utf-8?Q?not closed', '=?utf-8?Q?not closed'],
  ['=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
];
for (const [given, read] of words) {
  test(`RFC 2047: ${JSON.stringify(given)} reads ${read}`, () => {
    assert.equal(readMessage(lines(`Subject: ${given}`, '', '')).headers[0]?.value, read);
  });
}

test('RFC 5322 §3.4: addresses with names, quotes, comments and groups', () => {
  const { to, cc } = readMessage(
    lines(
      'To: "Bo, B." <bo@contoso.example>, cy@contoso.example (Cy), team: di@contoso.example, ed@contoso.example;',
      'Cc: =?utf-8?Q?J=C3=BC?= <ju@contoso.example>',
      'CC: undisclosed-recipients:;',
      '',
      '',
    ),
  );
  assert.deepEqual(to, ['bo@contoso.example', 'cy@contoso.example', 'di@contoso.example', 'ed@contoso.example']);
  assert.deepEqual(cc, ['ju@contoso.example']);
});

const encodings: readonly (readonly [name: string, head: string[], body: string, text: string])[] = [
  ['no header at all', [], 'plain', 'plain'],
  ['quoted-printable', ['Content-Transfer-Encoding: Quoted-Printable'], 'a=\r\nb =C3=BC=3D  \r\nc', 'ab ü=\r\nc'],
  ['base64', ['Content-Transfer-Encoding: base64'], 'R3LD\r\nvMOfZQ==', 'Grüße'],
  [
    'a set of its own',
    ['Content-Type: text/plain; charset="windows-1252"', 'Content-Transfer-Encoding: quoted-printable'],
    '=80 =FC',
    '€ ü',
  ],
  [
    'a Japanese set',
    ['Content-Type: text/plain; charset=iso-2022-jp', 'Content-Transfer-Encoding: base64'],
    Buffer.from('\x1b$B$3$s\x1b(B', 'latin1').toString('base64'),
    'こん',
  ],
  ['broken quoted-printable', ['Content-Transfer-Encoding: quoted-printable'], 'a=ZZ =4', 'a=ZZ =4'],
];
for (const [name, head, body, text] of encodings) {
  test(`RFC 2045: ${name}`, () => {
    assert.equal(readMessage(lines(...head, '', body)).text, text);
  });
}

test('RFC 2046 §5.1: nested parts; text and html are the bodies, the rest is attached', () => {
  const read = readMessage(
    lines(
      'Content-Type: multipart/mixed; boundary="outer"',
      '',
      'a preamble',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      '',
      'the text',
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>the html</p>',
      '--inner--',
      'an epilogue',
      '--outer',
      'Content-Type: application/pdf; name="=?utf-8?Q?=C3=BC.pdf?="',
      'Content-Transfer-Encoding: base64',
      '',
      'aGVsbG8g',
      'd29ybGQ=',
      '--outer',
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=notes.txt',
      '',
      '12345',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      'Subject: inside',
      '',
      'not a body of ours',
      '--outer  ',
      '',
      'a footer',
      '--outer--',
      'text after the end',
    ),
  );
  assert.equal(read.text, 'the text\na footer');
  assert.equal(read.html, '<p>the html</p>');
  assert.deepEqual(read.attachments, [
    { name: 'ü.pdf', type: 'application/pdf', size: 11 },
    { name: 'notes.txt', type: 'text/plain', size: 5 },
    { name: null, type: 'message/rfc822', size: 37 },
  ]);
  assert.equal(read.cut, false);
});

const names: readonly (readonly [disposition: string, name: string])[] = [
  ['attachment; filename="a; b.pdf"', 'a; b.pdf'],
  ['attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'],
  ["attachment; filename*=utf-8''%e2%82%ac.pdf", '€.pdf'],
  ["attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac; filename*2=.pdf", '€.pdf'],
  ['attachment; filename*1=b.pdf; filename*0=a', 'ab.pdf'],
  ['attachment; filename="=?utf-8?B?w7w=?=.pdf"', 'ü.pdf'],
  ["attachment; filename*=iso-8859-1'de'%fc.pdf; filename=u.pdf", 'ü.pdf'],
];
for (const [disposition, name] of names) {
  test(`RFC 2231: ${disposition} is called ${name}`, () => {
    const read = readMessage(lines(`Content-Disposition: ${disposition}`, '', 'x'));
    assert.equal(read.attachments[0]?.name, name);
  });
}

const hostile: readonly (readonly [name: string, mime: string])[] = [
  ['nothing', ''],
  ['a boundary that never comes', lines('Content-Type: multipart/mixed; boundary=x', '', 'text')],
  ['an empty boundary', lines('Content-Type: multipart/mixed; boundary=""', '', '----', 'x')],
  ['a part that is not closed', lines('Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'text')],
  ['100,000 blanks in quoted-printable', lines('Content-Transfer-Encoding: quoted-printable', '', ' '.repeat(1e5))],
  ['100,000 parameters', lines(`Content-Type: text/plain${';a="'.repeat(1e5)}`, '', 'x')],
  ['100,000 parts', lines('Content-Type: multipart/mixed; boundary=x', '', '--x\r\n\r\na\r\n'.repeat(1e5))],
  ['100,000 fields', lines('A: b\r\n'.repeat(1e5), '', 'x')],
  ['one field of 10 MB', lines(`Subject: ${'=?utf-8?Q?'.repeat(1e6)}`, '', 'x')],
  ['100,000 addresses', lines(`To: ${'a@b.example,'.repeat(1e5)}`, '', 'x')],
  [
    '1,000 levels',
    Array.from(
      { length: 1000 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
    ).join(''),
  ],
  ['5 MB of text', lines('Content-Type: text/plain', '', 'x'.repeat(5e6))],
];
for (const [name, mime] of hostile) {
  test(`a message of ${name} is read in bounds, quickly`, () => {
    const started = performance.now();
    const read = readMessage(mime);
    assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
    assert.ok((read.text ?? '').length <= 1_000_000);
    assert.ok(read.headers.length <= 200 && read.attachments.length <= 500 && read.to.length <= 1000);
  });
}

test('what was longer than what is kept is told', () => {
  assert.equal(readMessage(lines('', 'x'.repeat(1_000_001))).cut, true);
  assert.equal(readMessage(lines('', 'x'.repeat(1_000_000))).cut, false);
});
