#!/usr/bin/env bash
# Uploads with a real client to a real server: the first epoch of docs/staging.md and the nightly script of
# docs/nightly-linux.md exactly as printed, with OpenSSH's sftp and an sshd on loopback whose only account
# can write to /upload and nowhere else. Checks what is on the server afterwards, also when the connection
# is killed.
set -euo pipefail
cd "$(dirname "$0")/../.."
repo=$PWD

fail() { echo "FAILED: $*" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || fail "starting a server with its own account needs root"
if ! [ -x /usr/sbin/sshd ] || ! command -v sftp >/dev/null; then
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends openssh-server openssh-client >/dev/null
fi
[ -x /usr/sbin/sshd ] || fail "there is no sshd"
command -v python3 >/dev/null || { apt-get update -qq; apt-get install -qq -y --no-install-recommends python3 >/dev/null; }

account=samegoal-ci-$$
server=
# Every folder above a chroot must belong to root, and be writable by root alone.
work=$(mktemp -d /srv/samegoal-sftp.XXXXXX)
chmod 755 "$work"
clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    userdel "$account" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

## The server

root=$work/root
upload=$root/upload
useradd --system --no-create-home --home-dir / --shell /usr/sbin/nologin "$account"
usermod --password '*' "$account" # no password, and yet not locked
mkdir -p "$upload" /run/sshd
chown "$account" "$upload"
ssh-keygen -q -t ed25519 -N '' -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$work/user_key"
install -m 644 "$work/user_key.pub" "$work/authorized_keys"

start_server() {
    for _ in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 20000))
        cat > "$work/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
Port $port
HostKey $work/host_key
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile $work/authorized_keys
AllowUsers $account
Subsystem sftp internal-sftp
ForceCommand internal-sftp
ChrootDirectory $root
AllowTcpForwarding no
CONFIG
        /usr/sbin/sshd -D -e -f "$work/sshd_config" 2>>"$work/sshd.log" &
        server=$!
        for _ in $(seq 50); do
            if ssh-keyscan -p "$port" 127.0.0.1 >/dev/null 2>&1; then return 0; fi
            kill -0 "$server" 2>/dev/null || break
            sleep 0.1
        done
    done
    cat "$work/sshd.log" >&2
    fail "sshd does not start"
}
start_server

cat > "$work/ssh_config" <<CONFIG
Host samegoal
    HostName 127.0.0.1
    Port $port
    User $account
    IdentityFile $work/user_key
    IdentitiesOnly yes
    StrictHostKeyChecking yes
    UserKnownHostsFile $work/known_hosts
CONFIG
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$work/host_key.pub")" > "$work/known_hosts"

if echo 'mkdir /elsewhere' | sftp -q -F "$work/ssh_config" -b - samegoal >/dev/null 2>&1; then
    fail "the account can write outside of /upload"
fi

## The client

cargo build --quiet --locked --package samegoal-lint --bin samegoal-lint --example generate_epoch
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
PATH=$target/debug:$PATH
# A name with every character that needs quoting.
home="$work/it's the \"nightly\" job [1]*"
mkdir "$home"
.ci/block docs/nightly-linux.md nightly.sh > "$home/nightly.sh"
chmod +x "$home/nightly.sh"
export SAMEGOAL_DIR=$home SAMEGOAL_SSH_CONFIG=$work/ssh_config STUDENTS=200
cat > "$home/export-from-sis" <<SCRIPT
#!/bin/sh
exec "$target/debug/examples/generate_epoch" --students "\$STUDENTS" "\$1"
SCRIPT
chmod +x "$home/export-from-sis"

# Whether an epoch on the server is complete: the same bytes, and an empty COMPLETE that is the newest.
assert_whole() {
    local here=$home/out/$1 there=$upload/$1 file
    diff -r "$here" "$there" >/dev/null || fail "$1 has other files or bytes on the server"
    [ -f "$there/COMPLETE" ] && ! [ -s "$there/COMPLETE" ] || fail "$1: COMPLETE is not there or not empty"
    for file in "$there"/*.csv; do
        if [ "$file" -nt "$there/COMPLETE" ]; then fail "$1: COMPLETE is older than $file"; fi
    done
}

newest() { find "$home/out" -mindepth 1 -maxdepth 1 -type d -name '????????-??????' -printf '%f\n' | sort | tail -1; }

echo "the first epoch, by hand"
# The same server by the name that the page gives it, and not yet known.
byhand=$work/byhand
mkdir -p "$byhand/bin"
sed -e 's/^Host .*/Host sftp.example.com/' -e "s|known_hosts$|known_hosts_byhand|" -e 's/Checking yes/Checking ask/' \
    "$work/ssh_config" > "$byhand/ssh_config"
cat > "$byhand/bin/sftp" <<SCRIPT
#!/bin/bash
# Stands for a user's ~/.ssh/config: the account and the port of this server.
exec "$(command -v sftp)" -F "$byhand/ssh_config" "\${@/#district@/}"
SCRIPT
chmod +x "$byhand/bin/sftp"
STUDENTS=50 "$home/export-from-sis" "$byhand/export"
for name in first-login first-look first-epoch first-pin; do
    .ci/block docs/staging.md "$name" > "$byhand/$name"
done
run_byhand() { (cd "$byhand" && PATH="$byhand/bin:$PATH" sh -e "./$1"); }
# A batch never asks, so without a login before it there is no upload.
mkdir "$byhand/out"
if run_byhand first-epoch >/dev/null 2>&1; then fail "an unknown server was trusted"; fi
[ -e "$byhand/out/20260105-020000" ] || fail "the first epoch failed before its upload"
rm -r "$byhand/out"
(cd "$byhand" && PATH="$byhand/bin:$PATH" python3 "$repo/.ci/sftp/login.py" sh -e ./first-login) || fail "no first login"
looked=$(run_byhand first-look) || fail "the first look finds errors"
grep -q . <<< "$looked" || fail "the first look prints nothing"
! [ -e "$byhand/out/20260105-020000" ] || fail "the first look made something"
run_byhand first-epoch >/dev/null
diff -r "$byhand/out/20260105-020000" "$upload/20260105-020000" >/dev/null || fail "the first epoch is another on the server"
run_byhand first-pin
samegoal-lint --quiet --config "$byhand/samegoal-lint.toml" "$byhand/out/20260105-020000" || fail "what was pinned does not fit"
rm -r "$upload/20260105-020000"

echo "the nightly script"
"$home/nightly.sh"
first=$(newest)
assert_whole "$first"
[ "$(find "$upload" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ] || fail "more than the epoch was uploaded"
samegoal-lint --quiet "$upload" || fail "what was uploaded does not pass"

echo "the same epoch again"
if sftp -q -F "$work/ssh_config" -b "$home/upload.batch" samegoal >/dev/null 2>&1; then
    fail "an epoch on the server was overwritten"
fi
assert_whole "$first"

echo "an export with an error"
sleep 1.1
before=$(find "$upload" | sort)
mv "$home/export-from-sis" "$work/export-from-sis"
cat > "$home/export-from-sis" <<SCRIPT
#!/bin/sh
"$work/export-from-sis" "\$1" && echo '1001,,,,,' >> "\$1/students.csv"
SCRIPT
chmod +x "$home/export-from-sis"
status=0
"$home/nightly.sh" > "$work/mail" 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "the nightly script ended with $status after an error, not with 1"
grep -q 'students.csv' "$work/mail" || fail "the nightly script does not say what is wrong"
[ "$(find "$upload" | sort)" = "$before" ] || fail "something was uploaded in spite of an error"

echo "an export that has lost most of its students"
cp "$work/export-from-sis" "$home/export-from-sis"
status=0
STUDENTS=20 "$home/nightly.sh" > "$work/mail" 2>&1 || status=$?
[ "$status" -eq 1 ] && grep -q 'drift/' "$work/mail" || fail "the loss was not reported"
[ "$(find "$upload" | sort)" = "$before" ] || fail "something was uploaded in spite of the loss"
mv "$work/export-from-sis" "$home/export-from-sis"

## Killed on the way

export STUDENTS=20000
"$home/export-from-sis" "$home/export"
kills=${SAMEGOAL_SFTP_KILLS:-14} whole=0 cut=0
total=$(cat "$home"/export/*.csv | wc -c)
bytes_in() { find "$1" -type f -printf '%s\n' 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }'; }

echo "killed on the way, $kills times, with $total bytes to upload"
day=20260201
samegoal-lint stage "$home/export" --upload "$home/out" --epoch "$day-000000" --quiet
for kill in $(seq "$kills"); do
    epoch=$day-$(printf '%06d' "$kill")
    mv "$home/out/$day-000000" "$home/out/$epoch"
    samegoal-lint upload-script "$home/out/$epoch" --for sftp > "$work/batch"
    # The bytes after which the connection dies: from the first to just before the last.
    after=$((total * (kill - 1) / kills + RANDOM % 65536))
    sftp -q -l 80000 -F "$work/ssh_config" -b "$work/batch" samegoal >/dev/null 2>&1 &
    client=$!
    while [ "$(bytes_in "$upload/$epoch")" -lt "$after" ] && kill -0 "$client" 2>/dev/null; do :; done
    if [ $((kill % 2)) -eq 0 ]; then
        kill -KILL "$client" 2>/dev/null || true
    else
        # The processes of this server that serve the session: one with rights, and one without.
        for monitor in $(pgrep -P "$server"); do
            pkill -KILL -P "$monitor" 2>/dev/null || true
            kill -KILL "$monitor" 2>/dev/null || true
        done
    fi
    status=0
    wait "$client" 2>/dev/null || status=$?
    # Until the server has noticed.
    for _ in $(seq 50); do pgrep -P "$server" >/dev/null || break; sleep 0.1; done
    if [ -e "$upload/$epoch/COMPLETE" ]; then
        assert_whole "$epoch"
        whole=$((whole + 1))
    else
        [ "$status" -ne 0 ] || fail "$epoch has no COMPLETE, and sftp says that all went well"
        cut=$((cut + 1))
    fi
    mv "$home/out/$epoch" "$home/out/$day-000000"
done
[ "$cut" -ge $((kills * 2 / 3)) ] || fail "only $cut of $kills uploads were killed on the way"
echo "$cut of $kills were cut off, none of them with COMPLETE; $whole had ended"

echo "and the next night"
rm -r "$home/out/$day-000000"
"$home/nightly.sh"
assert_whole "$(newest)"

## Auto files

echo "auto files"
samegoal-lint stage "$home/export" --upload "$home/out" --auto --quiet
samegoal-lint upload-script "$home/out" --for sftp --auto > "$work/batch"
sftp -q -l 160000 -F "$work/ssh_config" -b "$work/batch" samegoal >/dev/null 2>&1 &
client=$!
while ! [ -s "$upload/students_auto.csv.part" ] && kill -0 "$client" 2>/dev/null; do :; done
kill -KILL "$client" 2>/dev/null || true
wait "$client" 2>/dev/null || true
if compgen -G "$upload/*_auto.csv" >/dev/null; then fail "a file that was cut off has its name"; fi
sftp -q -F "$work/ssh_config" -b "$work/batch" samegoal >/dev/null
for file in "$home"/out/*_auto.csv; do
    cmp "$file" "$upload/$(basename "$file")" || fail "$file is another on the server"
done
if compgen -G "$upload/*.part" >/dev/null; then fail "an unfinished file is left"; fi

# An old file is one line; a mixed pair would be one old file and one new one.
cut_everywhere() {
    samegoal-lint upload-script "$home/out" --for sftp --auto > "$work/batch"
    local commands length old new file
    commands=$(wc -l < "$work/batch")
    for length in $(seq 0 "$commands"); do
        rm -rf "${upload:?}"/*
        for file in students guardians users; do echo old > "$upload/${file}_auto.csv"; done
        echo old > "$upload/absences_auto.csv.part"
        head -n "$length" "$work/batch" | sftp -q -F "$work/ssh_config" -b - samegoal >/dev/null 2>&1 ||
            fail "command $length of the batch fails"
        old=0 new=0
        for file in "$upload"/*_auto.csv; do
            [ -e "$file" ] || continue
            if [ "$(cat "$file")" = old ]; then old=$((old + 1)); else new=$((new + 1)); fi
        done
        [ "$old" -eq 0 ] || [ "$new" -eq 0 ] || fail "after command $length, new files lie beside old ones"
        if [ -e "$upload/guardians_auto.csv" ] && [ "$new" -gt 0 ]; then
            cmp "$home/out/guardians_auto.csv" "$upload/guardians_auto.csv"
        fi
    done
    diff -r -x '[0-9]*' "$home/out" "$upload" || fail "the batch leaves other files than those here"
    echo "$1: cut off after each of $commands lines, and never a mixed pair"
}
rm -f "$home"/export/{absences,users,user_roles}.csv
samegoal-lint stage "$home/export" --upload "$home/out" --auto --quiet
cut_everywhere "students and guardians"
rm "$home/export/guardians.csv"
samegoal-lint stage "$home/export" --upload "$home/out" --auto --quiet
cut_everywhere "a day without guardians"
cd "$repo"
echo "all went well"
