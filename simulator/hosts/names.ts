import { clouds } from './clouds.ts';

/** Which of the simulator's doors answers for one of Microsoft's hosts. */
export type HostDoor = 'login' | 'graph' | 'arm' | 'outlook';

const named =
  (door: HostDoor) =>
  (host: string): [string, HostDoor] => [host, door];

/** The hosts of Microsoft that the simulator stands for: the names in its certificate, and those its proxy leads here. */
export const microsoftHosts: ReadonlyMap<string, HostDoor> = new Map(
  Object.values(clouds).flatMap(({ loginHosts, graphHosts, armHosts, exchangeHost, outlookHost }) => [
    ...loginHosts.map(named('login')),
    ...graphHosts.map(named('graph')),
    ...armHosts.map(named('arm')),
    ...[exchangeHost, outlookHost].map(named('outlook')),
  ]),
);
