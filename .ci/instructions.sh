#!/usr/bin/env bash
# Counts the instructions of the scanner and of a whole lint, and fails if there are over 5 % more than in
# benchmarks/instructions.txt. Unlike seconds, these do not differ from run to run.
#   .ci/instructions.sh            compare
#   .ci/instructions.sh --update   write the new baseline
# Another compiler or C library may give other counts: then count the previous commit, compare, and update.
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
baseline=$repo/benchmarks/instructions.txt

if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "skipped: the baseline is for Linux x86_64"
    exit 0
fi
# The program uses the best instructions of the processor; valgrind supports up to AVX2.
if ! grep -q -w avx2 /proc/cpuinfo; then
    echo "the baseline needs AVX2, which this processor lacks" >&2
    exit 1
fi
if ! command -v valgrind >/dev/null; then
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends valgrind >/dev/null
fi

# Build what is released: compiler flags of this shell must not change the count.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS
cargo build --quiet --release --locked --bin samegoal-lint --example generate_epoch --example scan
release=$(cd "${CARGO_TARGET_DIR:-target}/release" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$release/examples/generate_epoch" --students 10500 --order random 20260105-020000

# count NAME PROGRAM...: without an environment, whose length moves the stack.
count() {
    local name=$1 number
    shift
    env -i PATH=/usr/bin:/bin valgrind --tool=callgrind --callgrind-out-file="$work/$name.out" "$@" \
        >"$work/$name.stdout" 2>"$work/$name.log" ||
        { cat "$work/$name.log" "$work/$name.stdout" >&2; exit 1; }
    number=$(awk '/^(summary|totals):/ { sum = $2 } END { print sum }' "$work/$name.out")
    [ -n "$number" ] || { echo "callgrind counted nothing for $name" >&2; exit 1; }
    printf '%s %s\n' "$name" "$number" >>"$work/counted"
}
count scan "$release/examples/scan" 20260105-020000/students.csv
count lint "$release/samegoal-lint" --no-config --threads 1 --today 2026-01-05 --format json \
    20260105-020000

if [ "${1-}" = --update ]; then
    {
        echo "# Instructions, as .ci/instructions.sh --update counts them: the scanner over students.csv of a"
        echo "# generated epoch of 5 MB, and a whole lint of that epoch on one thread."
        echo "# $(rustc --version | cut -d' ' -f1-2), $(valgrind --version)"
        cat "$work/counted"
    } >"$baseline"
    cat "$baseline"
    exit 0
fi

awk '
    /^#/ { next }
    NR == FNR { expected[$1] = $2; next }
    !($1 in expected) { print $1 ": not in the baseline"; failed = 1; next }
    {
        change = 100 * ($2 / expected[$1] - 1)
        printf "%s: %d instructions, baseline %d: %+.2f %%\n", $1, $2, expected[$1], change
        compared++
        if (change > 5) { print $1 ": over 5 % more"; failed = 1 }
    }
    END { exit failed || compared != 2 }
' "$baseline" "$work/counted"
