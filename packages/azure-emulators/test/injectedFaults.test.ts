import { FaultPlan } from '../src/injectedFaults';

interface Fault {
  readonly kind: string;
}

function kindsOf(plan: FaultPlan<Fault>, calls: number): (string | undefined)[] {
  return Array.from({ length: calls }, () => plan.take()?.kind);
}

function picked(seed: number): (string | undefined)[] {
  const plan = new FaultPlan<Fault>();
  plan.inject({ kind: 'x', probability: 0.5, seed });
  return kindsOf(plan, 40);
}

test('faults of the next calls come in the order in which they were added', () => {
  const plan = new FaultPlan<Fault>();
  const twice = plan.inject({ kind: 'a', times: 2 });
  plan.inject({ kind: 'b' });
  expect(kindsOf(plan, 4)).toEqual(['a', 'a', 'b', undefined]);
  expect(plan.fired()).toEqual({ a: 2, b: 1 });
  expect(twice.fired).toBe(2);
});

test('a fault that comes after some calls waits for its turn, and for those that are due before it', () => {
  const plan = new FaultPlan<Fault>();
  plan.inject({ kind: 'c', after: 2 });
  plan.inject({ kind: 'a' });
  plan.inject({ kind: 'd', after: 2 });
  expect(kindsOf(plan, 5)).toEqual(['a', undefined, 'c', 'd', undefined]);
});

test('faults with a probability give way to those without', () => {
  const plan = new FaultPlan<Fault>();
  plan.inject({ kind: 'always', probability: 1 });
  plan.inject({ kind: 'first' });
  expect(kindsOf(plan, 2)).toEqual(['first', 'always']);
});

test('a probability is met over many calls', () => {
  const plan = new FaultPlan<Fault>();
  plan.inject({ kind: 'a', probability: 0.2 });
  plan.inject({ kind: 'b', probability: 0.5 });
  kindsOf(plan, 10_000);
  const { a = 0, b = 0 } = plan.fired();
  expect(a / 10_000).toBeCloseTo(0.2, 1);
  // Those calls that do not meet a.
  expect(b / 10_000).toBeCloseTo(0.4, 1);
});

test('the same seed picks the same calls, another seed others', () => {
  expect(picked(7)).toEqual(picked(7));
  expect(picked(7)).not.toEqual(picked(8));
});

test('a fault without a probability does not shift those with one', () => {
  const [one, other] = [new FaultPlan<Fault>(), new FaultPlan<Fault>()];
  one.inject({ kind: 'x', probability: 0.5, seed: 5 });
  other.inject({ kind: 'x', probability: 0.5, seed: 5 });
  other.inject({ kind: 'y', times: 3 });
  const first = kindsOf(one, 40);
  expect(kindsOf(other, 40).slice(3)).toEqual(first.slice(3));
});

test('a call counts for the faults that concern it, and for no others', () => {
  const plan = new FaultPlan<Fault>();
  plan.inject({ kind: 'a', after: 1 });
  expect(plan.take(({ kind }) => kind === 'b')).toBeUndefined();
  expect(kindsOf(plan, 2)).toEqual([undefined, 'a']);
});

test('after remove or clear a fault no longer happens; what fired stays counted', () => {
  const plan = new FaultPlan<Fault>();
  plan.inject({ kind: 'a' }).remove();
  plan.inject({ kind: 'b', times: 5 });
  expect(kindsOf(plan, 1)).toEqual(['b']);
  plan.clear();
  expect(kindsOf(plan, 1)).toEqual([undefined]);
  expect(plan.fired()).toEqual({ b: 1 });
});

test('a fault is named by what distinguishes it', () => {
  const plan = new FaultPlan<
    Fault & { readonly on?: string; readonly status?: number; readonly retryAfterSeconds?: number }
  >();
  plan.inject({ kind: 'status', status: 429, retryAfterSeconds: 1 });
  plan.inject({ on: 'send', kind: 'busy' });
  plan.take();
  plan.take();
  expect(plan.fired()).toEqual({ 'status 429 with Retry-After': 1, 'send busy': 1 });
});

test.each([
  ['after', { after: -1 }],
  ['after', { after: 1.5 }],
  ['times', { times: 0 }],
  ['times', { times: Number.NaN }],
  ['probability', { probability: -0.1 }],
  ['probability', { probability: 1.1 }],
  ['probability', { probability: Number.NaN }],
])('%s is rejected out of its range: %j', (name, timing) => {
  expect(() => new FaultPlan<Fault>().inject({ kind: 'a', ...timing })).toThrow(new RegExp(`^${name} is `));
});
