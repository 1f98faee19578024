#!/usr/bin/env bash
# Runs the recipes of docs/nightly-linux.md, docs/nightly-windows.md, docs/ci.md, action.yml and
# .pre-commit-hooks.yaml exactly as printed. .ci/sftp/run.sh covers the upload. Installs what is missing.
#
# PowerShell, WinSCP, Jenkins, GitHub, GitLab and Azure cannot run here: grammars parse their files, schemas
# validate them, and their shell commands run.
set -euo pipefail
cd "$(dirname "$0")/../.."
repo=$PWD

fail() { echo "FAILED: $*" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || fail "mounting a file system needs root"

needed=()
command -v git >/dev/null || needed+=(git)
command -v shellcheck >/dev/null || needed+=(shellcheck)
command -v systemd-analyze >/dev/null || needed+=(systemd)
command -v ssh >/dev/null || needed+=(openssh-client)
command -v python3 >/dev/null || needed+=(python3)
python3 -c 'import ensurepip, venv' 2>/dev/null || needed+=(python3-venv)
if [ ${#needed[@]} -gt 0 ]; then
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends "${needed[@]}" >/dev/null
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    'check-jsonschema==0.39.0' 'pre-commit==4.7.0' 'PyYAML==6.0.3' \
    'tree-sitter==0.26.1' 'tree-sitter-groovy==0.1.2' 'tree-sitter-powershell==0.26.4'

## The blocks of the pages

# Every block that is not plain text has a name, and this list says which script checks it.
held="
staging.md first-login sftp
staging.md first-look sftp
staging.md first-epoch sftp
staging.md first-pin sftp
nightly-linux.md build run
nightly-linux.md setup linux
nightly-linux.md ssh-config linux
nightly-linux.md nightly.sh linux
nightly-linux.md crontab linux
nightly-linux.md samegoal-nightly.service linux
nightly-linux.md samegoal-nightly.timer linux
nightly-windows.md build windows
nightly-windows.md nightly.ps1 windows
ci.md build run
ci.md samegoal.yml pipelines
ci.md scan.yml pipelines
ci.md .gitlab-ci.yml pipelines
ci.md azure-pipelines.yml pipelines
ci.md Jenkinsfile pipelines
ci.md lint-districts.sh pipelines
ci.md .pre-commit-config.yaml hooks
"
blocks=$work/blocks
for page in staging.md nightly-linux.md nightly-windows.md ci.md; do
    mkdir -p "$blocks/$page"
    while read -r name; do
        grep -qxE "$page $name [a-z]+" <<< "$held" || fail "no script runs the block \`$name\` of docs/$page"
        .ci/block "docs/$page" "$name" > "$blocks/$page/$name"
    done < <(awk '/^```[a-z]/ && $0 != "```text" { print $2 == "" ? "without-a-name" : $2 }' "docs/$page")
done
while read -r page name _; do
    [ -z "$page" ] || [ -e "$blocks/$page/$name" ] || fail "docs/$page has no block \`$name\`"
done <<< "$held"

echo "shellcheck"
shellcheck --shell=sh "$blocks"/staging.md/first-* "$blocks"/nightly-linux.md/{build,setup,nightly.sh} \
    "$blocks"/ci.md/{build,lint-districts.sh}
shellcheck .ci/block .ci/recipes/*.sh

echo "the program, built as the pages say"
cmp "$blocks/nightly-linux.md/build" "$blocks/ci.md/build" || fail "the pages build the program differently"
[ "$(head -1 "$blocks/nightly-windows.md/build")" = "$(cat "$blocks/ci.md/build")" ] || fail "the Windows page builds the program differently"
CARGO_INSTALL_ROOT=$work/cargo bash "$blocks/ci.md/build" > "$work/built" 2>&1 || { cat "$work/built" >&2; fail "it does not build"; }
cargo build --quiet --locked --package samegoal-lint --example generate_epoch
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
export PATH=$work/cargo/bin:$PATH
unset SAMEGOAL_DIR SAMEGOAL_SSH_CONFIG

echo "Linux"
unshare --mount bash .ci/recipes/linux.sh "$blocks/nightly-linux.md" "$work/cargo" "$target/debug/examples/generate_epoch" \
    || fail "docs/nightly-linux.md"
echo "Windows"
"$work/venv/bin/python" .ci/recipes/windows.py "$blocks/nightly-windows.md" docs/nightly-windows.md "$work"
echo "pre-commit"
bash .ci/recipes/hooks.sh "$blocks/ci.md/.pre-commit-config.yaml" "$work"
echo "pipelines"
"$work/venv/bin/python" .ci/recipes/pipelines.py "$repo" "$blocks/ci.md" "$work"
