import type { Json } from '../json';
import type { NetworkEvent } from '../transform/event';
import { type FilledColumn, filledColumns } from '../transform/filledColumns';
import { toCel } from './celValue';

type Read = (event: NetworkEvent) => Json | undefined;

/** The value of one name, for the event that was the `shown`th. */
interface Slot {
  readonly read: Read;
  shown: number;
  value: unknown;
}

/**
 * Shows one event after the other. A value is worked out when an expression first asks for it, and then kept for this event.
 * It is a Map because the library asks Maps by `get`; the slots stay, because to fill a Map again for each event costs much.
 */
abstract class View extends Map<string, unknown> {
  readonly #slots = new Map<string, Slot>();
  #event: NetworkEvent | undefined;
  #shown = 0;

  show(event: NetworkEvent): void {
    this.#event = event;
    this.#shown++;
  }

  override get(name: string): unknown {
    const slot = this.#slots.get(name) ?? this.addSlot(name);
    if (slot.shown !== this.#shown) {
      slot.value = this.#event === undefined ? null : toCel(slot.read(this.#event));
      slot.shown = this.#shown;
    }
    return slot.value;
  }

  private addSlot(name: string): Slot {
    const slot = { read: this.reader(name), shown: 0, value: null };
    this.#slots.set(name, slot);
    return slot;
  }

  protected abstract reader(name: string): Read;
}

const valueOf: ReadonlyMap<string, Read> = new Map(
  filledColumns.map(({ column, entry }): [FilledColumn, Read] => [column, entry.value]),
);
const noColumn: Read = () => undefined;

/** The columns of the row that an event becomes, also those that a setting leaves out of it. */
export class RowView extends View {
  protected reader(name: string): Read {
    return valueOf.get(name) ?? noColumn;
  }
}

/** The record's own columns by their modern names; `AdditionalFields` is parsed. */
export class RecordView extends View {
  protected reader(name: string): Read {
    return name === 'AdditionalFields' ? (event) => event.details : (event) => event.field(name);
  }
}
