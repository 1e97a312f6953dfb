import { numberOf, textOf } from '../faults/faults.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';

/** Throws the refusal that was called by the `aadsts` fault for this endpoint, if there is one. */
export function strikeAadsts(world: World, endpoint: 'authorize' | 'token'): void {
  const fault = world.faults.strike('aadsts', (candidate) => textOf(candidate, 'at') === endpoint);
  if (fault === undefined) return;
  const [place, suberror, claims] = [textOf(fault, 'as'), textOf(fault, 'suberror'), textOf(fault, 'claims')];
  throw new AadstsError(numberOf(fault, 'code') ?? 50000, undefined, {
    ...(place === 'page' || place === 'redirect' ? { place } : {}),
    ...(suberror === undefined ? {} : { suberror }),
    ...(claims === undefined ? {} : { claims }),
  });
}
