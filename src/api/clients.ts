import {
  addSecret,
  changeClient,
  createClient,
  deleteClient,
  getClient,
  listKeys,
  pageOfClients,
  removeSecret,
  rotateKeys,
} from '#signin';
import { ofDeployment } from './access.ts';
import type { Handlers } from './handler.ts';

/** The clients of the provider: they serve all organizations, so only who sees all of them may change them. */
export const clientHandlers: Handlers<
  | 'clients.list'
  | 'clients.create'
  | 'clients.get'
  | 'clients.update'
  | 'clients.delete'
  | 'clients.addSecret'
  | 'clients.removeSecret'
  | 'providerKeys.list'
  | 'providerKeys.rotate'
> = {
  'clients.list': async (world, asked) => pageOfClients(world, ofDeployment(asked).query),
  'clients.create': async (world, asked) => createClient(world, ofDeployment(asked).cause, asked.body),
  'clients.get': async (world, asked) => getClient(world, ofDeployment(asked).params.client),
  'clients.update': async (world, asked) =>
    changeClient(world, ofDeployment(asked).cause, asked.params.client, asked.body, asked.version),
  'clients.delete': async (world, asked) =>
    void (await deleteClient(world, ofDeployment(asked).cause, asked.params.client)),
  'clients.addSecret': async (world, asked) =>
    addSecret(world, ofDeployment(asked).cause, asked.params.client, asked.body),
  'clients.removeSecret': async (world, asked) =>
    void (await removeSecret(world, ofDeployment(asked).cause, asked.params.client, asked.params.productSecret)),
  'providerKeys.list': async (world, asked) => {
    ofDeployment(asked);
    return listKeys(world);
  },
  'providerKeys.rotate': async (world, asked) => rotateKeys(world, ofDeployment(asked).cause, asked.body),
};
