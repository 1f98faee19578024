#!/usr/bin/env bash
# Sets the nightly job of docs/nightly-linux.md up and starts it as cron and as systemd would.
#   linux.sh BLOCKS CARGO_HOME GENERATOR
# Runs in a mount namespace of its own, so that /opt and the like stay as they are.
set -euo pipefail
blocks=$1 cargo=$2 generator=$3

fail() { echo "FAILED: $*" >&2; exit 1; }

# The account is made in a copy of /etc.
etc=$(mktemp -d)
cp -a /etc/. "$etc"
mount --bind "$etc" /etc
trap 'umount /etc && rm -rf "$etc"' EXIT
mount -t tmpfs tmpfs /opt
mount -t tmpfs tmpfs /usr/local/bin
! id samegoal >/dev/null 2>&1 || userdel samegoal

## Once

sudo() { "$@"; }
export -f sudo
CARGO_HOME=$cargo bash -e "$blocks/setup" >/dev/null 2>&1 || fail "the setup"
[ -x /usr/local/bin/samegoal-lint ] || fail "the program is not where the page puts it"
[ "$(stat -c '%U %a' /opt/samegoal/.ssh)" = "samegoal 700" ] || fail "the folder of the key"
cp "$blocks/ssh-config" /opt/samegoal/.ssh/config
chown samegoal /opt/samegoal/.ssh/config
told=$(ssh -T -G -F /opt/samegoal/.ssh/config samegoal)
for line in "hostname sftp.example.com" "user district" "stricthostkeychecking true" "serveraliveinterval 30"; do
    grep -qx "$line" <<< "$told" || fail "ssh does not read \`$line\`"
done

# Stand-ins: an export, and an sftp that keeps the batch that it is given.
cat > /opt/samegoal/export-from-sis <<SCRIPT
#!/bin/sh
[ ! -e /opt/samegoal/slow ] || sleep 3
[ ! -e /opt/samegoal/fault ] || exit 7
/usr/local/bin/generate --students 50 "\$1"
[ ! -e /opt/samegoal/broken ] || echo '1001,,,,,' >> "\$1/students.csv"
SCRIPT
cat > /usr/local/bin/sftp <<'SCRIPT'
#!/bin/sh
while [ "$1" != -b ]; do
    if [ "$1" = -F ]; then cp "$2" /opt/samegoal/used-config; fi
    shift
done
cp "$2" /opt/samegoal/used-batch
[ ! -e /opt/samegoal/offline ] || { echo "Connection closed" >&2; exit 255; }
SCRIPT
cp "$generator" /usr/local/bin/generate
cp "$blocks/nightly.sh" /opt/samegoal/nightly.sh
chmod 755 /usr/local/bin/* /opt/samegoal/export-from-sis /opt/samegoal/nightly.sh

## cron

crontab=$blocks/crontab
[ "$(wc -l < "$crontab")" -eq 3 ] || fail "the crontab has other lines"
path=$(sed -n 's/^PATH=//p' "$crontab")
entry=$(sed -n '3p' "$crontab")
read -r minute hour _ _ _ command <<< "$entry"
[ "$minute $hour $command" = "0 2 /opt/samegoal/nightly.sh" ] || fail "the crontab starts something else"
mail=/opt/mail
as_cron() {
    runuser -u samegoal -- env -i HOME=/opt/samegoal LOGNAME=samegoal SHELL=/bin/sh PATH="$path" \
        /bin/sh -c "cd && $command" > "$mail" 2>&1
}
epochs() { find /opt/samegoal/out -mindepth 1 -maxdepth 1 -type d -name '????????-??????' | wc -l; }
expect() {
    local wanted=$1 count=$2 status=0
    sleep 1.1 # epochs are named by the second
    as_cron || status=$?
    [ "$status" -eq "$wanted" ] || { cat "$mail" >&2; fail "$3: exit status $status, not $wanted"; }
    [ "$(epochs)" -eq "$count" ] || fail "$3: $(epochs) epochs, not $count"
}

expect 0 1 "a good night"
[ ! -s "$mail" ] || { cat "$mail" >&2; fail "a good night is mailed"; }
cmp -s "$blocks/ssh-config" /opt/samegoal/used-config || fail "sftp is given another configuration"
tail -1 /opt/samegoal/used-batch | grep -q COMPLETE || fail "COMPLETE is not the last to be uploaded"
[ "$(find /opt/samegoal/reports -type f | sed 's/.*\.//' | sort | tr '\n' ' ')" = "html json txt " ] || fail "other reports"
[ -z "$(find /opt/samegoal/out /opt/samegoal/reports -perm /077)" ] || fail "others can read what is kept"

cp -p /opt/samegoal/export/{absences,users}.csv
expect 0 2 "a file that is not exported any more"
if grep -q users.csv /opt/samegoal/used-batch; then fail "a file of the night before is uploaded again"; fi

touch /opt/samegoal/broken
expect 1 2 "an export with an error"
grep -q students.csv "$mail" || fail "an error is not mailed"
[ "$(find /opt/samegoal/reports -name '*.html' | wc -l)" -eq 3 ] || fail "no page of a night with errors"
rm /opt/samegoal/broken

touch /opt/samegoal/fault
expect 7 2 "an export that fails"
rm /opt/samegoal/fault

touch /opt/samegoal/offline
expect 255 3 "a connection that breaks"
grep -q "Connection closed" "$mail" || fail "a broken connection is not mailed"
rm /opt/samegoal/offline

touch /opt/samegoal/slow
as_cron &
sleep 1
expect 2 3 "two runs at once"
grep -q "has not ended" "$mail" || fail "two runs at once are not mailed"
wait
rm /opt/samegoal/slow
[ "$(epochs)" -eq 4 ] || fail "the first of two runs was hindered"

find /opt/samegoal/out /opt/samegoal/reports -mindepth 1 -maxdepth 1 -exec touch -d '16 days ago' {} +
expect 0 1 "a night two weeks later"
[ "$(find /opt/samegoal/reports -type f | wc -l)" -eq 3 ] || fail "old reports are kept"
[ -z "$(find /opt/samegoal/out -mindepth 1 -maxdepth 1 -name '.*')" ] || fail "a run left something behind"

## systemd

units=/etc/systemd/system
mkdir -p $units
cp "$blocks"/samegoal-nightly.{service,timer} $units
told=$(systemd-analyze verify $units/samegoal-nightly.service $units/samegoal-nightly.timer 2>&1) || { echo "$told" >&2; fail "the units"; }
if grep samegoal-nightly <<< "$told"; then fail "systemd has something to say of the units"; fi
sed -i 's/^ExecStart=.*/ExecStart=\/nowhere/' $units/samegoal-nightly.service
if systemd-analyze verify $units/samegoal-nightly.service >/dev/null 2>&1; then fail "systemd looks at nothing"; fi
value() { sed -n "s/^$1=//p" "$blocks/$2"; }
exposure=$(systemd-analyze security --offline=true --threshold=40 $units/samegoal-nightly.service 2>&1) || { echo "$exposure" >&2; fail "the unit is not hardened"; }
systemd-analyze calendar "$(value OnCalendar samegoal-nightly.timer)" >/dev/null || fail "the time"
[ "$(value ExecStart samegoal-nightly.service)" = "$command" ] || fail "systemd starts something else than cron"
[ "$(value User samegoal-nightly.service)" = samegoal ] || fail "systemd starts it under another account"
