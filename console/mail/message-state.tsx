import type { Message } from '#contract';
import { State } from '../values/state.tsx';
import type { Tone } from '../values/tone.ts';

const tones: Record<Message['state'], Tone> = {
  queued: 'waiting',
  sending: 'waiting',
  sent: 'good',
  failed: 'bad',
  uncertain: 'warning',
  received: 'good',
};

/** The state of a message. */
export function MessageState({ state }: { state: Message['state'] }) {
  return <State tone={tones[state]}>{state}</State>;
}
