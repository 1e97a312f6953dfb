import { type Event, type EventType, eventTypes } from '#contract';
import type { Tone } from '../values/tone.ts';

const bad: readonly EventType[] = [
  'connection.test_failed',
  'secret.refused',
  'secret.expired',
  'token.expired',
  'client_secret.expired',
  'client.secret_expired',
  'sign_in.refused',
  'message.failed',
  'authentication.failed',
  'passkey.suspected',
  'operator.break_glass_used',
];
const warning: readonly EventType[] = [
  'secret.expiring',
  'token.expiring',
  'client_secret.expiring',
  'client.secret_expiring',
  'message.uncertain',
  'brake.held',
  'account.locked',
];
const good: readonly EventType[] = [
  'connection.activated',
  'connection.tested',
  'secret.activated',
  'sign_in.succeeded',
  'message.sent',
];
const paused: readonly EventType[] = ['connection.paused', 'user.deactivated'];

/** Few events are good or bad news; most are just news. */
export function eventTone(type: EventType): Tone {
  if (bad.includes(type)) return 'bad';
  if (warning.includes(type)) return 'warning';
  if (paused.includes(type)) return 'paused';
  return good.includes(type) ? 'good' : 'neutral';
}

/** An event as a sentence: its subject's name, then what the contract says of its type, without `data`'s details. */
export function eventWords({ type, subject }: Event): { what: string; subject: string | null } {
  const [fact = type] = eventTypes[type].split(';');
  const name = subject.name ?? null;
  return { what: name === null ? capital(fact) : `· ${fact}`, subject: name };
}

/** Who did it, as people say it. */
export function actorWords({ type, name }: Event['actor']): string {
  if (type === 'portico') return 'Portico itself';
  if (type === 'provisioning-client') return name === null ? 'Entra’s provisioning' : `provisioning, ${name}`;
  return name ?? type;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
