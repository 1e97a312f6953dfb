import type { Connection, ConnectionState } from '#contract';

const order: ConnectionState[] = ['active', 'tested', 'draft', 'paused'];

/** The whole in one sentence: how many connections in which state. */
export function headline(connections: Connection[], attention: number): string {
  const counts = order
    .map((state) => ({ state, count: connections.filter((connection) => connection.state === state).length }))
    .filter(({ count }) => count > 0);
  const total = connections.length;
  const [only] = counts;
  const states =
    counts.length === 1 && only !== undefined
      ? `${total === 1 ? 'One connection' : `${total} connections`}, ${total === 1 ? '' : 'all '}${only.state}.`
      : `${total} connections: ${counts.map(({ state, count }) => `${count} ${state}`).join(', ')}.`;
  if (attention === 0) return `${states} All is well.`;
  return `${states} ${attention === 1 ? 'One thing needs' : `${attention} things need`} your attention.`;
}
