import type { Row } from '../../../shared/sessions/row';

/** A row of the record with this index in message 1 of a partition. */
export function smallRow(id: number): Row {
  return {
    text: `{"id":${id}}`,
    uid: `uid ${id}`,
    time: 0,
    position: `hub/0/1/${id}`,
    table: 'DeviceNetworkEvents',
    saved: [],
  };
}
