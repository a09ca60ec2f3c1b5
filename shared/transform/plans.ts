import type { NetworkEvent } from './event';
import { Plan, Sources } from './plan';
import { Shapes } from './shapes';
import type { TransformSettings } from './transformSettings';

/** Defender's events have a few hundred classes. */
const mostClasses = 1000;
const mostShapes = 2000;

/**
 * Finds the plan for the class of an event. Events are in the same class if they have the same table, ActionType and orientation,
 * and a value in the same columns and keys of Defender's AdditionalFields. What is the same in all rows of a class is computed
 * once. Plans only save time: a row is the same with and without one.
 */
export class Plans {
  #shapes = new Shapes(mostShapes);
  #classes = new Branch();
  #known = 0;
  /** The settings that the plans were made for. */
  #settings: TransformSettings | undefined;

  /** Undefined for the first event of a class, because it may be the only one, and for an ActionType that is not a text. */
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

  /** Forgets all plans at the limit, so that classes which no longer occur leave room for those that do. */
  private forget(): undefined {
    this.#shapes = new Shapes(mostShapes);
    this.#classes = new Branch();
    this.#known = 0;
  }
}

/** A node in a tree of maps. Each level is one property of the events; a leaf is a class. */
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
