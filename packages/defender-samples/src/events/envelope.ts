import { second } from '../clock';
import type { StreamRecord } from '../records';
import type { Event, Scene } from '../scene';

/** `{"time":"2026-11-21T08:15:28.1883500Z"` */
const publishedLength = '{"time":"2026-11-21T08:15:28.1883500Z"'.length;

/**
 * Puts an event into the envelope of the streaming API. The service receives it seconds later and publishes it within
 * minutes; one in four hundred comes from a device that was offline, as late as the end of the stream allows.
 */
export function publish(
  { random, clock, device, tenantId }: Scene,
  { table, at, properties, outcome }: Event,
): StreamRecord {
  const isLate = random.oneIn(400);
  const receivedAt = at + (isLate ? random.below(1 - at) : 0) + random.between(second / 2, 45 * second);
  const publishedAt = receivedAt + random.between(8 * second, 150 * second);
  return {
    text: `{"time":"${clock.published(publishedAt)}","tenantId":"${tenantId}","operationName":"Publish","category":"AdvancedHunting-${table}","_TimeReceivedBySvc":"${clock.published(receivedAt)}","properties":${properties},"Tenant":"DefaultTenant"}`,
    outcome,
    deviceId: device.id,
    publishedAt,
  };
}

/** The same record as it would look if Defender published it again, `ticks` later. */
export function publishedAgain({ clock }: Scene, record: StreamRecord, ticks: number): string {
  return `{"time":"${clock.published(record.publishedAt + ticks)}"${record.text.slice(publishedLength)}`;
}
