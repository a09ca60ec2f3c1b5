import type { Json } from '../json';
import type { NetworkEvent } from '../transform/event';
import { type FilledColumn, filledColumns } from '../transform/filledColumns';
import { toCel } from './celValue';

const valueOf: ReadonlyMap<string, (event: NetworkEvent) => Json | undefined> = new Map(
  filledColumns.map(({ column, entry }): [FilledColumn, (event: NetworkEvent) => Json | undefined] => [
    column,
    entry.value,
  ]),
);

/** Shows one event after the other. A value is worked out when an expression first asks for it, and then kept for this event. */
abstract class View extends Map<string, unknown> {
  protected event: NetworkEvent | undefined;

  /** Undefined forgets the last event, so that it does not stay in memory. */
  show(event: NetworkEvent | undefined): void {
    this.event = event;
    if (this.size > 0) this.clear();
  }

  override get(name: string): unknown {
    const known = super.get(name);
    if (known !== undefined) return known;
    const value = this.event === undefined ? null : toCel(this.read(name, this.event));
    this.set(name, value);
    return value;
  }

  protected abstract read(name: string, event: NetworkEvent): Json | undefined;
}

/** The columns of the row that an event becomes, also those that a setting leaves out of it. */
export class RowView extends View {
  protected read(name: string, event: NetworkEvent): Json | undefined {
    return valueOf.get(name)?.(event);
  }
}

/** The record's own columns by their modern names; `AdditionalFields` is parsed. */
export class RecordView extends View {
  protected read(name: string, event: NetworkEvent): Json | undefined {
    return name === 'AdditionalFields' ? event.details : event.field(name);
  }
}
