import { z } from 'zod';
import type { AppRole } from '../applications/application.ts';
import { ensureServicePrincipal, makeApplication } from '../applications/register.ts';
import { clouds } from '../hosts/clouds.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { applicationResource } from './application-view.ts';
import type { GraphCall } from './caller.ts';
import { noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { requireCreation } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { principalResource } from './service-principal-view.ts';

type Template = {
  readonly id: string;
  readonly displayName: string;
  readonly publisher: string;
  readonly categories: readonly string[];
  readonly supportedProvisioningTypes: readonly string[];
};

/** Roles that an application made of a template has from the start (captured: instantiate answers). */
const templateRoles: readonly AppRole[] = [
  {
    id: '18d14569-c3bd-439b-9a66-3a2aee01d14f',
    value: '',
    displayName: 'User',
    description: 'User',
    isEnabled: true,
    allowedMemberTypes: ['User'],
  },
  {
    id: 'b9632174-c057-4f7e-951b-be3adc52bfe6',
    value: '',
    displayName: 'msiam_access',
    description: 'msiam_access',
    isEnabled: true,
    allowedMemberTypes: ['User'],
  },
];

const body = z.strictObject({
  displayName: z.string().min(1).max(256),
  serviceManagementReference: z.string().nullish(),
});

/** Templates of the gallery, and the one for applications that are in none (applicationTemplate resource type). */
export function applicationTemplateRoutes(): Routes<GraphCall> {
  return {
    // Nobody needs a permission to look at the gallery.
    'GET /applicationTemplates': (call) =>
      answerPage(call.exchange, templatesOf(call), view, {
        context: 'applicationTemplates',
        defaultTop: 100,
        mostTop: 999,
      }),
    'GET /applicationTemplates/:template': (call, id) =>
      answerOne(call.exchange, view(templateOf(call, id)), 'applicationTemplates'),
    'POST /applicationTemplates/:template/instantiate': (call, id) => {
      requireCreation(call);
      const { world, exchange, caller } = call;
      const template = templateOf(call, id);
      const { displayName } = readGraphBody(exchange, body);
      const now = world.clock.now();
      const application = makeApplication(
        world.random,
        caller.tenant.id,
        { displayName, applicationTemplateId: template.id, appRoles: templateRoles },
        now,
      );
      application.ownerIds.add(caller.objectId);
      world.applications.set(application.appId, application);
      const principal = ensureServicePrincipal(world.random, caller.tenant, application, now);
      principal.ownerIds.add(caller.objectId);
      principal.appRoleAssignmentRequired = true;
      principal.tags = [
        'WindowsAzureActiveDirectoryIntegratedApp',
        'WindowsAzureActiveDirectoryCustomSingleSignOnApplication',
      ];
      const answer = {
        '@odata.context': `${exchange.origin}/v1.0/$metadata#microsoft.graph.applicationServicePrincipal`,
        application: applicationResource(exchange, caller.tenant, application),
        servicePrincipal: principalResource(call, principal),
      };
      return json(201, answer, requestIds(exchange));
    },
  };
}

/** The non-gallery template of the tenant's cloud, and a few made-up ones that look like the gallery's. */
function templatesOf({ caller }: GraphCall): Template[] {
  const custom = { publisher: 'Microsoft', categories: [], supportedProvisioningTypes: ['sync'] };
  return [
    { id: clouds[caller.tenant.cloud].nonGalleryTemplateId, displayName: 'Custom', ...custom },
    {
      id: '4d8b1d7f-5ef5-4a0a-9c0e-3a1f6a0e7b11',
      displayName: 'Northwind Travel',
      publisher: 'Northwind',
      categories: ['businessManagement'],
      supportedProvisioningTypes: ['sync'],
    },
    {
      id: 'b1c7f0c2-7a4d-4f0b-8b55-0f2d9c3e5a22',
      displayName: 'Adventure Works HR',
      publisher: 'Adventure Works',
      categories: ['humanResources'],
      supportedProvisioningTypes: [],
    },
  ];
}

function templateOf(call: GraphCall, id: string): Template {
  const found = templatesOf(call).find((template) => template.id === id.toLowerCase());
  if (found === undefined) throw noSuchResource(id);
  return found;
}

const view = (template: Template) => ({
  description: null,
  homePageUrl: null,
  logoUrl: null,
  supportedSingleSignOnModes: ['oidc', 'password', 'saml', 'notSupported'],
  ...template,
});
