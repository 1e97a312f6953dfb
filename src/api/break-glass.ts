import { acknowledgeUse, createBreakGlass, pageOfBreakGlass, pageOfUses, renewBreakGlass } from '#access';
import { ofDeployment } from './access.ts';
import type { Handlers } from './handler.ts';

/** Operators for the day when nobody else gets in, and what was done with their credentials. */
export const breakGlassHandlers: Handlers<
  'breakGlass.list' | 'breakGlass.create' | 'breakGlass.renew' | 'breakGlass.uses' | 'breakGlass.acknowledge'
> = {
  'breakGlass.list': async (world, asked) => pageOfBreakGlass(world, ofDeployment(asked).query),
  'breakGlass.create': async (world, asked) => createBreakGlass(world, ofDeployment(asked).caller, asked.body.name),
  'breakGlass.renew': async (world, asked) =>
    renewBreakGlass(world, ofDeployment(asked).caller, asked.params.breakGlass),
  'breakGlass.uses': async (world, asked) => pageOfUses(world, ofDeployment(asked).query),
  'breakGlass.acknowledge': async (world, asked) =>
    void (await acknowledgeUse(world, ofDeployment(asked).caller, asked.params.use)),
};
