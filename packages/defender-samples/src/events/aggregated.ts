import { nested } from '../json';
import type { Event, Scene } from '../scene';
import { type NetworkColumns, networkEvent } from './networkEvent';

/**
 * The hourly report about a connection that was made again and again, where aggregated reporting is on. It comes beside the
 * ordinary row: https://learn.microsoft.com/defender-endpoint/aggregated-reporting
 */
export function aggregatedReport(scene: Scene, columns: NetworkColumns): Event {
  return networkEvent(scene, {
    ...columns,
    action: `${columns.action}AggregatedReport`,
    local: { ...columns.local, port: 0 },
    additionalFields: nested({ uniqueEventsAggregated: scene.random.between(2, 400) }),
  });
}
