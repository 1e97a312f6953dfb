import { html } from 'hono/html';
import { notFound } from '../control/control-error.ts';
import { listMessages, openMailbox } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import { dataList, dataTable, foldedList } from './data-table.ts';
import { type Content, instant, pageAddress } from './shell.ts';

/** So many messages are shown. */
const shown = 100;

/** Mailboxes that were used, and mail that left the tenants. */
export function mailPage(world: World): Content {
  const mailboxes = [...world.mail.mailboxes.values()].slice(-shown).reverse();
  return {
    tab: 'mail',
    title: 'Mail',
    about: 'Mailboxes that were used, and what went to addresses outside the tenants.',
    live: html`<h2>Mailboxes</h2>${dataTable(
      mailboxes,
      [
        ['Owner', ({ owner }) => html`<a href="${pageAddress(`mail/${owner.id}`)}">${owner.displayName}</a>`],
        ['Address', ({ owner }) => owner.mail ?? owner.userPrincipalName],
        ['Messages', ({ messages }) => messages.size],
      ],
      'No mailbox was used yet.',
    )}<h2>Outside</h2>${dataTable(
      world.mail.outside.slice(-shown).reverse(),
      [
        ['To', ({ recipient }) => recipient],
        ['From', ({ content }) => content.from?.address ?? '–'],
        ['Subject', ({ content }) => content.subject],
        ['Sent', ({ receivedAt }) => instant(receivedAt), 'short'],
      ],
      'No mail left the tenants.',
    )}`,
  };
}

/** The newest messages of one mailbox. HTML is shown as the text that it is. */
export function mailboxPage(world: World, userId: string): Content {
  const tenant = world.tenants.values().find(({ users }) => users.has(userId));
  const user = tenant?.users.get(userId);
  const mailbox = tenant && user && openMailbox(world.mail, tenant, user);
  if (mailbox === undefined) throw notFound('mailbox', userId);
  const folder = ({ folderId }: Message): string =>
    mailbox.folders.find(({ id }) => id === folderId)?.displayName ?? folderId;
  return {
    tab: 'mail',
    title: `Mail of ${mailbox.owner.displayName}`,
    about: `${mailbox.messages.size} messages at ${mailbox.owner.mail ?? mailbox.owner.userPrincipalName}${mailbox.messages.size > shown ? `; the newest ${shown} are shown` : ''}.`,
    live: foldedList(
      listMessages(mailbox).slice(0, shown),
      (
        message,
      ) => html`<b>${message.content.subject || 'without subject'}</b> from ${message.content.from?.address ?? 'nobody'}
<span class="soft">${folder(message)}, ${message.isRead ? 'read' : 'unread'}, ${instant(message.receivedAt)}</span>`,
      body,
      'The mailbox is empty.',
    ),
  };
}

function body({ content }: Message): Markup {
  const files = content.attachments.map(({ name, contentType }) => `${name} (${contentType})`);
  const to = [...content.to, ...content.cc].map(({ address }) => address);
  return html`${dataList([
    ['To', to.join(', ')],
    ['Message id', html`<code>${content.internetMessageId}</code>`],
    ['Attachments', files.join(', ')],
  ])}<pre tabindex="0">${content.body.content}</pre>`;
}
