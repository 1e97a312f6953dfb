import { html } from 'hono/html';
import type { ControlError } from '../control/control-error.ts';
import { type Answer, type Exchange, header } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { shell } from './shell.ts';

/** Where the pages and their buttons are; the control API beside them answers browsers too in JSON. */
const places = ['', 'view', 'do'];

/** A refusal as a page, for whoever came from one; undefined for a program. */
export function refusalPage(world: World, exchange: Exchange, error: ControlError): Promise<Answer> | undefined {
  if (!places.includes(exchange.segments[1] ?? '') || !header(exchange, 'accept')?.includes('text/html'))
    return undefined;
  const live = html`<p><a href="/_control">To the overview</a></p>`;
  return shell(world, { tab: '', title: 'That was refused', fault: error.message, status: error.status, live });
}
