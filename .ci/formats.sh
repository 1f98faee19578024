#!/usr/bin/env bash
# Validates the reports against the schemas of other projects: SARIF against its JSON Schema, JUnit
# against the schema that Jenkins uses.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
schemas=$root/.ci/schemas

if ! command -v xmllint >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq libxml2-utils >/dev/null
fi
venv=$root/.ci/venv
if ! "$venv/bin/python" -c 'import jsonschema' 2>/dev/null; then
    python3 -m venv "$venv" || { apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && python3 -m venv "$venv"; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'jsonschema==4.26.0' 'rfc3987==1.3.8'
fi

cargo build --quiet --manifest-path "$root/Cargo.toml" -p samegoal-lint
program=${CARGO_TARGET_DIR:-$root/target}/debug/samegoal-lint
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Hostile file names, and in every column a cell that tries to break out of the report.
hostile=$out/hostile/20260105-020000
mkdir -p "$hostile"
for name in $'\e[31m' $'a\n::error::b' '%0A::error::b' '<script>]]>&amp;' '"q" '"'q'" $'\u202e' $'\uffff' $'Stud\xffnts'; do
    printf 'x\n' >"$hostile/${name//\//_}.csv"
done
header=$(head -1 "$root/fixtures/epochs/clean/20260105-020000/students.csv")
{
    printf '%s,"]]><b>",<script>\r\n' "${header%$'\r'}"
    printf '"]]>","<x a=""b"">","&#0;",\e[31m,\xff,\xef\xbf\xbf,"[a](b)",\n'
} >"$hostile/students.csv"

# 30,000 findings.
many=$out/many/20260105-020000
mkdir -p "$many"
{
    printf '%s\n' "$header"
    for ((i = 0; i < 30000; i++)); do printf '%d,too short\n' "$i"; done
} >"$many/students.csv"

count=0
check() {
    local dir=$1; shift
    local status=0
    (cd "$dir" && "$program" --format plain --report sarif="$out/it.sarif" --report junit="$out/it.xml" "$@" >/dev/null) || status=$?
    [ "$status" -le 1 ] || { echo "exit status $status: $*" >&2; exit 1; }
    xmllint --noout --schema "$schemas/junit-10.xsd" "$out/it.xml" 2>"$out/errors" || { cat "$out/errors" >&2; exit 1; }
    "$venv/bin/python" - "$schemas/sarif-2.1.0.json" "$out/it.sarif" <<'PYTHON'
import json, sys
import jsonschema
schema, log = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
formats = jsonschema.FormatChecker()
assert "uri-reference" in formats.checkers, "this validator does not check URIs"
errors = [f"{list(error.path)}: {error.message[:200]}" for error in validator(schema, format_checker=formats).iter_errors(log)]
sys.exit("\n".join(errors[:10]) or None)
PYTHON
    count=$((count + 1))
}

for values in mask show; do
    check "$root/fixtures/epochs" --values "$values" clean
    check "$root/fixtures/epochs" --values "$values" --digest gotchas clean-upload
    check "$out/hostile" --values "$values" --verbose 20260105-020000
    check "$out/many" --values "$values" --max-findings 0 20260105-020000
    for group in "$root"/fixtures/rules/*; do
        mapfile -t cases < <(find "$group" -mindepth 2 -maxdepth 2 -type d | sort)
        check "$group" --values "$values" --no-config --kind epoch "${cases[@]}"
    done
done
echo "$count passed, 0 failed"
