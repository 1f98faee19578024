#!/usr/bin/env bash
# Checks the JSON Schema and the Table Schema with the tools that use them: a clean file is valid for both,
# a broken one for neither.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v python3 >/dev/null || { apt-get update -qq && apt-get install -qq -y python3; }
python3 -c 'import ensurepip, venv' 2>/dev/null || { apt-get update -qq && apt-get install -qq -y python3-venv; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    'jsonschema>=4.20,<5' 'frictionless>=5.17,<6'

cargo build --quiet --locked --package samegoal-lint
lint=${CARGO_TARGET_DIR:-target}/debug/samegoal-lint
for format in json-schema table-schema template; do
    "$lint" schema students.csv --format "$format" > "$work/$format"
done
"$work/venv/bin/python" .ci/export/check.py "$work" fixtures/epochs/clean/20260105-020000/students.csv
