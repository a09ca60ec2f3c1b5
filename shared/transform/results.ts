import type { ResultRule } from './actions';
import type { NetworkEvent } from './event';
import { toBoolean, toCode } from './values/numbers';
import { toText } from './values/text';

type Result = 'Success' | 'Failure' | undefined;

/**
 * EventResult and EventResultDetails, each in words for docs/mapping.md and in code. Absent if the record does not state
 * it.
 */
interface Rule {
  readonly result: string;
  readonly resultOf: (event: NetworkEvent) => Result;
  readonly details: string;
  readonly detailsOf: (event: NetworkEvent) => string | undefined;
}

/** The action type itself states the outcome. */
function stated(words: string, result: Result): Rule {
  return { result: words, resultOf: () => result, details: 'ActionType', detailsOf: (event) => event.actionType };
}

/** A Zeek key that is true or false. */
function flagged(key: string): Pick<Rule, 'result' | 'resultOf'> {
  return {
    result: `\`${key}\` true Success, false Failure; else absent`,
    resultOf: (event) => {
      const value = toBoolean(event.detail(key));
      return value === undefined ? undefined : value ? 'Success' : 'Failure';
    },
  };
}

const nothing: Pick<Rule, 'details' | 'detailsOf'> = { details: 'absent', detailsOf: () => undefined };

function textOf(key: string, details = `\`${key}\``): Pick<Rule, 'details' | 'detailsOf'> {
  return { details, detailsOf: (event) => event.detailText(key) };
}

export const resultRules: Readonly<Record<ResultRule, Rule>> = {
  success: stated('Success', 'Success'),
  failure: stated('Failure', 'Failure'),
  unknown: stated('absent: the row does not state an outcome', undefined),
  blockedByFirewall: stated('Failure', 'Failure'),
  blockedByPolicy: { result: 'Failure', resultOf: () => 'Failure', ...textOf('ResponseCategory') },
  allowedByPolicy: {
    result: 'absent: let through, but the outcome is not stated',
    resultOf: () => undefined,
    ...textOf('ResponseCategory'),
  },
  http: {
    result: '`status_code` 1 to 399 Success, 400 and above Failure; else absent',
    resultOf: (event) => {
      const status = toCode(event.detail('status_code'));
      return status === undefined || status < 1 ? undefined : status < 400 ? 'Success' : 'Failure';
    },
    details: '`status_code` and `status_msg`, as `404 Not Found`; absent without a status',
    detailsOf: (event) => joined(event, statusCode(event), 'status_msg'),
  },
  tls: { ...flagged('established'), ...textOf('version', '`version`, as `TLSv12`') },
  dns: {
    result: '`rcode` 0 Success, any other Failure; else absent',
    resultOf: (event) => {
      const code = toCode(event.detail('rcode'));
      return code === undefined ? undefined : code === 0 ? 'Success' : 'Failure';
    },
    ...textOf('rcode_name', '`rcode_name`, as `NXDOMAIN`'),
  },
  ssh: { ...flagged('auth_success'), ...nothing },
  ntlm: { ...flagged('success'), ...nothing },
  ftp: {
    result: '`reply_code` 200 to 399 Success, 400 and above Failure; else absent',
    resultOf: (event) => replied(toCode(event.detail('reply_code'))),
    details: '`reply_code` and `reply_msg`',
    detailsOf: (event) => joined(event, event.detailText('reply_code'), 'reply_msg'),
  },
  smtp: {
    result: 'the number at the start of `last_reply`: 200 to 399 Success, 400 and above Failure; else absent',
    resultOf: (event) => replied(toCode(event.detail('last_reply'))),
    ...textOf('last_reply'),
  },
};

export function eventResult(event: NetworkEvent): Result {
  return resultRules[event.action.result].resultOf(event);
}

export function eventResultDetails(event: NetworkEvent): string | undefined {
  return resultRules[event.action.result].detailsOf(event);
}

/** Reply codes of FTP and SMTP: 1xx are preliminary and state no outcome. */
function replied(code: number | undefined): Result {
  if (code === undefined || code < 200) return undefined;
  return code < 400 ? 'Success' : 'Failure';
}

/** `404 Not Found`; undefined without a code. */
function joined(event: NetworkEvent, code: string | undefined, textKey: string): string | undefined {
  const text = event.detailText(textKey);
  return code === undefined ? undefined : toText([code, text].filter((part) => part !== undefined).join(' '));
}

/** The status of an HTTP response. Zeek writes 0 if there was none. */
export function statusCode(event: NetworkEvent): string | undefined {
  if (!event.is('HttpConnectionInspected')) return undefined;
  const code = event.detailText('status_code');
  return toCode(code) === 0 ? undefined : code;
}
