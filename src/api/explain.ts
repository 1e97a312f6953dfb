import { explainAadsts } from '#entra';
import { Problem } from '#http';
import { explainRefusedSignIn } from '#signin';
import type { Handlers } from './handler.ts';

/** D9, S14: AADSTS codes and refused sign-ins in plain words. */
export const explainHandlers: Handlers<'aadsts.explain' | 'refusedSignIns.explain'> = {
  'refusedSignIns.explain': (world, { caller, params }) =>
    explainRefusedSignIn(world, caller.organization, params.request),
  'aadsts.explain': async (_, { params }) => {
    const found = await explainAadsts(params.code);
    if (found?.known !== true) {
      const nearest = (found?.nearest ?? []).slice(0, 5).map(({ code }) => code);
      throw new Problem('not-found', {
        detail: `${JSON.stringify(params.code.slice(0, 80))} is not a known AADSTS code`,
        remedy: nearest.length === 0 ? 'give a code such as AADSTS50020' : `one digit away: ${nearest.join(', ')}`,
      });
    }
    return {
      code: found.code,
      name: found.name,
      cause: found.cause,
      remedy: found.action,
      source: found.source,
      link: found.adminLink,
    };
  },
};
