"""Validates students.csv by the schemas that samegoal-lint prints.

check.py DIR FILE: DIR holds the schemas and the template, FILE is a clean students.csv.
"""

import csv
import io
import json
import pathlib
import sys

import frictionless
import jsonschema

work, clean = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
record_schema = json.loads((work / "json-schema").read_text(encoding="utf-8"))
table_schema = json.loads((work / "table-schema").read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(record_schema)
validator = jsonschema.Draft202012Validator(record_schema)


def records(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def by_json_schema(text):
    return all(validator.is_valid(record) for record in records(text))


def by_table_schema(text):
    path = work / "students.csv"
    path.write_text(text, encoding="utf-8", newline="")
    schema = frictionless.Schema.from_descriptor(table_schema)
    resource = frictionless.Resource(path=path.name, basepath=str(work), schema=schema, encoding="utf-8")
    return resource.validate().valid


text = clean.read_text(encoding="utf-8")
rows = records(text)
assert rows, "the clean file has no records"
template = (work / "template").read_text(encoding="utf-8")
assert next(csv.reader([template])) == list(rows[0]), "the template has other columns"


def changed(column, value):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows([{**rows[0], column: value}, *rows[1:]])
    return out.getvalue()


cases = [("as it is", text, True)]
for column, value in [("Date of Birth", "2012-1-5"), ("Gender", "male"), ("Zip", "")]:
    cases.append((f"{column} = {value}", changed(column, value), True))
for column, value in [
    ("Student Id", ""),
    ("Student Id", "10-01"),
    ("Student Id", "1" * 21),
    ("Last Name", ""),
    ("Date of Birth", "5 Jan 2012"),
    ("Date of Birth", "13/05/2012"),
    ("Gender", "FEMALE"),
    ("District Enrollment", "Active"),
]:
    cases.append((f"{column} = {value}", changed(column, value), False))
cases.append(("without Building", text.replace("Building,", "School,", 1), False))

failed = 0
for name, case, expected in cases:
    for tool, is_valid in [("jsonschema", by_json_schema), ("frictionless", by_table_schema)]:
        if is_valid(case) != expected:
            failed += 1
            print(f"{tool}: {name} should be {'valid' if expected else 'invalid'}")
print(f"{2 * len(cases) - failed} passed, {failed} failed")
sys.exit(failed > 0)
