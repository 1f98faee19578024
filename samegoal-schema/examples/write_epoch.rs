//! Writes an epoch from typed rows. Creates COMPLETE only when everything else is on the disk.
//!
//! ```text
//! cargo run -p samegoal-schema --example write_epoch -- 20260105-020000
//! ```

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use samegoal_schema::rows::{
    Enrollment, EpochWriter, Files, Gender, Guardian, Rest, Student, StudentId,
};
use samegoal_schema::text::calendar::Date;

/// A directory into which the files of an epoch go.
struct Folder(PathBuf);

impl Files for Folder {
    type File = File;

    fn create(&mut self, name: &str) -> io::Result<File> {
        File::create_new(self.0.join(name))
    }

    fn close(&mut self, file: File) -> io::Result<()> {
        file.sync_all()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("say which directory to make")?);
    fs::create_dir(&folder)?;
    let mut epoch = EpochWriter::new(Folder(folder));
    epoch.write([student("1001", "Okafor", "Ada")?, student("1002", "Nguyen", "Linh")?])?;
    epoch.write([guardian("1001", "Ngozi Okafor")?, guardian("1002", "Maria Nguyen")?])?;
    epoch.finish()?;
    Ok(())
}

/// In a real export, this comes from a row of a query.
fn student(id: &str, last: &str, first: &str) -> Result<Student, Box<dyn std::error::Error>> {
    Ok(Student {
        student_id: StudentId::new(id)?,
        last_name: last.into(),
        middle_name: String::new(),
        first_name: first.into(),
        date_of_birth: Date::new(2012, 1, 5).ok_or("no such day")?,
        gender: Gender::Female,
        district_enrollment: Enrollment::Enrolled,
        grade: "8".into(),
        address: "12 Oak St, Apt 3".into(),
        city: "Dayton".into(),
        state: "OH".into(),
        zip: "45402".into(),
        race: String::new(),
        district_of_residence: String::new(),
        county_of_residence: String::new(),
        district_of_service: String::new(),
        student_reporting_id: String::new(),
        building: "Oak School".into(),
        building_reporting_id: "000123".into(),
        sis_internal_id: String::new(),
    })
}

/// Not all columns of guardians.csv are published; each district knows its own.
fn guardian(student: &str, name: &str) -> Result<Guardian, Box<dyn std::error::Error>> {
    let rest = Rest::from_iter([("Name".to_owned(), name.to_owned())]);
    Ok(Guardian { student_id: StudentId::new(student)?, rest })
}
