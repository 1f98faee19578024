#!/usr/bin/env bash
# Opens the HTML report in Debian's Chromium. From the root of the repository:
#   .ci/html/run.sh [DIRECTORY FOR SCREENSHOTS]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shots=${1:+$(realpath -m "$1")}

needed=()
[ -x /usr/bin/chromium ] || needed+=(chromium)
command -v npm >/dev/null || needed+=(nodejs npm)
if [ ${#needed[@]} -gt 0 ]; then
    apt-get update -qq
    apt-get install -y -qq "${needed[@]}" >/dev/null
fi
cargo build --quiet --manifest-path "$root/Cargo.toml" -p samegoal-lint
program=${CARGO_TARGET_DIR:-$root/target}/debug/samegoal-lint

cd "$root/.ci/html"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund
exec node check.mjs "$program" ${shots:+"$shots"}
