// An OpenID Connect provider for the tests: a certified library with people who need no password.
// node server.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI LOGOUT_URI
import { Provider } from "oidc-provider"

const [port, clientId, clientSecret, redirectUri, logoutUri] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`

async function findAccount(_ctx, id) {
  const claims = { sub: id, name: `${id} of the provider`, email: `${id}@school.example` }
  return { accountId: id, claims: async () => claims }
}

// Everybody agrees to everything: consent is not what is tried here.
async function loadExistingGrant(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId,
    accountId: ctx.oidc.session.accountId,
  })
  grant.addOIDCScope("openid profile email")
  await grant.save()
  return grant
}

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [logoutUri],
      backchannel_logout_uri: redirectUri.replace(/callback$/, "logged-out"),
      backchannel_logout_session_required: true,
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
  cookies: { keys: ["a key for tests only"] },
  pkce: { required: () => true },
  features: { backchannelLogout: { enabled: true } },
  // Its own guard against inner addresses would keep it from us: everybody here is on loopback.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  findAccount,
  loadExistingGrant,
})
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"))
