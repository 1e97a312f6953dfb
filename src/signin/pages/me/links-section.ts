import { findLive } from '#connections';
import { html } from '#http';
import { listOwnLinks, removeOwnLink } from '../../accounts/own-links.ts';
import { startAtProvider } from '../../relying-party/start-at-provider.ts';
import type { MeSection } from './section.ts';
import { timeOf } from './time-of.ts';

/** By what the account can be got into: each link, and the connections that are open to be added. */
export const linksSection: MeSection = {
  name: 'links',
  show: async ({ world, session }) => {
    const { links, open } = await listOwnLinks(world, session);
    return html`<h2>How you can sign in</h2>
<ul class="plain">${links.map(
      (it) => html`<li>
<div><strong>${it.name}</strong>${it.id === session.linkId ? ' (this time)' : ''}<br>
<span class="soft">${it.knownAs === null ? '' : `${it.knownAs} · `}since ${timeOf(it.createdAt)} · last used ${
        it.lastSignInAt === null ? 'never' : timeOf(it.lastSignInAt)
      }</span></div>
${
  it.removable
    ? html`<form method="post" action="/me/links/remove"><input type="hidden" name="link" value="${it.id}"><button class="quiet small" aria-label="Remove ${it.name}${
        it.knownAs === null ? '' : `, ${it.knownAs}`
      }">Remove</button></form>`
    : ''
}
</li>`,
    )}</ul>
${
  open.length === 0
    ? ''
    : html`<p class="soft">You can add another way. You sign in there once, and from then on either opens this account.</p>
${open.map(
  ({ id, name }) =>
    html`<form method="post" action="/me/links/add"><input type="hidden" name="connection" value="${id}"><button class="quiet">Add ${name}</button></form>`,
)}`
}`;
  },
  actions: {
    add: async ({ world, request, source, session, lately }, form) => {
      if (!lately) return 'authenticate';
      const { organizationId, accountId, id: sessionId } = session;
      const connectionId = form.get('connection') ?? '';
      const live = await findLive(world, organizationId, connectionId);
      if (live === undefined || !live.settings.signIn || !live.settings.linkable) return { said: 'closed' };
      const target = { organizationId, connectionId, settings: live.settings, testId: null };
      const of = { organizationId, connectionId };
      return startAtProvider(world, request, source, of, () => target, {
        returnTo: '/me',
        // Whoever has several accounts there sees which one it becomes.
        prompt: 'select_account',
        linksTo: { accountId, sessionId },
      });
    },
    remove: async ({ world, source, session, lately }, form) =>
      lately ? { said: await removeOwnLink(world, source, session, form.get('link') ?? '') } : 'authenticate',
  },
  says: {
    added: 'It was added. From now on it opens this account too.',
    removed: 'It was removed, and the sessions that came by it are over.',
    gone: 'That one is gone already.',
    last: 'That is your only way in. Add another one first.',
    provisioned: 'Your organization manages that one, and removes it there.',
    closed: 'That cannot be added.',
  },
};
