#!/usr/bin/env bash
# Commits into a repository that uses the hooks of .pre-commit-hooks.yaml as docs/ci.md says.
#   hooks.sh CONFIGURATION WORK
set -euo pipefail
config=$1 work=$2/hooks
repo=$PWD
export PATH=$2/venv/bin:$PATH PRE_COMMIT_HOME=$work/cache
mkdir -p "$work"

fail() { echo "FAILED: $*" >&2; exit 1; }

pre-commit validate-manifest .pre-commit-hooks.yaml
told=$(pre-commit validate-config "$config" 2>&1) || fail "the configuration: $told"
[ -z "$told" ] || fail "$told"

# The address in the configuration leads to a repository here.
export HOME=$work # pre-commit hides GIT_CONFIG_GLOBAL from git
git config --global init.defaultBranch main
git config --global user.name Example
git config --global user.email hooks@example.com
git config --global protocol.file.allow always
git config --global "url.file://$work/ours.insteadOf" https://github.com/samegoal-lint/samegoal-lint
git init --quiet "$work/ours"
cp .pre-commit-hooks.yaml "$work/ours"
git -C "$work/ours" add -A
git -C "$work/ours" commit --quiet --message hooks

git init --quiet "$work/theirs"
cd "$work/theirs"
sed "s/rev: [0-9a-f]*/rev: $(git -C "$work/ours" rev-parse HEAD)/" "$config" > .pre-commit-config.yaml
mkdir -p "testdata/two words"
cp -r "$repo/fixtures/epochs/clean/20260105-020000" testdata
cp testdata/20260105-020000/students.csv "testdata/two words/students_auto.csv"
echo 'a "table" of something else' > testdata/rooms.csv
git add -A
pre-commit install >/dev/null

expect() {
    local wanted=$1 name=$2 status=0
    shift 2
    "$@" > "$work/told" 2>&1 || status=$?
    [ "$status" -eq "$wanted" ] || { cat "$work/told" >&2; fail "$name: exit status $status, not $wanted"; }
}
expect 0 "clean files" git commit --message clean
[ "$(grep -c Passed "$work/told")" -eq 2 ] || { cat "$work/told" >&2; fail "not both hooks were run"; }
expect 0 "try-repo" pre-commit try-repo "$work/ours" samegoal-lint --all-files

echo '1001,,,,,' >> "testdata/two words/students_auto.csv"
git add -A
expect 1 "a file with an error" git commit --message broken
grep -q 'two words/students_auto.csv' "$work/told" || fail "the file is not named"
grep -q rooms.csv "$work/told" && fail "a file of something else was looked at"
git reset --quiet --hard

git rm --quiet testdata/20260105-020000/COMPLETE
expect 1 "a folder without COMPLETE" git commit --message incomplete
grep -q missing-complete "$work/told" || { cat "$work/told" >&2; fail "the folder was not looked at"; }
