import type { StartingPoint } from '#contract';
import {
  type Cloud,
  type CloudName,
  cloudNamed,
  clouds,
  DiscoveryError,
  type InputFault,
  readStartingPoint,
  simulatedCloud,
} from '#entra';
import { Problem } from '#http';
import type { EntraWorld } from './entra-world.ts';

/** The cloud of that name, the simulated one where it is set up. */
export const cloudOf = (world: Pick<EntraWorld, 'config'>, name: CloudName): Cloud =>
  cloudNamed(name, world.config.simulatorUrl);

/** The problem that names a field's fault in the words of what was pasted. */
export const pasteProblem = (field: string, fault: InputFault): Problem =>
  new Problem('invalid-request', { detail: fault.message, errors: [{ field, detail: fault.message }] });

/**
 * Derives tenant, issuer and addresses from any one of tenant id, domain, provider URL or metadata URL. Throws a problem
 * that says what the text is instead, or what discovery answered.
 */
export async function deriveStartingPoint(
  world: EntraWorld,
  text: string,
  cloudName: CloudName | undefined,
): Promise<StartingPoint> {
  const { simulatorUrl } = world.config;
  const read = readStartingPoint(text, simulatorUrl === undefined ? undefined : simulatedCloud(simulatorUrl));
  if (!read.ok) throw pasteProblem('startFrom', read.fault);
  const { tenant, product, remarks } = read.value;
  if (product !== 'entra') {
    const [remark = 'this is not a Microsoft Entra ID tenant'] = remarks;
    throw new Problem('invalid-request', { detail: remark, errors: [{ field: 'startFrom', detail: remark }] });
  }
  const cloud = read.value.cloud ?? cloudName ?? (simulatorUrl === undefined ? 'global' : 'simulated');
  try {
    const found = await world.entra.tenants.resolve({ cloud: cloudOf(world, cloud), tenant });
    return {
      cloud,
      tenantId: found.tenantId ?? null,
      authority: found.tenantId ?? tenant,
      issuer: found.issuer,
      providerUrl: found.providerUrl,
      metadataUrl: found.metadataUrl,
      remark: [...remarks, found.region.remark].filter((it) => it !== undefined).join(' ') || null,
    };
  } catch (error) {
    if (!(error instanceof DiscoveryError)) throw error;
    const unreachable = error.code === 'unreachable' || error.code === 'notJson';
    throw new Problem(unreachable ? 'upstream-unreachable' : 'refused-by-entra', {
      detail: error.message,
      errors: [{ field: 'startFrom', detail: error.message }],
      remedy: unreachable
        ? `check that this machine reaches ${(cloud === 'simulated' ? cloudOf(world, cloud) : clouds[cloud]).loginOrigin}`
        : 'check the tenant id or domain, and the cloud',
    });
  }
}
