import { html, setCookie } from '#http';
import { inWords } from '../../sessions/place-of-record.ts';
import { endOtherSessions, endOwnSession, pageOfSessions, sessionCookie } from '../../sessions/session.ts';
import type { MeSection } from './section.ts';
import { timeOf } from './time-of.ts';

const shown = 100;

/** The sessions of the account: each can be ended, and all others at once. */
export const sessionsSection: MeSection = {
  name: 'sessions',
  show: async ({ world, session }) => {
    const { organizationId, accountId, id } = session;
    const { items } = await pageOfSessions(world, organizationId, accountId, { limit: shown });
    const others = items.filter((it) => it.id !== id);
    const mine = items.filter((it) => it.id === id);
    return html`<h2>Where you are signed in</h2>
<ul class="plain">${[...mine, ...others].map(
      (it) => html`<li>
<div><strong title="${it.userAgent ?? ''}">${it.device}</strong>${it.id === id ? ' (here)' : ''}<br>
<span class="soft">${it.place === null ? '' : `${inWords(it.place)} · `}${it.address ?? ''} · since ${timeOf(it.createdAt)} · last seen ${timeOf(it.lastSeenAt)}</span></div>
<form method="post" action="/me/sessions/end"><input type="hidden" name="session" value="${it.id}"><button class="quiet small">End</button></form>
</li>`,
    )}</ul>
${
  others.length === 0
    ? ''
    : html`<form method="post" action="/me/sessions/end-others"><button class="quiet">End all others</button></form>`
}`;
  },
  actions: {
    end: async ({ world, source, session }, form) => {
      const id = form.get('session') ?? '';
      if (id === session.id) {
        await endOwnSession(world, source, session, 'signed out');
        return new Response(null, {
          status: 303,
          headers: {
            location: `/login?signed-out=${session.connectionId}`,
            'cache-control': 'no-store',
            'set-cookie': setCookie(sessionCookie, '', 0, 'Lax'),
          },
        });
      }
      await endOtherSessions(world, source, session, id);
      return { said: 'ended' };
    },
    'end-others': async ({ world, source, session }) => {
      await endOtherSessions(world, source, session);
      return { said: 'endedOthers' };
    },
  },
  says: { ended: 'That session is over.', endedOthers: 'All other sessions are over.' },
};
