import type { CheckReport, EntryName, Page, RecordedRequestDetail, Replay, SetupPlan } from '#contract';
import type { Cli } from '../cli.ts';
import { checksView } from './checks.ts';
import { columns } from './columns.ts';
import { detailView } from './detail.ts';
import { planView } from './plan.ts';
import { replayView } from './replay.ts';
import { requestView } from './request.ts';
import { tableView } from './table.ts';

/** Views of their own; every other answer is a table or a detail view. */
const views: { readonly [Name in EntryName]?: (answer: unknown) => string } = {
  'connections.checks': (answer) => checksView(answer as CheckReport),
  'connections.test': (answer) => checksView(answer as CheckReport),
  'connections.plan': (answer) => planView(answer as SetupPlan),
  'requests.replay': (answer) => replayView(answer as Replay),
  'requests.get': (answer) => requestView(answer as RecordedRequestDetail),
};

/** Values that do not come back, by the entry that gives them. */
const shownOnce: { readonly [Name in EntryName]?: string } = {
  'tokens.create': 'Paste the value into Secret Token. It does not come back.',
  'clientSecrets.create': 'Enter client id, client secret and token endpoint in Entra. The value does not come back.',
  'keys.create': 'The value is the key. It does not come back.',
  'clients.create': 'The secret, where there is one, is the client_secret. It does not come back.',
  'clients.addSecret': 'The value is the client_secret. It does not come back.',
  'webhooks.create': 'The secret signs deliveries (Standard Webhooks). It does not come back.',
  'operators.create': 'The sign-in link works once.',
  'operators.link': 'The link works once.',
};

/** Prints an answer: as it came with `--json`, else for people. A failed check makes the exit code 1. */
export function printAnswer(cli: Cli, name: EntryName, answer: unknown): void {
  if (name === 'connections.checks' || name === 'connections.test') {
    const { checks } = answer as CheckReport;
    if (checks.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
  }
  if (answer === undefined) {
    if (!cli.json) cli.note('Done.');
    return;
  }
  if (cli.json) {
    cli.print(JSON.stringify(answer, null, 2));
    return;
  }
  const view = views[name];
  if (view !== undefined) cli.print(view(answer));
  else if (isPage(answer)) printPage(cli, name, answer);
  else cli.print(detailView(answer));
  const once = shownOnce[name];
  if (once !== undefined) cli.note(`\n${once}`);
}

function printPage(cli: Cli, name: EntryName, { items, nextCursor }: Page<object>): void {
  if (items.length === 0) cli.note('There are none.');
  else cli.print(tableView(items, columns[name] ?? Object.keys(items[0] ?? {}), process.stdout.columns));
  if (nextCursor !== undefined && items.length > 0 && name !== 'events.list')
    cli.note(`\nMore follow: --cursor ${nextCursor}, or --all`);
}

const isPage = (answer: unknown): answer is Page<object> =>
  typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items);
