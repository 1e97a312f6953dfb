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
import { discoverProvider, MetadataError, readProviderAddress } from '#openid';
import { type EntraWorld, mayBePlain } from './entra-world.ts';

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
): Promise<StartingPoint & { cloud: CloudName }> {
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

/**
 * Derives issuer and addresses of another OpenID provider from its issuer or its metadata URL, asked afresh. Throws a problem
 * that says what the text is instead, or what its metadata document lacks.
 */
export async function deriveProvider(world: EntraWorld, text: string): Promise<StartingPoint> {
  const plain = mayBePlain(world);
  try {
    const address = readProviderAddress(text, plain);
    const { origin } = new URL(address.metadataUrl);
    if (Object.values(clouds).some(({ loginOrigins }) => loginOrigins.some((it) => it === origin))) {
      throw new MetadataError('badAddress', 'this is Microsoft Entra ID: choose it as the provider');
    }
    const { issuer, metadataUrl, algorithms } = await discoverProvider(address, world.fetch, plain);
    if (algorithms.length === 0) {
      throw new MetadataError('badDocument', 'it signs id tokens with none of RS256, PS256, ES256 and EdDSA');
    }
    return { cloud: null, tenantId: null, authority: issuer, issuer, providerUrl: issuer, metadataUrl, remark: null };
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    const errors = [{ field: 'startFrom', detail: error.message }];
    if (error.code === 'badAddress') throw new Problem('invalid-request', { detail: error.message, errors });
    throw new Problem(error.code === 'unreachable' ? 'upstream-unreachable' : 'refused-by-provider', {
      detail: error.message,
      errors,
      remedy:
        error.code === 'unreachable'
          ? 'check that this machine reaches the provider'
          : 'give the issuer as the provider names it, or the address of its metadata document',
    });
  }
}
