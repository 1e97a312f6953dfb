// Ory Polis as an embedded library, as its npm guide sets it up with Express: an OpenID Connect connection to the tenant, and
// its own OAuth 2.0 and OpenID Connect endpoints for products.
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import jackson from '@boxyhq/saml-jackson';
import express from 'express';

const { PORT, DATABASE_KIND, DATABASE, TENANT_DISCOVERY, APP_ID, APP_SECRET, PRODUCT_CALLBACK } = process.env;
const { generateKeyPair } = await import('node:crypto');
const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const inBase64 = (text) => Buffer.from(text).toString('base64');
const { connectionAPIController, oauthController } = await jackson.controllers({
  externalUrl: `http://localhost:${PORT}`,
  samlPath: '/api/oauth/saml',
  oidcPath: '/api/oauth/oidc',
  scimPath: '/api/scim/v2.0',
  noAnalytics: true,
  db: { engine: 'sql', type: DATABASE_KIND, url: DATABASE, encryptionKey: randomBytes(16).toString('hex') },
  logger: { info: () => undefined, warn: () => undefined },
  openid: { jwsAlg: 'RS256', jwtSigningKeys: { public: inBase64(publicKey), private: inBase64(privateKey) } },
});
const connection = await connectionAPIController.createOIDCConnection({
  tenant: 'contoso',
  product: 'bench',
  defaultRedirectUrl: PRODUCT_CALLBACK,
  redirectUrl: JSON.stringify([PRODUCT_CALLBACK]),
  oidcDiscoveryUrl: TENANT_DISCOVERY,
  oidcClientId: APP_ID,
  oidcClientSecret: APP_SECRET,
});

const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
const answered = (work) => async (request, response) => {
  try {
    await work(request, response);
  } catch (error) {
    response.status(error.statusCode ?? 500).json({ error: { message: String(error.internalError ?? error.message) } });
  }
};
app.get(
  '/api/oauth/authorize',
  answered(async (request, response) => {
    const { redirect_url } = await oauthController.authorize(request.query);
    response.redirect(redirect_url);
  }),
);
app.get(
  '/api/oauth/oidc',
  answered(async (request, response) => {
    const { redirect_url, error } = await oauthController.oidcAuthzResponse(request.query);
    if (redirect_url === undefined) throw new Error(error);
    response.redirect(redirect_url);
  }),
);
app.post(
  '/api/oauth/token',
  answered(async (request, response) => {
    response.json(await oauthController.token(request.body, request.headers.authorization));
  }),
);
app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(JSON.stringify({ clientId: connection.clientID, secret: connection.clientSecret }));
});
