-- The checks of students.sql, and every reference to a student. The ids are kept, so that no file is
-- read twice.
CREATE TEMP TABLE students AS
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
    "Student Id" AS id,
    "Student Id" IS NULL OR "Last Name" IS NULL OR "First Name" IS NULL OR "Date of Birth" IS NULL
        OR "Gender" IS NULL OR "District Enrollment" IS NULL OR "Building" IS NULL
        OR "Building Reporting Id" IS NULL OR length("Student Id") > 20
        OR "Gender" NOT IN ('M', 'F', 'm', 'f', 'male', 'female', 'Male', 'Female')
        OR "District Enrollment" NOT IN ('PRE_ENROLLED', 'ENROLLED', 'TRANSFERRED', 'WITHDREW',
            'DROPPED_OUT', 'GRADUATED', 'INACTIVE', 'HISTORICAL_IDLE')
        OR try_strptime("Date of Birth",
            ['%m/%d/%Y', '%m-%d-%Y', '%Y/%m/%d', '%Y-%m-%d']) IS NULL
        -- Never true; it only asks for the other columns.
        OR "Middle Name" = '' OR "Grade" = '' OR "Address" = '' OR "City" = '' OR "State" = ''
        OR "Zip" = '' OR "Race" = '' OR "District of Residence" = '' OR "County of Residence" = ''
        OR "District of Service" = '' OR "Student Reporting Id" = '' OR "SIS Internal ID" = '' AS faulty
FROM students;

SELECT
    (SELECT count(*) - count(DISTINCT id) FROM students) AS "not unique",
    (SELECT count(*) FILTER (faulty) FROM students) AS "faulty",
    (SELECT count(*) FILTER (NOT known) + 0 * (count("Name") + count("Relationship") + count("Phone"))
     FROM (
        SELECT *, "Student Id" IN (SELECT id FROM students) AS known
        FROM read_csv(getvariable('guardians'), auto_detect = false, header = true, delim = ',',
            quote = '"', escape = '"', columns = {'Student Id': 'VARCHAR', 'Name': 'VARCHAR',
                'Relationship': 'VARCHAR', 'Phone': 'VARCHAR'}))) AS "guardians of unknown students",
    (SELECT count(*) FILTER (NOT known) + 0 * (count("Date") + count("Kind"))
     FROM (
        SELECT *, "Student Id" IN (SELECT id FROM students) AS known
        FROM read_csv(getvariable('absences'), auto_detect = false, header = true, delim = ',',
            quote = '"', escape = '"', columns = {'Student Id': 'VARCHAR', 'Date': 'VARCHAR',
                'Kind': 'VARCHAR'}))) AS "absences of unknown students";
