import { explainAadsts } from '#entra';
import { notFound } from '#http';
import type { Handlers } from './handler.ts';

/** D9: AADSTS codes in plain words. */
export const explainHandlers: Handlers<'aadsts.explain'> = {
  'aadsts.explain': async (_, { params }) => {
    const found = await explainAadsts(params.code);
    if (found?.known !== true) throw notFound('AADSTS code', params.code);
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
