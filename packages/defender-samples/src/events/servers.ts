import type { Scene } from '../scene';
import { type ServerPlace, type ServerRole, serverAddress } from '../world/offices';

/** The server of a role that the device's office uses; never the device itself. */
export function placeOf({ random, device }: Scene, role: ServerRole): ServerPlace {
  const office = device.officeIndex;
  return { office, role, number: role === device.role ? 3 : random.oneIn(6) ? 2 : 1 };
}

/** The server that a device asks for names and tickets. */
export function nameServer({ device }: Scene): string {
  return serverAddress({ office: device.officeIndex, role: 'domain', number: device.role === 'domain' ? 3 : 1 });
}
