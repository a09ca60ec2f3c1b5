import { EventHubProducerClient } from '@azure/event-hubs';
import { type Child, waitFor } from './child';
import type { Emulators } from './interopEmulators';

const hub = 'balance';
const partitions = 8;
/** Rounds until the partitions have settled with their owners. The members look for work every second. */
const mostRounds = 60;
const roundMs = 30_000;

/** The processes did not do what they should. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/**
 * Two processes share eight partitions; when one of them is killed the other takes all. Each round sends an event to each
 * partition and waits until all are handled, by whichever process.
 */
export async function balance({ eventHubs }: Emulators, startMember: () => Child): Promise<string> {
  const producer = new EventHubProducerClient(eventHubs.connectionString(hub));
  const first = startMember();
  const second = startMember();
  let round = 0;

  /** Sends an event to each partition; returns the partitions that each member handled of them. */
  async function sendRound(): Promise<readonly [first: number, second: number]> {
    for (let partition = 0; partition < partitions; partition++) {
      await producer.sendBatch([{ body: round }], { partitionId: String(partition) });
    }
    const wanted = Array.from({ length: partitions }, (_, partition) => `${partition} ${round}`);
    const all = await waitFor(() => (missing(wanted, first, second).length === 0 ? true : undefined), roundMs);
    if (!all)
      throw new CheckFailed(`not handled after ${roundMs / 1000} s: ${missing(wanted, first, second).join(', ')}`);
    round++;
    const handledBy = (member: Child): number => wanted.filter((event) => member.lines().includes(event)).length;
    return [handledBy(first), handledBy(second)];
  }

  async function sendUntil(what: string, reached: (first: number, second: number) => boolean): Promise<void> {
    for (let tries = 0; tries < mostRounds; tries++) {
      const [byFirst, bySecond] = await sendRound();
      if (reached(byFirst, bySecond)) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new CheckFailed(`${what}: not reached after ${mostRounds} rounds of one event to each partition`);
  }

  try {
    await sendUntil('half of the partitions each', (byFirst, bySecond) => byFirst === 4 && bySecond === 4);
    first.kill();
    await first.ended;
    await sendUntil('all partitions by the one that is left', (_, bySecond) => bySecond === partitions);
    second.endInput();
    const { code, stderr } = await second.ended;
    if (code !== 0) throw new CheckFailed(`a process did not stop well, but with code ${code}: ${stderr.trim()}`);
  } finally {
    await producer.close();
  }
  const handled = [...first.lines(), ...second.lines()].filter((line) => /^\d+ \d+$/.test(line));
  const twice = handled.length - new Set(handled).size;
  return `two processes, 4 partitions each; one is killed, the other takes all 8; ${round * partitions} events, none lost, ${twice} twice`;
}

function missing(wanted: readonly string[], ...members: readonly Child[]): string[] {
  const handled = new Set(members.flatMap((member) => member.lines()));
  return wanted.filter((event) => !handled.has(event));
}
