import MailComposer from 'nodemailer/lib/mail-composer/index.js';

/** A message to be written as MIME. */
export interface Composed {
  from: { name: string; address: string };
  to: readonly string[];
  cc: readonly string[];
  subject: string;
  /** With angle brackets (RFC 5322 §3.6.4). */
  messageId: string;
  /** Epoch milliseconds. */
  date: number;
  text: string | null;
  html: string | null;
}

/** Quoted-printable takes up to three times a text; beyond this many characters base64 keeps the size in bounds. */
const longText = 100_000;

/** Writes a message as MIME (RFC 5322, RFC 2045), seven bits throughout, without Bcc. */
export async function composeMime(it: Composed): Promise<string> {
  const { text, html } = it;
  const composer = new MailComposer({
    from: it.from,
    to: it.to.map(toAddress),
    cc: it.cc.map(toAddress),
    subject: encodeSubject(it.subject),
    messageId: it.messageId,
    date: new Date(it.date),
    ...(text === null ? {} : { text }),
    ...(html === null ? {} : { html }),
    ...((text ?? '').length + (html ?? '').length > longText ? { textEncoding: 'base64' as const } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const mime = await composer.compile().build();
  return mime.toString('latin1').replace(/\r?\n/g, '\r\n');
}

/**
 * ASCII subjects go as they are, except one that looks like encoded words and would be read as such, and one with a word
 * that no line can hold (RFC 5322 §2.1.1). Others are encoded by the composer.
 */
function encodeSubject(subject: string): string {
  if (!/=\?|[!-~]{900}/.test(subject)) return subject;
  const words: string[] = [];
  let word = '';
  for (const letter of subject) {
    if (Buffer.byteLength(word + letter) > mostBytes) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  return [...words, word].map((text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`).join(' ');
}

/** Bytes of one encoded word: it fits behind the name of the field into a line of 76 characters (RFC 2047 §2). */
const mostBytes = 39;

/** An address without a name, as an object so that nothing in it is read as syntax. */
const toAddress = (address: string) => ({ name: '', address });
