// An independent, certified OpenID Connect provider (npm oidc-provider) with one issuer per
// audience, for the tests of sign-in. Each person signs in by a name, as the development provider
// lets them: by `login_hint`, or on a plain page.
//
//   node provider.js '{"family":{"port":0,"redirect":"http://localhost:1/…","logout":"…"},"staff":{…}}'
//
// prints one line of JSON, {"family":"http://…","staff":"http://…"}, once both listen, and ends
// when its standard input closes. `/log-out?name=…` ends a person's session here and tells the
// client so, by a logout token. The families' tokens are signed with ES256, the staff's with
// RS256, so that a relying party meets both.

import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const algorithms = { family: 'ES256', staff: 'RS256' };

// By way of PEM: Node 20 can lock up for ever when it exports the very key object that a generator
// made (the generator's end, run by the garbage collector, waits for the key being exported).
function jwk(algorithm) {
  const encoding = {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  };
  const { privateKey } = algorithm === 'RS256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048, ...encoding })
    : generateKeyPairSync('ec', { namedCurve: 'P-256', ...encoding });
  const key = createPrivateKey(privateKey).export({ format: 'jwk' });
  return { ...key, alg: algorithm, use: 'sig', kid: algorithm };
}

// The port must be known before the provider is made, since the issuer is part of it.
function listen(port) {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function issuer(audience, { port, redirect, logout }) {
  const server = await listen(port);
  const url = `http://127.0.0.1:${server.address().port}`;
  const algorithm = algorithms[audience];
  const provider = new Provider(url, {
    clients: [{
      client_id: audience,
      redirect_uris: [redirect],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
      // A web application may not redirect to http, not even on this machine.
      application_type: 'native',
      id_token_signed_response_alg: algorithm,
      backchannel_logout_uri: logout,
      backchannel_logout_session_required: true,
    }],
    jwks: { keys: [jwk(algorithm)] },
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // Its own dispatcher keeps it from asking this machine, where the site under test is.
    fetch: (address, { dispatcher, ...options }) => fetch(address, options),
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_, name) => ({ accountId: name, claims: () => ({ sub: name }) }),
    loadExistingGrant: async (context) => {
      const grant = new provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 300, IdToken: 300 },
  });
  // The provider's own names for the sessions it opened, by person.
  const sessions = new Map();
  provider.on('authorization.success', ({ oidc: { session } }) => {
    sessions.set(session.accountId, session.sidFor(audience));
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url, url);
    const name = searchParams.get('name');
    const ours = pathname === '/log-out' ? logOut(provider, audience, name, sessions.get(name), response)
      : pathname.startsWith('/sign-in/') ? signIn(provider, name, request, response)
        : null;
    if (ours === null) return answer(request, response);
    ours.catch((error) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
    });
  });
  return url;
}

async function logOut(provider, audience, name, sid, response) {
  const client = await provider.Client.find(audience);
  await client.backchannelLogout(name, sid);
  response.writeHead(204).end();
}

async function signIn(provider, typed, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const name = typed ?? params.login_hint;
  if (name === 'cancel') {
    const refused = { error: 'access_denied', error_description: 'the person cancelled' };
    await provider.interactionFinished(request, response, refused);
  } else if (name) {
    const accountId = name.trim().toLowerCase();
    // A native client is asked for consent each time, whatever it was granted before.
    await provider.interactionFinished(request, response, { login: { accountId }, consent: {} });
  } else {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Sign in</title><form><input name="name"><button>Sign in</button></form>');
  }
}

const wanted = JSON.parse(process.argv[2]);
const issuers = {};
for (const audience of ['family', 'staff']) {
  issuers[audience] = await issuer(audience, wanted[audience]);
}
console.log(JSON.stringify(issuers));
process.stdin.resume().on('end', () => process.exit(0));
