export const usage = `Usage: npm run replay -- TASK [options]
  list         print one line for each dead letter
  show ID      print everything about one letter, with its body
  export FILE  write letters to a new file, one JSON object per line
  send         send each letter back to the hub it came from, once
  set-aside    move messages that hold a partition to the dead-letter hub

Which letters (list, export, send):
  --reason R   with this reason, such as BadTimestamp; may be repeated
  --table T    of this table; may be repeated
  --id ID      only this one; may be repeated
  --since TIME, --until TIME
               written at or after the first time and before the second; UTC
               unless it names a zone
export:
  --body       write only the body of the one letter in --id, to repair it by
               hand
send:
  --dry-run    send nothing, count what would be sent
  --file FILE  send what FILE holds instead of what the hub holds: lines of an
               export, or with --id ID the repaired body of that letter
  --checkpoint FILE
               where the command notes what it has sent, so that it sends
               nothing twice (default replay-checkpoint.ndjson)
set-aside (shows what it would do; writes only with --yes):
  --hub NAME, --partition N
               which messages; the hub only when the app reads several
  --count N    the next N after the checkpoint (default: one batch of the host)
  --all        all after the checkpoint
  --from N, --through N
               by sequence number
  --yes        do it; needs --through, as the run without --yes prints it
  --take-ownership
               take the partition even from a host that owns it
For all:
  --settings FILE
               the settings of a local.settings.json (default: the environment)
  --json       print the account as one JSON object in the last line of
               standard output
It needs the app's settings EventHub (connection string) or
EventHub__fullyQualifiedNamespace (identity), EVENT_HUB_NAMES and
DEAD_LETTER_EVENT_HUB; set-aside also EVENT_HUB_CONSUMER_GROUP and
AzureWebJobsStorage.
Exit codes: 0 all well; 1 a letter was left out or something failed; 2 could not
start.`;
