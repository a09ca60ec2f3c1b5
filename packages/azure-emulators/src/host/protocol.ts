/**
 * The messages between the host and a worker process. The shapes inside an invocation are those of the
 * platform's gRPC contract (FunctionRpc.proto) as `@azure/functions` reads them, so the library converts them itself.
 */

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogOrigin = 'user' | 'system';

/** A 64-bit integer as protobuf.js hands it to Node: two 32-bit halves. */
export interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] };
  readonly collectionString?: { readonly string: readonly string[] };
  readonly collectionSint64?: { readonly sint64: readonly Long[] };
}

export interface RpcException {
  readonly message: string;
  readonly stackTrace: string;
  readonly source: string;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: { readonly traceParent: string; readonly traceState: string; readonly attributes: object };
  readonly retryContext?: {
    readonly retryCount: number;
    readonly maxRetryCount: number;
    readonly exception?: RpcException;
  };
}

/** What an app registered. Nothing is checked yet. */
export interface FunctionMetadata {
  readonly name: string;
  readonly functionId: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly retryOptions?: Readonly<Record<string, unknown>>;
}

export type HostMessage =
  | { readonly kind: 'start'; readonly appDirectory: string; readonly hostVersion: string }
  | { readonly kind: 'invoke'; readonly request: InvocationRequest }
  | { readonly kind: 'terminate' };

export type WorkerMessage =
  | {
      readonly kind: 'started';
      /** JSON of FunctionMetadata[]: the platform, too, passes bindings on as JSON. */
      readonly functions: string;
      readonly capabilities: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly origin: LogOrigin;
      readonly message: string;
      readonly invocationId?: string;
    }
  | { readonly kind: 'succeeded'; readonly invocationId: string }
  | { readonly kind: 'threw'; readonly invocationId: string; readonly message: string; readonly stack: string };
