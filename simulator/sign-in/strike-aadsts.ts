import { type FaultKind, type ForcedRefusal, faultTable } from '../faults/fault-table.ts';
import { type Fault, numberOf, textOf } from '../faults/faults.ts';
import type { Exchange } from '../http/exchange.ts';
import { namedClient, oauthParameters } from '../http/oauth-parameters.ts';
import type { World } from '../world.ts';
import { type AadstsDetails, AadstsError } from './aadsts.ts';

const refusals: ReadonlyMap<string, ForcedRefusal> = new Map(
  faultTable.flatMap(({ name, forces }: FaultKind): [string, ForcedRefusal][] =>
    forces === undefined ? [] : [[name, forces]],
  ),
);

/** Throws the refusal that was called for this endpoint, by the `aadsts` fault or by one that stands for a code. */
export function strikeAadsts(world: World, endpoint: 'authorize' | 'token', exchange: Exchange): void {
  if (world.faults.list().length === 0) return;
  const parameters = oauthParameters(exchange);
  const fault = world.faults.strikeAny((candidate) => {
    if (candidate.name === 'aadsts') return textOf(candidate, 'at') === endpoint;
    const refusal = refusals.get(candidate.name);
    return refusal !== undefined && concerns(candidate, refusal, endpoint, exchange, parameters);
  });
  if (fault === undefined) return;
  const refusal = refusals.get(fault.name);
  if (refusal === undefined) throw new AadstsError(numberOf(fault, 'code') ?? 50000, undefined, detailsOf(fault));
  throw new AadstsError(refusal.code, undefined, refusal.suberror === undefined ? {} : { suberror: refusal.suberror });
}

function concerns(
  fault: Fault,
  { at, grants, ...when }: ForcedRefusal,
  endpoint: 'authorize' | 'token',
  exchange: Exchange,
  parameters: URLSearchParams,
): boolean {
  const app = textOf(fault, 'app')?.toLowerCase();
  if (!at.includes(endpoint) || (app !== undefined && app !== namedClient(exchange, parameters))) return false;
  if (endpoint === 'authorize') return when.silent !== true || parameters.get('prompt') === 'none';
  if (when.bySecret === true && !parameters.has('client_secret') && exchange.headers.authorization === undefined)
    return false;
  return grants === undefined || grants.includes(parameters.get('grant_type') ?? '');
}

function detailsOf(fault: Fault): AadstsDetails {
  const [place, suberror, claims] = [textOf(fault, 'as'), textOf(fault, 'suberror'), textOf(fault, 'claims')];
  return {
    ...(place === 'page' || place === 'redirect' ? { place } : {}),
    ...(suberror === undefined ? {} : { suberror }),
    ...(claims === undefined ? {} : { claims }),
  };
}
