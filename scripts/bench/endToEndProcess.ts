import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Roles, roles } from './endToEndRoles';

/** `npm run bench -- --e2e` runs this file once for each role, in a process of its own, and calls what the role offers. */
interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  /** What went wrong. */
  readonly error?: string;
}

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Result<F> = F extends (argument: never) => Promise<infer R> ? R : never;

/** A process with one role. It ends when the process that started it ends. */
export class RoleProcess<R extends keyof Roles> {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #calls = 0;

  /** @param signal ends every call with an error. */
  constructor(
    private readonly role: R,
    private readonly signal: AbortSignal,
  ) {
    this.#child = fork(__filename, [role], { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
    this.#child.on('message', (message: Answer) => this.#answers.get(message.id)?.(message));
    this.#child.once('exit', (code, by) => this.fail(`ended early, with ${by ?? code}`));
    this.#child.on('error', ({ message }) => this.fail(message));
    signal.addEventListener('abort', () => this.fail('stopped'), { once: true });
  }

  /** @throws Error when the role fails, its process ends, or the signal aborts. */
  async call<N extends keyof Roles[R] & string>(name: N, ...[argument]: Arguments<Roles[R][N]>) {
    this.signal.throwIfAborted();
    const id = this.#calls++;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    this.#child.send({ id, name, argument } satisfies Call);
    const { result, error } = await answered;
    this.#answers.delete(id);
    if (error !== undefined) throw new Error(`The process of the ${this.role} failed: ${error}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other process ran the function of this type.
    return result as Result<Roles[R][N]>;
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  private fail(error: string): void {
    for (const [id, resolve] of this.#answers) resolve({ id, error });
  }
}

async function answer({ id, name, argument }: Call): Promise<void> {
  const offered: Readonly<Record<string, (argument: never) => Promise<unknown>>> | undefined = new Map(
    Object.entries(roles),
  ).get(process.argv[2] ?? '');
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- RoleProcess.call checks the argument's type.
    process.send?.({ id, result: await offered?.[name]?.(argument as never) } satisfies Answer);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) } satisfies Answer);
  }
}

if (require.main === module) {
  process.on('message', (call: Call) => void answer(call));
  // A terminal sends Ctrl-C to all processes: the one that started this one decides when it ends.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
}
