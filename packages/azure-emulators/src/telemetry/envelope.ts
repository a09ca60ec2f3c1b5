import { isFields } from '../fields';

/** One item of telemetry (the public schema of Application Insights). */
export interface Envelope {
  readonly name: string;
  readonly time: string;
  readonly iKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: { readonly baseType: string; readonly baseData: Readonly<Record<string, unknown>> };
}

/** Base types that the workspace has a table for: https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete */
const baseTypes = new Set([
  'MetricData',
  'MessageData',
  'RequestData',
  'RemoteDependencyData',
  'ExceptionData',
  'EventData',
]);

export interface Problem {
  readonly statusCode: number;
  readonly message: string;
}

/** An envelope, or why the service would reject it. */
export function readEnvelope(value: unknown, instrumentationKey: string): Envelope | Problem {
  if (!isFields(value)) return reject('the item is no object');
  const { name, time, iKey, tags = {}, data } = value;
  if (typeof name !== 'string' || name === '') return reject("Field 'name' is missing");
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time))) return reject("Field 'time' is no time");
  if (iKey !== instrumentationKey) return reject('Invalid instrumentation key');
  if (!isFields(tags) || !isFields(data) || !isFields(data['baseData'])) return reject("Field 'data' is no object");
  const { baseType, baseData } = data;
  if (typeof baseType !== 'string' || !baseTypes.has(baseType)) {
    return reject(`Field 'baseType' is unknown: ${String(baseType)}`);
  }
  if (baseType === 'MetricData' && !(Array.isArray(baseData['metrics']) && baseData['metrics'].length === 1)) {
    return reject("Field 'metrics' must hold one metric");
  }
  return { name, time, iKey, tags: texts(tags), data: { baseType, baseData } };
}

function reject(message: string): Problem {
  return { statusCode: 400, message };
}

function texts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}
