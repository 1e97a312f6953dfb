import { html } from '#http';
import { listEventsOfAccount } from '../../queries/account-event.ts';
import { isRefusalReason, wordsOf } from '../../refusals.ts';
import type { MeSection } from './section.ts';
import { timeOf } from './time-of.ts';

const shown = 20;

/** The sign-ins of the account of late, with those that were refused though it was known whose they were. */
export const signInsSection: MeSection = {
  name: 'sign-ins',
  show: async ({ world, session }) => {
    const { organizationId, accountId } = session;
    const rows = await world.store.read(listEventsOfAccount, { organizationId, accountId, limit: shown });
    return html`<h2>Recent sign-ins</h2>
<table>${rows.map(({ at, type, actor, data }) => {
      const { address } = JSON.parse(actor);
      return html`<tr><td>${timeOf(at)}</td><td>${
        type === 'sign_in.succeeded' ? 'Signed in' : html`<span class="bad">Refused: ${whyOf(data)}</span>`
      }</td><td>${address ?? ''}</td></tr>`;
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
