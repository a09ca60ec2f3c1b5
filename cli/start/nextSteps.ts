import { quoted } from '../common/terminal';
import { doctorLines, pathBelow, settingsFileIn } from '../emulators/localSettings';
import type { Services } from '../emulators/services';

/** What the user can do while everything runs: commands to copy, for the folder of the project. */
export function invitation(services: Services, root: string): string {
  const { eventHubs, hub, directory } = services;
  const settings = pathBelow(root, settingsFileIn(directory));
  const option = `--settings ${quoted(settings)}`;
  return `Still running. Press Ctrl-C to stop. Meanwhile, in another terminal:

Send an event of your own; it prints nothing here, and its row is on the page:
  ${snippet(settings)}
Publish a file, whatever npm run map reads:
  npm run backfill -- FILE --checkpoint FILE.checkpoint ${option}
Look at dead letters, send them again, or set messages aside:
  npm run replay -- list ${option}
${doctorLines(services, root)}

Any Event Hubs client can send, with the connection string
  ${eventHubs.connectionString(hub)}`;
}

/** Works in every shell: between these quotes no shell replaces anything. */
function snippet(settings: string): string {
  const properties =
    "Timestamp: new Date(), DeviceId: 'my-device', DeviceName: 'ws1.example.com', ReportId: 1, ActionType: 'ConnectionSuccess', LocalIP: '10.0.0.1', RemoteIP: '203.0.113.9', RemotePort: 443, Protocol: 'Tcp'";
  return `node -e "const { EventHubProducerClient } = require('@azure/event-hubs'); const { EventHub, EVENT_HUB_NAMES } = require('./${settings}').Values; const hub = new EventHubProducerClient(EventHub, EVENT_HUB_NAMES); hub.sendBatch([{ body: { records: [{ category: 'AdvancedHunting-DeviceNetworkEvents', properties: { ${properties} } }] } }]).finally(() => hub.close());"`;
}
