import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** Messages in either direction: FunctionRpc.proto's StreamingMessage, names in camel case, enumerations by name. */
export interface Message {
  readonly requestId?: string;
  /** Which of the fields is set. */
  readonly content?: string;
  readonly workerInitResponse?: Answer & { readonly capabilities: Readonly<Record<string, string>> };
  readonly functionMetadataResponse?: Answer & { readonly functionMetadataResults: readonly Metadata[] };
  readonly functionLoadResponse?: Answer;
  readonly invocationResponse?: Answer & { readonly invocationId: string };
  readonly rpcLog?: {
    readonly invocationId: string;
    readonly level: string;
    readonly logCategory: string;
    readonly message: string;
  };
}

interface Answer {
  readonly result: { readonly status: string; readonly exception: { readonly message: string } | null };
}

export interface Metadata {
  readonly name: string;
  readonly functionId: string;
  /** JSON of each binding, its name included: what the platform's host reads. */
  readonly rawBindings: readonly string[];
  readonly retryOptions: {
    /** `fixed_delay` or `exponential_backoff` */
    readonly retryStrategy: string;
    readonly maxRetryCount: number;
    readonly delayInterval: Duration | null;
    readonly minimumInterval: Duration | null;
    readonly maximumInterval: Duration | null;
  } | null;
}

interface Duration {
  readonly seconds: number;
  readonly nanos: number;
}

/** What the host sets; a batch may be large. */
export const grpcLimit = 2_147_483_647;
const options = { 'grpc.max_send_message_length': grpcLimit, 'grpc.max_receive_message_length': grpcLimit };

/** The host's end of FunctionRpc.EventStream: one stream, in which the worker's answers carry the id of the request. */
export class Channel {
  readonly messages = new EventEmitter<{ message: [Message]; broken: [Error] }>().setMaxListeners(0);
  readonly port: number;
  readonly #server: Server;
  #stream: ServerDuplexStream<Message, unknown> | undefined;
  #brokenBy: Error | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(protoDirectory: string): Promise<Channel> {
    const definition = loadSync('FunctionRpc.proto', {
      includeDirs: [protoDirectory],
      enums: String,
      longs: Number,
      defaults: true,
      oneofs: true,
    });
    const service = definition['AzureFunctionsRpcMessages.FunctionRpc'];
    if (service === undefined || 'format' in service) throw new Error(`${protoDirectory} defines no FunctionRpc.`);
    const server = new Server(options);
    const streams = new EventEmitter<{ stream: [ServerDuplexStream<Message, unknown>] }>();
    server.addService(service, {
      eventStream: (stream: ServerDuplexStream<Message, unknown>) => streams.emit('stream', stream),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const channel = new Channel(server, port);
    streams.once('stream', (stream) => channel.use(stream));
    return channel;
  }

  private use(stream: ServerDuplexStream<Message, unknown>): void {
    this.#stream = stream;
    stream.on('data', (message: Message) => this.messages.emit('message', message));
    stream.on('error', (error: Error) => this.broke(error));
    stream.on('end', () => stream.end());
  }

  broke(error: Error): void {
    this.#brokenBy = error;
    this.messages.emit('broken', error);
  }

  /** The first message from now on that fits. */
  until(fits: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      if (this.#brokenBy !== undefined) return reject(this.#brokenBy);
      const end = (): void => {
        this.messages.off('message', look);
        this.messages.off('broken', fail);
      };
      const look = (message: Message): void => {
        if (!fits(message)) return;
        end();
        resolve(message);
      };
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      this.messages.on('message', look);
      this.messages.on('broken', fail);
    });
  }

  send(message: object, requestId: string = randomUUID()): void {
    this.#stream?.write({ requestId, ...message });
  }

  /** Sends a request and waits for its answer; the answers before an invocation must be good. */
  async ask(request: object, mustSucceed = true): Promise<Message> {
    const id = randomUUID();
    const answer = this.until(({ requestId, content }) => requestId === id && content !== 'rpcLog');
    this.send(request, id);
    const message = await answer;
    const given = message.workerInitResponse ?? message.functionMetadataResponse ?? message.functionLoadResponse;
    if (mustSucceed && given?.result.status !== 'Success') {
      throw new Error(`The worker answered ${message.content}: ${given?.result.exception?.message ?? 'no result'}`);
    }
    return message;
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
