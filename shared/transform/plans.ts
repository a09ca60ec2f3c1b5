import type { NetworkEvent } from './event';
import { Plan, Sources } from './plan';
import { Shapes } from './shapes';
import type { TransformSettings } from './transformSettings';

/** Far more than Defender sends: a few hundred. */
const mostClasses = 1000;
const mostShapes = 2000;

/**
 * Finds the plan of an event: what is the same in all rows of its class is worked out once. A class is the events that agree
 * in table, ActionType, the ends of the row, and in which columns and keys of Defender's AdditionalFields hold a value. Only
 * saves time: a row is the same with a plan and without.
 */
export class Plans {
  #shapes = new Shapes(mostShapes);
  #classes = new Branch();
  #known = 0;
  /** What the plans are for. */
  #settings: TransformSettings | undefined;

  /** Undefined for the first event of a class, of which there may be no other, and for an ActionType that is no text. */
  of(event: NetworkEvent): Plan | undefined {
    const { ActionType: actionType = null } = event.record.properties;
    if (actionType !== null && typeof actionType !== 'string') return undefined;
    if (event.settings !== this.#settings) this.forget();
    this.#settings = event.settings;
    const columns = this.#shapes.of(Object.keys(event.record.properties), event.values);
    const details = this.#shapes.of(Object.keys(event.details), Object.values(event.details));
    if (columns === undefined || details === undefined) return this.forget();
    const found = this.#classes.at(event.table).at(columns).at(details).at(event.orientation).at(actionType);
    if (found.plan !== undefined) return found.plan;
    if (found.isKnown) found.plan = new Plan(event, new Sources(columns.filledKeys, details.filledKeys));
    else if (this.#known++ === mostClasses) return this.forget();
    found.isKnown = true;
    return found.plan;
  }

  /** Odd events must not keep usual ones from a plan, so when there are too many all begin anew. */
  private forget(): undefined {
    this.#shapes = new Shapes(mostShapes);
    this.#classes = new Branch();
    this.#known = 0;
  }
}

/** A map of maps; at the end of each way is a class. */
class Branch {
  plan: Plan | undefined;
  isKnown = false;
  readonly #branches = new Map<unknown, Branch>();

  at(key: unknown): Branch {
    let branch = this.#branches.get(key);
    if (branch === undefined) this.#branches.set(key, (branch = new Branch()));
    return branch;
  }
}
