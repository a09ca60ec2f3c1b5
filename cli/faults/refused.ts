/** The rule of a fault run declares this column with a wrong type, so rows that fill it must be found and set aside. */
export const refusedColumn = 'HttpReferrerOriginal';

/**
 * A message with a record whose row fills the column, as no other record of the generated stream does, and one whose row does
 * not: a refused row that comes alone, in the first batch of a process, would be held.
 */
export function refusedMessage(number: number): Buffer {
  const refused = {
    Timestamp: new Date().toISOString(),
    DeviceId: 'f'.repeat(40),
    DeviceName: 'refused.example.com',
    ReportId: number,
    ActionType: 'HttpConnectionInspected',
    LocalIP: '10.0.0.1',
    LocalPort: 50_000,
    RemoteIP: '203.0.113.1',
    RemotePort: 80,
    Protocol: 'Tcp',
    AdditionalFields: JSON.stringify({
      direction: 'Out',
      host: 'www.example.com',
      uri: '/',
      referrer: 'http://example.com/',
    }),
  };
  const accepted = { ...refused, DeviceId: 'e'.repeat(40), AdditionalFields: undefined };
  const records = [refused, accepted].map((properties) => ({
    category: 'AdvancedHunting-DeviceNetworkEvents',
    properties,
  }));
  return Buffer.from(JSON.stringify({ records }));
}
