-- The checks of one students.csv, in one pass. A required value that is missing is NULL; a row of
-- the wrong width and a byte that is not UTF-8 end the query with an error. DuckDB reads the
-- bytes only of columns that are asked for, so all are counted.
WITH students AS (
    FROM read_csv(getvariable('students'), auto_detect = false, header = true, delim = ',',
        quote = '"', escape = '"', columns = {
            'Student Id': 'VARCHAR', 'Last Name': 'VARCHAR', 'Middle Name': 'VARCHAR',
            'First Name': 'VARCHAR', 'Date of Birth': 'VARCHAR', 'Gender': 'VARCHAR',
            'District Enrollment': 'VARCHAR', 'Grade': 'VARCHAR', 'Address': 'VARCHAR',
            'City': 'VARCHAR', 'State': 'VARCHAR', 'Zip': 'VARCHAR', 'Race': 'VARCHAR',
            'District of Residence': 'VARCHAR', 'County of Residence': 'VARCHAR',
            'District of Service': 'VARCHAR', 'Student Reporting Id': 'VARCHAR',
            'Building': 'VARCHAR', 'Building Reporting Id': 'VARCHAR', 'SIS Internal ID': 'VARCHAR'
        })
)
SELECT
    count(*) - count(DISTINCT "Student Id") AS "not unique",
    count(*) FILTER ("Student Id" IS NULL OR "Last Name" IS NULL OR "First Name" IS NULL
        OR "Date of Birth" IS NULL OR "Gender" IS NULL OR "District Enrollment" IS NULL
        OR "Building" IS NULL OR "Building Reporting Id" IS NULL) AS "empty",
    count(*) FILTER (length("Student Id") > 20) AS "too long",
    count(*) FILTER ("Gender" NOT IN ('M', 'F', 'm', 'f', 'male', 'female', 'Male', 'Female'))
        AS "gender",
    count(*) FILTER ("District Enrollment" NOT IN ('PRE_ENROLLED', 'ENROLLED', 'TRANSFERRED',
        'WITHDREW', 'DROPPED_OUT', 'GRADUATED', 'INACTIVE', 'HISTORICAL_IDLE')) AS "enrollment",
    count(*) FILTER ("Date of Birth" IS NOT NULL AND try_strptime("Date of Birth",
            ['%m/%d/%Y', '%m-%d-%Y', '%Y/%m/%d', '%Y-%m-%d']) IS NULL) AS "date",
    0 * (count("Middle Name") + count("Grade") + count("Address") + count("City") + count("State")
        + count("Zip") + count("Race") + count("District of Residence")
        + count("County of Residence") + count("District of Service")
        + count("Student Reporting Id") + count("SIS Internal ID")) AS "UTF-8"
FROM students;
