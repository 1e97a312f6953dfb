import type { Connection, ConnectionState } from '#contract';
import { State } from '../values/state.tsx';
import type { Tone } from '../values/tone.ts';

const tones: Record<ConnectionState, Tone> = { draft: 'neutral', tested: 'waiting', active: 'good', paused: 'paused' };

/** The state of a connection; that an active one also has a draft is said with it. */
export function ConnectionStateMark({ connection }: { connection: Pick<Connection, 'state' | 'live' | 'draft'> }) {
  const changed = connection.live !== null && connection.draft !== null;
  return (
    <State tone={tones[connection.state]}>
      {connection.state}
      {changed && ', changed'}
    </State>
  );
}

/** What a connection does, or will do once it is live. */
export function featuresOf({ live, draft }: Pick<Connection, 'live' | 'draft'>): string[] {
  const settings = live ?? draft;
  if (settings === null) return [];
  return [
    settings.signIn && 'sign-in',
    settings.provisioning && 'provisioning',
    settings.mailOut && 'mail out',
    settings.mailIn && 'mail in',
  ].filter((feature) => feature !== false);
}
