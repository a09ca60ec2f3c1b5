import type { RpcException } from './protocol';

/** Why an attempt failed: `type` is the .NET class of the exception that the platform's host would have. */
export interface Failure {
  readonly type: string;
  readonly message: string;
  /** The stack of the app's own error, if there is one. */
  readonly stack: string;
}

export type InvocationOutcome = { readonly kind: 'succeeded' } | { readonly kind: 'failed'; readonly failure: Failure };

export const workerExit = 'Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException';
export const functionTimeout = 'Microsoft.Azure.WebJobs.Host.FunctionTimeoutException';

export function failed(type: string, message: string, stack = ''): InvocationOutcome {
  return { kind: 'failed', failure: { type, message, stack } };
}

/**
 * The exception that the next attempt gets, as ExceptionFormatter.cs of the WebJobs SDK writes it (seen on host 4.1037). A
 * time-out is not wrapped (FunctionExecutor.cs). The frames of .NET are left out.
 */
export function asDotNet({ type, message, stack }: Failure, functionName: string): RpcException {
  const inner = `${type} : ${message}`;
  return {
    message:
      type === functionTimeout
        ? inner
        : `Microsoft.Azure.WebJobs.Host.FunctionInvocationException : Exception while executing function: Functions.${functionName} ---> ${inner}\n   End of inner exception`,
    stackTrace: stack,
    source: 'System.Private.CoreLib',
  };
}
