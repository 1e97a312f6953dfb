// Ory Polis as an embedded library, as its npm guide sets it up with Express: the directory sync controller answers SCIM.
import jackson from '@boxyhq/saml-jackson';
import express from 'express';

const { PORT, DATABASE_KIND, DATABASE } = process.env;
const url = `http://127.0.0.1:${PORT}`;
const { directorySyncController } = await jackson.controllers({
  externalUrl: url,
  samlPath: '/api/oauth/saml',
  scimPath: '/api/scim/v2.0',
  noAnalytics: true,
  db: { engine: 'sql', type: DATABASE_KIND, url: DATABASE },
  logger: { info: () => undefined, warn: () => undefined },
  // Embedded: events are handed to the application, which has nothing to do with them here.
  dsync: { callback: async () => undefined },
});
const { data: directory, error } = await directorySyncController.directories.create({
  name: 'contoso',
  tenant: 'contoso',
  product: 'bench',
  type: 'azure-scim-v2',
});
if (error) throw new Error(error.message);

const app = express();
app.use(express.json({ type: ['application/json', 'application/scim+json'], limit: '20mb' }));
app.all('/api/scim/v2.0/:directoryId/:resourceType/:resourceId?', async (request, response) => {
  const { directoryId, resourceType, resourceId } = request.params;
  const { count, startIndex, filter } = request.query;
  const { status, data } = await directorySyncController.requests.handle({
    method: request.method,
    body: request.body,
    directoryId,
    resourceType,
    resourceId,
    apiSecret: request.headers.authorization?.replace(/^Bearer /, '') ?? null,
    query: {
      count: count === undefined ? undefined : Number(count),
      startIndex: startIndex === undefined ? undefined : Number(startIndex),
      filter,
    },
  });
  response.status(status).json(data);
});
app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(
    JSON.stringify({
      base: new URL(directory.scim.endpoint).pathname.replace(/\/$/, ''),
      token: directory.scim.secret,
    }),
  );
});
