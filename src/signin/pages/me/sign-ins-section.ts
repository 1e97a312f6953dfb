import { html } from '#http';
import { listEventsOfAccount } from '../../queries/account-event.ts';
import { isRefusalReason, wordsOf } from '../../refusals.ts';
import { deviceOf } from '../../sessions/device-of.ts';
import { inWords } from '../../sessions/place-of-record.ts';
import { openPlaces } from '../../sessions/places.ts';
import type { MeSection } from './section.ts';
import { timeOf } from './time-of.ts';

const shown = 20;

/** The sign-ins of the account of late, with those that were refused though it was known whose they were. */
export const signInsSection: MeSection = {
  name: 'sign-ins',
  show: async ({ world, session }) => {
    const { organizationId, accountId } = session;
    const rows = await world.store.read(listEventsOfAccount, { organizationId, accountId, limit: shown });
    const { placeOf } = await openPlaces(world);
    return html`<h2>Recent sign-ins</h2>
<table>${rows.map(({ at, type, actor, data }) => {
      const { address, userAgent }: { address: string | null; userAgent: string | null } = JSON.parse(actor);
      const place = placeOf(address);
      const from = [deviceOf(userAgent), place === null ? null : inWords(place), address].filter((it) => it !== null);
      return html`<tr><td>${timeOf(at)}</td><td>${
        type === 'sign_in.succeeded' ? 'Signed in' : html`<span class="bad">Refused: ${whyOf(data)}</span>`
      }<br>
<span class="soft" title="${userAgent ?? ''}">${from.join(' · ')}</span></td></tr>`;
    })}</table>
<p class="soft">Is one of them not yours? Tell the administrator of your organization.</p>`;
  },
  actions: {},
  says: {},
};

function whyOf(data: string): string {
  const { reason } = JSON.parse(data);
  return isRefusalReason(reason) ? wordsOf(reason).title : 'unknown reason';
}
