import { remembering } from '../../remembering';

/** Security identifiers: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers */
const pattern = /^S-\d{1,3}(?:-\d{1,20}){1,16}$/;
const nobody = 'S-1-0-0';

/** A real SID, or undefined: anonymised and localised account fields contain other text. */
export function toSid(text: string | undefined): string | undefined {
  return text !== undefined && text !== nobody && pattern.test(text) ? text : undefined;
}

/** The Entra object id inside an `S-1-12-1-a-b-c-d` SID: four little-endian uint32. */
export function entraObjectId(sid = ''): string | undefined {
  return sid.startsWith('S-1-12-') ? objectIdIn(sid) : undefined;
}

const objectIdIn = remembering((sid): string | undefined => {
  const match = /^S-1-12-1-(\d{1,10})-(\d{1,10})-(\d{1,10})-(\d{1,10})$/.exec(sid);
  if (match === null) return undefined;
  const parts = match.slice(1).map(Number);
  if (parts.some((part) => part > 0xffffffff)) return undefined;
  const bytes = Buffer.alloc(16);
  parts.forEach((part, i) => bytes.writeUInt32LE(part, i * 4));
  // The first three groups of a GUID are little-endian numbers, the others single bytes.
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
});
