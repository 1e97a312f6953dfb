/** A row of the floor plan: a room of `src/`, and which rooms it may import (`all above`: every room named before it). */
export type Row = readonly [room: string, mayImport: string];

/** Who may import whom. ARCHITECTURE.md shows the same table, with what each room owns. */
export const floorPlan: readonly Row[] = [
  ['contract', ''],
  ['config', ''],
  ['scim', ''],
  ['http', 'contract config'],
  ['openid', ''],
  ['entra', 'config openid'],
  ['store', 'config scim'],
  ['events', 'contract store'],
  ['access', 'contract http store events'],
  ['connections', 'contract http openid store entra events access'],
  ['directory', 'contract http scim store entra events connections'],
  ['signin', 'contract http openid store entra events connections'],
  ['mail', 'contract http openid store entra events connections'],
  ['setup', 'all above'],
  ['api', 'all above'],
  ['cli', 'contract config'],
];

/** The tables that `store` writes for every room. Any other table belongs to the one room that writes it. */
export const storeTables: readonly string[] = ['migration', 'due', 'limit_window', 'sqlite_stat1'];

/** The rooms that each room may import, in the order of the plan. */
export function readPlan(rows: readonly Row[]): Map<string, string[]> {
  const plan = new Map<string, string[]>();
  for (const [room, mayImport] of rows) {
    plan.set(room, mayImport === 'all above' ? [...plan.keys()] : mayImport.split(' ').filter((name) => name !== ''));
  }
  return plan;
}

/** The rows of the Markdown table whose columns are named `room` and `may import`. */
export function readMarkdownPlan(markdown: string): Row[] {
  const lines = markdown.split('\n').map(cellsOf);
  const head = lines.findIndex((cells) => cells.includes('room') && cells.includes('may import'));
  if (head < 0) throw new Error('no table with the columns `room` and `may import`');
  const end = lines.findIndex((cells, index) => index > head && cells.length === 0);
  const room = lines[head]?.indexOf('room') ?? 0;
  const mayImport = lines[head]?.indexOf('may import') ?? 0;
  return lines.slice(head + 2, end < 0 ? undefined : end).map((cells) => [
    cells[room] ?? '',
    (cells[mayImport] ?? '')
      .replaceAll(',', ' ')
      .replaceAll(/\s+/g, ' ')
      .replace(/^[–—-]$/, ''),
  ]);
}

/** The cells of one line of a Markdown table, without code marks; none where the line is not of a table. */
function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .split('|')
    .map((cell) => cell.replaceAll('`', '').trim());
  return cells.length > 2 ? cells.slice(1, -1) : [];
}
