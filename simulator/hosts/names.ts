/** Which of the simulator's doors answers for one of Microsoft's hosts. */
export type HostDoor = 'login' | 'graph' | 'arm';

/** The hosts of Microsoft that the simulator stands for: the names in its certificate, and those its proxy leads here. */
export const microsoftHosts: ReadonlyMap<string, HostDoor> = new Map([
  ['login.microsoftonline.com', 'login'],
  ['login.windows.net', 'login'],
  ['login.microsoft.com', 'login'],
  ['sts.windows.net', 'login'],
  ['graph.microsoft.com', 'graph'],
  ['management.azure.com', 'arm'],
  ['management.core.windows.net', 'arm'],
]);
