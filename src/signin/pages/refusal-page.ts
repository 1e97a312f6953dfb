import type { EntraWorld } from '#connections';
import type { ConnectionSettings } from '#contract';
import { html, pageResponse } from '#http';
import { factsOfRefusal, refusalAt } from '../explain-refusal.ts';
import { formTargetOf } from '../provider/consent-page.ts';
import type { WaitingProduct } from '../provider/give-up.ts';
import { wordsOf } from '../refusals.ts';
import type { SignInRefused } from '../sign-in-refused.ts';

/** Where and when a sign-in was refused. */
export interface RefusalPlace {
  /** The id to quote: that of the request, which the event carries too. */
  requestId: string;
  /** Where "start again" leads; null where there is nothing to start again. */
  again: string | null;
  /** The product that waits; the person may go back to it without having signed in. */
  product?: WaitingProduct | undefined;
  connection: { id: string; settings: ConnectionSettings } | undefined;
}

/** The page after a refused sign-in: for the person what happened and what to try, behind it the admin's part. */
export async function refusalPage(
  world: EntraWorld,
  refused: SignInRefused,
  { requestId, again, product, connection }: RefusalPlace,
): Promise<Response> {
  const words = wordsOf(refused.reason);
  const { facts, link } = await factsOfRefusal(world, refusalAt(refused, world.now()), connection);
  return pageResponse({
    title: words.title,
    status: 400,
    formTargets: formTargetOf(product?.redirectUri),
    body: html`<h1>${words.title}</h1>
<p>${words.what}</p>
${refused.toPerson === undefined ? '' : html`<p><strong>${refused.toPerson}</strong></p>`}
<p>${words.next}</p>
${again === null ? '' : html`<a class="button" href="${again}">Start again</a>`}
${product === undefined ? '' : html`<form method="post" action="${product.action}"><button class="quiet">Back to ${product.name}</button></form>`}
<p class="soft">If you ask for help, quote <code id="reference">${requestId}</code>.</p>
<details><summary>For administrators</summary>
<table>${facts.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</table>
${link === null ? '' : html`<p><a href="${link}" rel="noreferrer">Open this in the Microsoft Entra admin center</a></p>`}
</details>`,
  });
}
