import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Event, Page } from '#contract';
import type { Cli } from './cli.ts';
import { eventLine } from './print/event-line.ts';

const everyMs = 1000;

/** `portico events follow`: prints events as they come, one line each; with `--json` one document each. */
export function addFollow(parent: Command, cli: Cli): void {
  parent
    .command('follow')
    .argument('[organization]', 'those of the deployment itself where it is left out')
    .description('Print events as they come, until Ctrl+C')
    .option('--type <text>', 'only this type')
    .option('--cursor <text>', 'begin after this position; without it with what comes from now on')
    .addHelpText('after', '\nNeeds the right events:read.')
    .action(async (organization: string | undefined, options: { type?: string; cursor?: string }) => {
      const name = organization === undefined ? 'events.deployment' : 'events.list';
      const type = options.type === undefined ? {} : { type: options.type };
      const ask = async (query: Record<string, unknown>) =>
        (await cli.call(name, {
          ...(organization === undefined ? {} : { organization }),
          query: { ...type, ...query },
        })) as Page<Event>;
      let cursor = options.cursor ?? String((await ask({ limit: 1 })).items[0]?.position ?? 0);
      for (;;) {
        const page = await ask({ order: 'oldest', cursor, limit: 1000 });
        for (const event of page.items) cli.print(cli.json ? JSON.stringify(event) : eventLine(event));
        cursor = page.nextCursor ?? cursor;
        if (page.items.length === 0) await wait(everyMs);
      }
    });
}
