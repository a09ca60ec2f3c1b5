import type { ResultRule } from './actions';
import type { NetworkEvent } from './event';
import { toBoolean, toCode } from './values/numbers';
import { toText } from './values/text';

export interface EventResult {
  readonly result: 'Success' | 'Failure' | undefined;
  readonly details: string | undefined;
}

/** EventResult and EventResultDetails by rule; a result that the record does not state is absent. */
const rules: Readonly<Record<ResultRule, (event: NetworkEvent) => EventResult>> = {
  success: (event) => ({ result: 'Success', details: event.actionType }),
  failure: (event) => ({ result: 'Failure', details: event.actionType }),
  unknown: (event) => ({ result: undefined, details: event.actionType }),

  http: (event) => {
    const status = toCode(event.detail('status_code'));
    const result = status === undefined || status < 1 ? undefined : status < 400 ? 'Success' : 'Failure';
    return { result, details: joined(event.detailText('status_code'), event.detailText('status_msg')) };
  },
  tls: (event) => ({ result: succeeded(event, 'established'), details: event.detailText('version') }),
  dns: (event) => {
    const code = toCode(event.detail('rcode'));
    return {
      result: code === undefined ? undefined : code === 0 ? 'Success' : 'Failure',
      details: event.detailText('rcode_name'),
    };
  },
  ssh: (event) => ({ result: succeeded(event, 'auth_success'), details: undefined }),
  ntlm: (event) => ({ result: succeeded(event, 'success'), details: undefined }),
  ftp: (event) => ({
    result: replied(toCode(event.detail('reply_code'))),
    details: joined(event.detailText('reply_code'), event.detailText('reply_msg')),
  }),
  smtp: (event) => ({ result: replied(toCode(event.detail('last_reply'))), details: event.detailText('last_reply') }),

  blockedByPolicy: (event) => ({ result: 'Failure', details: event.detailText('ResponseCategory') }),
  allowedByPolicy: (event) => ({ result: undefined, details: event.detailText('ResponseCategory') }),
  blockedByFirewall: (event) => ({ result: 'Failure', details: event.actionType }),
};

export function resultOf(event: NetworkEvent): EventResult {
  return rules[event.action.result](event);
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
