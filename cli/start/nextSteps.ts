import { relative, sep } from 'node:path';
import { quoted } from '../common/terminal';
import type { Services } from '../emulators/services';

/** What can be done while everything runs: lines to copy, to be run in the folder of the project. */
export function invitation({ eventHubs, hub, certificate }: Services, settingsFile: string, root: string): string {
  const settings = below(root, settingsFile);
  return `Still running. Ctrl-C ends it. Meanwhile, in another terminal:

Send an event of your own:
  ${snippet(settings)}
Publish a file, whatever npm run map reads:
  npm run backfill -- FILE --settings ${quoted(settings)}
Look at dead letters, send them again, or set messages aside:
  npm run replay -- list --settings ${quoted(settings)}
See whether all is well:
  NODE_EXTRA_CA_CERTS=${quoted(below(root, certificate))} npm run doctor -- --settings ${quoted(settings)}

Any Event Hubs client can send, with the connection string
  ${eventHubs.connectionString(hub)}`;
}

/** As it is typed on every system; no shell finds anything to replace between these quotes. */
function snippet(settings: string): string {
  const properties =
    "Timestamp: new Date(), DeviceId: 'my-device', DeviceName: 'ws1.example.com', ReportId: 1, ActionType: 'ConnectionSuccess', LocalIP: '10.0.0.1', RemoteIP: '203.0.113.9', RemotePort: 443, Protocol: 'Tcp'";
  return `node -e "const { EventHubProducerClient } = require('@azure/event-hubs'); const { EventHub, EVENT_HUB_NAMES } = require('./${settings}').Values; const hub = new EventHubProducerClient(EventHub, EVENT_HUB_NAMES); hub.sendBatch([{ body: { records: [{ category: 'AdvancedHunting-DeviceNetworkEvents', properties: { ${properties} } }] } }]).finally(() => hub.close());"`;
}

function below(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
