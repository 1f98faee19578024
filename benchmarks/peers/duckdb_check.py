"""DuckDB on all cores: students.sql over one file, or epoch.sql over three.

    duckdb_check.py TEMPLATE STUDENTS [GUARDIANS ABSENCES]
"""

import sys
from pathlib import Path

import duckdb

from peer import main


def check(files: dict[str, str]) -> dict[str, int]:
    sql = "epoch.sql" if len(files) > 1 else "students.sql"
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    for name, path in files.items():
        connection.execute(f"SET VARIABLE {name} = '{path}'")
    result = connection.execute(Path(__file__).with_name(sql).read_text())
    names = [column[0] for column in result.description]
    return dict(zip(names, result.fetchone()))


sys.exit(main(check, duckdb.Error))
