import { eventTypes } from '#contract';
import { code, page, table } from './markdown.ts';

/** Every type of event. */
export function eventsPage(): string {
  return page(
    '# Events',
    'An event is a recorded fact, written in the same transaction as the change that makes it true. It is read as a feed (`GET /organizations/{organization}/events?order=oldest`, which skips nothing), followed by `portico events follow`, and sent to webhooks, signed by [Standard Webhooks](https://www.standardwebhooks.com/), at least once: tell repeats by the id.',
    table(
      ['type', 'happened'],
      Object.entries(eventTypes).map(([type, about]) => [code(type), about]),
    ),
  );
}
