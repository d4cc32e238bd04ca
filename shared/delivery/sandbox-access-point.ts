import type { AccessPoint } from './access-point.ts';

/** An ISO 6523 scheme is four digits; an id in it 1 to 50 characters (Peppol's policy for identifiers). */
const SCHEME = /^\d{4}$/;
const ID = /^[A-Za-z0-9:._-]{1,50}$/;

/** Ids that begin so are refused, so that a refusal can be tried. */
const REFUSED = 'refuse';

/**
 * The access point that reaches nobody: it takes what is addressed well and says at once that it was delivered. Ids that
 * begin with `refuse` it refuses.
 */
const sandboxAccessPoint: AccessPoint = {
  name: 'sandbox',
  async send({ messageId, receiver: { scheme, id } }) {
    if (!SCHEME.test(scheme) || !ID.test(id)) {
      return { status: 'refused', reason: `${scheme}:${id} is no participant id` };
    }
    if (id.toLowerCase().startsWith(REFUSED)) {
      return { status: 'refused', reason: `${scheme}:${id} takes no such document` };
    }
    return { status: 'delivered', messageId };
  },
};

/** The access point by its name in the deployment's configuration. @throws RangeError */
export function accessPointNamed(name: string): AccessPoint {
  if (name === sandboxAccessPoint.name) return sandboxAccessPoint;
  throw new RangeError(`there is no access point ${name}`);
}
