import { statement, textList } from '#store';

/** Keeps what a message says, beside the message of that id. */
export const insertBody = statement(
  'mail.insertBody',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      text: string | null;
      html: string | null;
      headers: string;
      attachments: string;
      cut: number;
    },
  ) =>
    db.insertInto('message_body').values({
      organization_id: p.organizationId,
      connection_id: p.connectionId,
      message_id: p.id,
      text: p.text,
      html: p.html,
      headers: p.headers,
      attachments: p.attachments,
      cut: p.cut,
    }),
);

export const findBody = statement(
  'mail.findBody',
  (db, p: { organizationId: string; connectionId: string; messageId: string }) =>
    db
      .selectFrom('message_body')
      .select(['text', 'html', 'headers', 'attachments', 'cut'])
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('message_id', '=', p.messageId),
);

export const removeBodies = statement(
  'mail.removeBodies',
  (db, p: { organizationId: string; connectionId: string; messageIds: string }, dialect) =>
    db
      .deleteFrom('message_body')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('message_id', 'in', textList(dialect, p.messageIds)),
);
