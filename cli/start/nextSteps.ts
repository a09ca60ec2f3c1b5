import { relative, sep } from 'node:path';
import { quoted } from '../common/terminal';
import type { Services } from '../emulators/services';

/** What the user can do while everything runs: commands to copy, for the folder of the project. */
export function invitation({ eventHubs, hub, certificate }: Services, settingsFile: string, root: string): string {
  const below = (path: string): string => pathBelow(root, path);
  const settings = below(settingsFile);
  const option = `--settings ${quoted(settings)}`;
  return `Still running. Press Ctrl-C to stop. Meanwhile, in another terminal:

Send an event of your own:
  ${snippet(settings)}
Publish a file, whatever npm run map reads:
  npm run backfill -- FILE ${option}
Look at dead letters, send them again, or set messages aside:
  npm run replay -- list ${option}
Check the app and its services:
  NODE_EXTRA_CA_CERTS=${quoted(below(certificate))} npm run doctor -- ${option}

Any Event Hubs client can send, with the connection string
  ${eventHubs.connectionString(hub)}`;
}

/** A path as it is typed in the folder of the project. */
export function pathBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** Works in every shell: between these quotes no shell replaces anything. */
function snippet(settings: string): string {
  const properties =
    "Timestamp: new Date(), DeviceId: 'my-device', DeviceName: 'ws1.example.com', ReportId: 1, ActionType: 'ConnectionSuccess', LocalIP: '10.0.0.1', RemoteIP: '203.0.113.9', RemotePort: 443, Protocol: 'Tcp'";
  return `node -e "const { EventHubProducerClient } = require('@azure/event-hubs'); const { EventHub, EVENT_HUB_NAMES } = require('./${settings}').Values; const hub = new EventHubProducerClient(EventHub, EVENT_HUB_NAMES); hub.sendBatch([{ body: { records: [{ category: 'AdvancedHunting-DeviceNetworkEvents', properties: { ${properties} } }] } }]).finally(() => hub.close());"`;
}
