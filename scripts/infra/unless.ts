/** The problem, unless what should hold does. */
export function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}
