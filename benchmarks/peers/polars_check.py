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
FORMS = ["%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y-%m-%d"]

ID = pl.col("Student Id")
BIRTH = pl.col("Date of Birth")
CHECKS = {
    "not unique": pl.len() - ID.n_unique(),
    "empty": pl.sum_horizontal(pl.col(name).null_count() for name in REQUIRED),
    "too long": (ID.str.len_chars() > 20).sum(),
    "gender": pl.col("Gender").is_in(GENDERS).not_().sum(),
    "enrollment": pl.col("District Enrollment").is_in(ENROLLMENTS).not_().sum(),
    "date": pl.coalesce(BIRTH.str.to_date(form, strict=False) for form in FORMS).null_count()
    - BIRTH.null_count(),
}


def check(files: dict[str, str]) -> dict[str, int]:
    # It looks at the bytes of the whole file whatever is asked for, and at no row's width.
    tables = {name: pl.scan_csv(path, infer_schema=False) for name, path in files.items()}
    students = tables.pop("students")
    queries = {"students": students.select(**CHECKS)}
    for name, table in tables.items():
        orphans = table.join(students.select(ID), on="Student Id", how="anti")
        queries[name] = orphans.select(pl.len().alias(f"{name} of nobody"))
    # Together, so that the students are read once.
    results = pl.collect_all(queries.values(), engine="streaming")
    return {name: count for result in results for name, count in result.row(0, named=True).items()}


sys.exit(main(check, pl.exceptions.PolarsError))
