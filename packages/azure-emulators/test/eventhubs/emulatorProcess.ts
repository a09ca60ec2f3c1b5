/** An emulator in a process of its own, for a test to kill. Sends its connection string to the parent. */
import { startEventHubs } from '../../src/eventhubs';

const [directory = ''] = process.argv.slice(2);

async function start(): Promise<void> {
  const emulator = await startEventHubs({ hubs: [{ name: 'hub', partitions: 2 }], directory });
  process.send?.(emulator.connectionString('hub'));
}

void start();
process.on('disconnect', () => process.exit());
