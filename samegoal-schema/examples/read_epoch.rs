//! Reads an epoch into typed rows and prints how many guardians the students of each building have.
//!
//! ```text
//! cargo run -p samegoal-schema --example read_epoch -- 20260105-020000
//! ```
#![expect(clippy::print_stdout, reason = "it is what the example is for")]

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use samegoal_schema::rows::{Guardian, Row, Student};
use samegoal_schema::schema::api::COMPLETE;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("say which directory to read")?);
    if !folder.join(COMPLETE).is_file() {
        return Err("the epoch is not complete".into());
    }
    let mut buildings = HashMap::new();
    for student in csv::Reader::from_path(folder.join(Student::FILE))?.into_deserialize() {
        let student: Student = student?;
        buildings.insert(student.student_id, student.building);
    }
    let mut guardians: BTreeMap<&str, u32> = BTreeMap::new();
    for guardian in csv::Reader::from_path(folder.join(Guardian::FILE))?.into_deserialize() {
        let guardian: Guardian = guardian?;
        let building = buildings.get(&guardian.student_id).map_or("unknown", String::as_str);
        *guardians.entry(building).or_default() += 1;
    }
    for (building, count) in guardians {
        println!("{building}: {count}");
    }
    Ok(())
}
