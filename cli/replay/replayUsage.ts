export const usage = `Usage: npm run replay -- TASK [options]
  list         one line for each dead letter
  show ID      everything about one, with its body
  export FILE  all of it to a new file, one JSON a line
  send         each one back to the hub it came from, once
  set-aside    messages that hold a partition to the dead-letter hub

Which letters (list, export, send):
  --reason R   with this reason, for instance BadTimestamp; may be repeated
  --table T    of this table; may be repeated
  --id ID      only this one; may be repeated
  --since TIME, --until TIME
               set aside from the one time on, before the other; UTC unless it
               names a zone
export:
  --body       only the body of the one letter of --id, to repair it by hand
send:
  --dry-run    send nothing, count what would be sent
  --file FILE  send what FILE holds instead of what lies in the hub: lines of an
               export, or with --id ID the body of that letter, repaired
  --checkpoint FILE
               where it is kept what was sent (default replay-checkpoint.ndjson)
set-aside (shows what it would do; writes only with --yes):
  --hub NAME, --partition N
               whose messages; the hub only when the app reads several
  --count N    so many behind the checkpoint (default: one batch of the host)
  --all        all that stand behind the checkpoint
  --from N, --through N
               by sequence number
  --yes        do it; needs --through, as the run without --yes prints it
  --take-ownership
               although a host owns the partition: take it away while it works
For all:
  --settings FILE
               the settings of a local.settings.json (default: the environment)
  --json       make the last line of standard output the account, as JSON
Settings are the app's: EventHub (connection string) or
EventHub__fullyQualifiedNamespace (identity), EVENT_HUB_NAMES,
DEAD_LETTER_EVENT_HUB; for set-aside also EVENT_HUB_CONSUMER_GROUP and
AzureWebJobsStorage. Exit codes: 0 all well; 1 something was left out or went
wrong; 2 could not start.`;
