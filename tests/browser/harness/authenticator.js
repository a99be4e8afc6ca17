// A phone lock that is not there: a virtual authenticator of the browser's own.

/**
 * Gives a page a platform authenticator, with the PRF extension that opens a letterbox, and whose
 * owner always agrees.
 * @param {import("playwright-core").Page} page
 * @param {{ hasPrf?: boolean, agrees?: boolean }} [how]
 */
export async function addAuthenticator(page, { hasPrf = true, agrees = true } = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified: agrees,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** @returns {Promise<number>} how many keys it holds */
    async count() {
      const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
      return credentials.length;
    },
    /** @param {boolean} isUserVerified whether its owner agrees from now on */
    async agree(isUserVerified) {
      await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
    async remove() {
      await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
    },
  };
}
