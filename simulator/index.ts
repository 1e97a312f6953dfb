/**
 * The simulated Microsoft Entra tenants: login endpoints, tokens, Microsoft Graph, Exchange mail and the provisioning
 * client, in memory behind one http origin, following Microsoft's documents.
 * Never imports anything of Portico (nor does Portico import it), so that a misunderstanding cannot cancel itself out.
 * Start reading at simulate-entra.ts, then doors.ts: the list of everything that answers.
 */
export { ConfigFault, type TenantConfig } from './config/tenant-config.ts';
export { type SimulatedEntra, type SimulatedTenant, type SimulateOptions, simulateEntra } from './simulate-entra.ts';
export { SnapshotFault } from './snapshots/snapshot.ts';
