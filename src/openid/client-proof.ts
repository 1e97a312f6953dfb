/** How a client proves to a token endpoint who it is (OpenID Connect Core §9), by the method's own name. */
export type ClientProof =
  | { readonly method: 'client_secret_post' | 'client_secret_basic'; readonly secret: string }
  | {
      readonly method: 'private_key_jwt';
      /** Makes a signed assertion for a token endpoint; `algorithms` are those that it takes, where it says so. */
      readonly assertion: (tokenEndpoint: string, algorithms?: readonly string[]) => Promise<string>;
    };

/** What the proof adds to a request to the token endpoint. */
export async function presentProof(
  proof: ClientProof,
  clientId: string,
  tokenEndpoint: string,
  algorithms?: readonly string[],
): Promise<{ form: Readonly<Record<string, string>>; headers: Readonly<Record<string, string>> }> {
  switch (proof.method) {
    case 'client_secret_post':
      return { form: { client_id: clientId, client_secret: proof.secret }, headers: {} };
    case 'client_secret_basic':
      return { form: {}, headers: { authorization: basicOf(clientId, proof.secret) } };
    case 'private_key_jwt':
      return {
        form: {
          client_id: clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await proof.assertion(tokenEndpoint, algorithms),
        },
        headers: {},
      };
  }
}

/** RFC 6749 §2.3.1: id and secret are form-encoded inside the header. */
function basicOf(clientId: string, secret: string): string {
  const encoded = [clientId, secret].map((text) => new URLSearchParams({ v: text }).toString().slice(2));
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}
