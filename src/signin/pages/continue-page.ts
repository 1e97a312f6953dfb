import type { EntraWorld } from '#connections';
import { html, pageResponse } from '#http';
import type { ValidSession } from '../sessions/session.ts';
import { addressOf, formTargets, type PagePlace } from './login-page.ts';

/** Where a product lets the person choose: who is signed in, and "use another". */
export const continuePage = (world: EntraWorld, place: PagePlace, session: ValidSession): Promise<Response> =>
  pageResponse({
    title: 'Choose an account',
    formTargets: formTargets(world, place.interaction),
    body: html`<h1>Choose an account</h1>
<p>You are signed in as ${session.name ?? session.userName}${session.email === null ? '' : html`, ${session.email}`}.</p>
<form method="post" action="${addressOf(place, { continue: '' })}"><button autofocus>Continue as ${session.name ?? session.userName}</button></form>
<a class="button quiet" href="${addressOf(place, { another: '' })}">Use another account</a>`,
  });
