/** More than a double can hold. */
export const longNumber = '9223372036854775807';
export const markup = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>';
/** Right-to-left override: what follows it would be shown from right to left. */
const override = '\u202e';
const longText = 'a'.repeat(5000);

/** A message with a record of which nothing may be taken for markup, and one that becomes a dead letter. */
export function hostileMessage(): string {
  const properties = JSON.stringify({
    Timestamp: new Date().toISOString(),
    DeviceId: 'hostile-device',
    DeviceName: `${markup}.example.com`,
    ActionType: `Evil${markup}${override}txt.exe`,
    Protocol: 'Tcp',
    LocalIP: '10.0.0.1',
    RemoteIP: '203.0.113.9',
    RemotePort: 443,
    RemoteUrl: `javascript:alert(1)//${longText}`,
    InitiatingProcessCommandLine: `${markup}${override}${longText}`,
  });
  const record = `{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ReportId":${longNumber},${properties.slice(1)}}`;
  const dead = JSON.stringify({ category: `AdvancedHunting-DeviceNetworkEvents`, properties: { Timestamp: markup } });
  return `{"records":[${record},${dead}]}`;
}
