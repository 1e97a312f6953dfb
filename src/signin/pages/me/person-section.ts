import { cloudOf, findLive } from '#connections';
import { html } from '#http';
import { getAccount } from '../../accounts/account.ts';
import type { Asked, MeSection } from './section.ts';

/** Who is signed in, what is known of the person, and where that is changed (S9). */
export const personSection: MeSection = {
  name: 'person',
  show: async (asked) => {
    const { userName, name, email, preferredUsername } = asked.session;
    const place = await placeOfChange(asked);
    const rows = [
      ['Name', name],
      ['E-mail address', email],
      ['Signs in as', preferredUsername],
      ['User name', userName],
    ] as const;
    return html`<p>You are signed in as <strong>${name ?? userName}</strong>.</p>
<table>${rows.map(([title, value]) =>
      value === null ? '' : html`<tr><th scope="row">${title}</th><td>${value}</td></tr>`,
    )}</table>
${
  place === undefined
    ? ''
    : html`<p class="soft">Name and e-mail address come from ${place.who}, and are changed there${
        place.address === undefined ? '.' : html`: <a href="${place.address}" rel="noreferrer">${place.shown}</a>.`
      } They are taken over each time you sign in.</p>`
}
<form method="post" action="/login/sign-out"><button class="quiet">Sign out</button></form>`;
  },
  actions: {},
  says: {},
};

/** Who keeps the person's name and address, and the page there; undefined where it is kept here. */
async function placeOfChange({
  world,
  session,
}: Asked): Promise<{ who: string; address?: string; shown?: string } | undefined> {
  const { organizationId, accountId, connectionId, tenantId, issuer } = session;
  const { toldBy } = await getAccount(world, organizationId, accountId);
  if (toldBy === null) return undefined;
  if (toldBy !== (tenantId ?? issuer)) return { who: 'another of your ways to sign in' };
  if (tenantId === null) {
    const origin = URL.parse(issuer)?.origin;
    return {
      who: 'the provider that you sign in with',
      ...(origin === undefined ? {} : { address: origin, shown: origin }),
    };
  }
  const live = await findLive(world, organizationId, connectionId);
  const address = live === undefined ? undefined : cloudOf(world, live.settings.cloud).myAccountOrigin;
  const who = 'your organization';
  return address === undefined ? { who } : { who, address, shown: new URL(address).host };
}
