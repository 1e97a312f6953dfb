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
    subject: it.subject,
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

/** An address without a name, as an object so that nothing in it is read as syntax. */
const toAddress = (address: string) => ({ name: '', address });
