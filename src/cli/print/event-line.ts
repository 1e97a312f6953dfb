import type { Event } from '#contract';
import { valueText } from './value.ts';

/** An event on one line. */
export const eventLine = ({ position, time, type, subject, actor }: Event): string =>
  `${String(position).padStart(6)}  ${valueText(time)}  ${type.padEnd(24)}  ${subject.name ?? subject.id}  by ${actor.name ?? actor.type}`;
