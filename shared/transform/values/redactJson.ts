import { isObject, type Json, type JsonObject } from '../../json';
import { mayHoldUser, redactText, redactUrl, type UrlRedaction } from './redactUrl';

/** Keys whose value is a URL or a part of one: `uri`, `RemoteUrl`, `FileOriginUrl`, `host`, `referrer`. */
const urlKey = /(?:ur[il]s?|^host|^referr?er)$/i;
/** Anything deeper is left out of a row anyway. */
const maxDepth = 32;

/** The same object, or a copy with its URLs redacted, at every level. */
export function redactObject(object: JsonObject, redaction: UrlRedaction): JsonObject {
  if (redaction === 'none') return object;
  return redactMembers(object, redaction, false, maxDepth);
}

/** Like {@link redactObject}, for the value of a key. */
export function redactValue(key: string, value: Json, redaction: UrlRedaction): Json {
  if (redaction === 'none') return value;
  return redacted(value, redaction, urlKey.test(key), maxDepth);
}

function redactMembers(object: JsonObject, redaction: UrlRedaction, isUrl: boolean, depth: number): JsonObject {
  let copy: JsonObject | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined || !mayChange(value, redaction)) continue;
    const clean = redacted(value, redaction, isUrl || urlKey.test(key), depth - 1);
    if (clean === value) continue;
    // The spread copies an own key `__proto__` as a key.
    copy ??= { ...object };
    copy[key] = clean;
  }
  return copy ?? object;
}

/** A cheap check, since nearly no text changes. */
function mayChange(value: Json, redaction: UrlRedaction): boolean {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null;
  return redaction === 'query' || mayHoldUser(value);
}

function redacted(value: Json, redaction: UrlRedaction, isUrl: boolean, depth: number): Json {
  if (typeof value === 'string') return isUrl ? redactUrl(value, redaction) : redactText(value, redaction);
  if (depth <= 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => redacted(item, redaction, isUrl, depth - 1));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  return isObject(value) ? redactMembers(value, redaction, isUrl, depth) : value;
}
