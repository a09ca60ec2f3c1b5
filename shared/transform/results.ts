import type { ResultRule } from './actions';
import type { NetworkEvent } from './event';
import { toBoolean, toCode } from './values/numbers';
import { toText } from './values/text';

export interface EventResult {
  readonly result: 'Success' | 'Failure' | undefined;
  readonly details: string | undefined;
}

/** How a result is found, in words for the reference; `of` is the same in code. A result that the record does not state is absent. */
interface Rule {
  readonly result: string;
  readonly details: string;
  readonly of: (event: NetworkEvent) => EventResult;
}

export const resultRules: Readonly<Record<ResultRule, Rule>> = {
  success: {
    result: 'Success',
    details: 'ActionType',
    of: (event) => ({ result: 'Success', details: event.actionType }),
  },
  failure: {
    result: 'Failure',
    details: 'ActionType',
    of: (event) => ({ result: 'Failure', details: event.actionType }),
  },
  unknown: {
    result: 'absent: the row does not state an outcome',
    details: 'ActionType',
    of: (event) => ({ result: undefined, details: event.actionType }),
  },
  http: {
    result: '`status_code` 1 to 399 Success, 400 and above Failure; else absent',
    details: '`status_code` and `status_msg`, as `404 Not Found`',
    of: (event) => {
      const status = toCode(event.detail('status_code'));
      const result = status === undefined || status < 1 ? undefined : status < 400 ? 'Success' : 'Failure';
      return { result, details: joined(event.detailText('status_code'), event.detailText('status_msg')) };
    },
  },
  tls: {
    result: '`established` true Success, false Failure; else absent',
    details: '`version`, as `TLSv12`',
    of: (event) => ({ result: succeeded(event, 'established'), details: event.detailText('version') }),
  },
  dns: {
    result: '`rcode` 0 Success, any other Failure; else absent',
    details: '`rcode_name`, as `NXDOMAIN`',
    of: (event) => {
      const code = toCode(event.detail('rcode'));
      return {
        result: code === undefined ? undefined : code === 0 ? 'Success' : 'Failure',
        details: event.detailText('rcode_name'),
      };
    },
  },
  ssh: {
    result: '`auth_success` true Success, false Failure; else absent',
    details: 'absent',
    of: (event) => ({ result: succeeded(event, 'auth_success'), details: undefined }),
  },
  ntlm: {
    result: '`success` true Success, false Failure; else absent',
    details: 'absent',
    of: (event) => ({ result: succeeded(event, 'success'), details: undefined }),
  },
  ftp: {
    result: '`reply_code` 200 to 399 Success, 400 and above Failure; else absent',
    details: '`reply_code` and `reply_msg`',
    of: (event) => ({
      result: replied(toCode(event.detail('reply_code'))),
      details: joined(event.detailText('reply_code'), event.detailText('reply_msg')),
    }),
  },
  smtp: {
    result: 'the number at the start of `last_reply`: 200 to 399 Success, 400 and above Failure; else absent',
    details: '`last_reply`',
    of: (event) => ({
      result: replied(toCode(event.detail('last_reply'))),
      details: event.detailText('last_reply'),
    }),
  },
  blockedByPolicy: {
    result: 'Failure',
    details: '`ResponseCategory`',
    of: (event) => ({ result: 'Failure', details: event.detailText('ResponseCategory') }),
  },
  allowedByPolicy: {
    result: 'absent: the connection was let through, its outcome is not stated',
    details: '`ResponseCategory`',
    of: (event) => ({ result: undefined, details: event.detailText('ResponseCategory') }),
  },
  blockedByFirewall: {
    result: 'Failure',
    details: 'ActionType',
    of: (event) => ({ result: 'Failure', details: event.actionType }),
  },
};

export function resultOf(event: NetworkEvent): EventResult {
  return resultRules[event.action.result].of(event);
}

function succeeded(event: NetworkEvent, key: string): 'Success' | 'Failure' | undefined {
  const value = toBoolean(event.detail(key));
  return value === undefined ? undefined : value ? 'Success' : 'Failure';
}

/** Reply codes of FTP and SMTP: the 1xx are preliminary and say nothing. */
function replied(code: number | undefined): 'Success' | 'Failure' | undefined {
  if (code === undefined || code < 200) return undefined;
  return code < 400 ? 'Success' : 'Failure';
}

/** `404 Not Found`; nothing when the code is missing. */
function joined(code: string | undefined, text: string | undefined): string | undefined {
  return code === undefined ? undefined : toText([code, text].filter((part) => part !== undefined).join(' '));
}
