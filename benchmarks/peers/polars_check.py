"""Polars on all cores, streaming: the checks of students.sql over one file, and with three files
every reference to a student.

    polars_check.py TEMPLATE STUDENTS [GUARDIANS ABSENCES]
"""

import sys

import polars as pl

from peer import main

REQUIRED = ["Student Id", "Last Name", "First Name", "Date of Birth", "Gender",
            "District Enrollment", "Building", "Building Reporting Id"]
GENDERS = ["M", "F", "m", "f", "male", "female", "Male", "Female"]
ENROLLMENTS = ["PRE_ENROLLED", "ENROLLED", "TRANSFERRED", "WITHDREW", "DROPPED_OUT", "GRADUATED",
               "INACTIVE", "HISTORICAL_IDLE"]

ID = pl.col("Student Id")
BIRTH = pl.col("Date of Birth")


def piece(start: int, length: int) -> pl.Expr:
    return BIRTH.str.slice(start, length)


# One form made of the four, and that parsed: faster than to try four.
DATE = (
    pl.when(piece(2, 1).is_in(["/", "-"]) & (piece(2, 1) == piece(5, 1)))
    .then(pl.concat_str(piece(6, 4), pl.lit("-"), piece(0, 2), pl.lit("-"), piece(3, 2)))
    .when(piece(4, 1) == piece(7, 1))
    .then(BIRTH.str.replace_all("/", "-", literal=True))
    .str.to_date("%Y-%m-%d", strict=False)
)
CHECKS = {
    "not unique": pl.len() - ID.n_unique(),
    "empty": pl.sum_horizontal(pl.col(name).null_count() for name in REQUIRED),
    "too long": (ID.str.len_chars() > 20).sum(),
    "gender": pl.col("Gender").is_in(GENDERS).not_().sum(),
    "enrollment": pl.col("District Enrollment").is_in(ENROLLMENTS).not_().sum(),
    "date": DATE.null_count() - BIRTH.null_count(),
}


def check(files: dict[str, str]) -> dict[str, int]:
    # It looks at the bytes of the whole file whatever is asked for, and at no row's width.
    tables = {name: pl.scan_csv(path, infer_schema=False) for name, path in files.items()}
    students = tables.pop("students")
    queries = {"students": students.select(**CHECKS)}
    for name, table in tables.items():
        orphans = table.join(students.select(ID), on="Student Id", how="anti")
        queries[name] = orphans.select(pl.len().alias(f"{name} of unknown students"))
    # Together, so that the students are read once.
    results = pl.collect_all(queries.values(), engine="streaming")
    return {name: count for result in results for name, count in result.row(0, named=True).items()}


sys.exit(main(check, pl.exceptions.PolarsError))
