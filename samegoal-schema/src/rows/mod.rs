//! Typed rows for programs that write or read deliveries, with serde and the csv crate.
//!
//! [`Student`] has all columns of its file. For the other files, not all columns are published:
//! their rows have the known columns as fields, and the [`rest`](Guardian::rest) by name, in order.
//!
//! ```
//! use samegoal_schema::rows::Student;
//!
//! let csv = "\
//! Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building,Building Reporting Id
//! 1001,Okafor,Ada,01/05/2012,female,ENROLLED,Oak School,000123
//! ";
//! let mut reader = csv::Reader::from_reader(csv.as_bytes());
//! let student: Student = reader.deserialize().next().unwrap()?;
//! assert_eq!(student.student_id.as_str(), "1001");
//! assert_eq!(student.date_of_birth.to_string(), "2012-01-05");
//! # Ok::<(), csv::Error>(())
//! ```
//!
//! An [`EpochWriter`] writes rows as files that pass the checks of this crate. If a row would not
//! pass, it returns an error with the row and the field.
//!
//! # Personal data
//!
//! Neither the `Debug` form of a row nor an error of this module shows a value. Errors from the csv
//! crate may show values.

use std::borrow::Cow;

use crate::text::calendar::Date;

mod epoch;
mod partial;
mod student;

pub use epoch::{EpochWriter, FileWriter, Files, WriteError};
pub use partial::{Absence, Assignment, Guardian, Rest, SeparatorError, User, UserRole};
pub use student::{Enrollment, Gender, IdError, Student, StudentId};

/// A row of one of the API's files. Only the types in this module implement it.
pub trait Row: sealed::Sealed {
    /// The exact name of the file.
    const FILE: &'static str;

    /// The columns and their values, in the order of the file.
    fn fields(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)>;
}

impl<R: Row> Row for &R {
    const FILE: &'static str = R::FILE;

    fn fields(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        R::fields(self)
    }
}

mod sealed {
    pub trait Sealed {}
    impl<R: Sealed> Sealed for &R {}
}

/// A value as it is in a file.
trait Value {
    fn text(&self) -> Cow<'_, str>;
}

impl Value for String {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Value for Date {
    fn text(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}
