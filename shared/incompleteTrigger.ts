/** The host did not tell what records are known by. Their batch is held: two records could not be told apart. */
export class IncompleteTrigger extends Error {
  override readonly name = 'IncompleteTrigger';
  readonly code = 'IncompleteTrigger';
}
