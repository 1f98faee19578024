"""Frictionless: one students.csv against the Table Schema that samegoal-lint prints.

    frictionless_check.py TABLE_SCHEMA STUDENTS
"""

import json
import sys
import time

from frictionless import Resource, Schema, system, validate


def main() -> int:
    schema, students = sys.argv[1:]
    start = time.perf_counter()
    with system.use_context(trusted=True):
        report = validate(Resource(path=students, schema=Schema.from_descriptor(schema)))
    print(json.dumps({"faults": report.stats["errors"], "seconds": time.perf_counter() - start}))
    return 0 if report.valid else 1


sys.exit(main())
