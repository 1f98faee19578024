//! students.csv, whose columns are all known.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Row, Value, sealed};
use crate::text::calendar::Date;

/// Declares a row whose fields have the names of columns.
macro_rules! row {
    (
        $(#[$about:meta])*
        $row:ident of $file:literal {$(
            $(#[$meta:meta])*
            $field:ident: $type:ty = $name:literal,
        )+}
    ) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $row {$(
            $(#[$meta])*
            #[serde(rename = $name)]
            pub $field: $type,
        )+}

        impl Row for $row {
            const FILE: &'static str = $file;

            fn fields(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
                vec![$(($name.into(), self.$field.text())),+]
            }
        }

        impl sealed::Sealed for $row {}

        impl fmt::Debug for $row {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($row)).finish_non_exhaustive()
            }
        }
    };
}

row! {
    /// A row of students.csv. Optional columns are empty if there is no value, and may be missing
    /// when a file is read.
    Student of "students.csv" {
        /// The key, unique in the district.
        student_id: StudentId = "Student Id",
        /// Required.
        last_name: String = "Last Name",
        /// Optional.
        #[serde(default)]
        middle_name: String = "Middle Name",
        /// Required.
        first_name: String = "First Name",
        /// Required. It is written as `YYYY-MM-DD` and read in all accepted forms.
        date_of_birth: Date = "Date of Birth",
        /// Required. It is written as `M` or `F` and read in all accepted forms.
        gender: Gender = "Gender",
        /// Required.
        district_enrollment: Enrollment = "District Enrollment",
        /// Optional.
        #[serde(default)]
        grade: String = "Grade",
        /// Optional.
        #[serde(default)]
        address: String = "Address",
        /// Optional.
        #[serde(default)]
        city: String = "City",
        /// Optional.
        #[serde(default)]
        state: String = "State",
        /// Optional.
        #[serde(default)]
        zip: String = "Zip",
        /// Optional.
        #[serde(default)]
        race: String = "Race",
        /// Optional.
        #[serde(default)]
        district_of_residence: String = "District of Residence",
        /// Optional.
        #[serde(default)]
        county_of_residence: String = "County of Residence",
        /// Optional.
        #[serde(default)]
        district_of_service: String = "District of Service",
        /// Optional.
        #[serde(default)]
        student_reporting_id: String = "Student Reporting Id",
        /// Required: the name of the building, exactly as in SameGoal's settings.
        building: String = "Building",
        /// Required.
        building_reporting_id: String = "Building Reporting Id",
        /// Optional.
        #[serde(default)]
        sis_internal_id: String = "SIS Internal ID",
    }
}

/// The id of a student: 1 to 20 letters and digits.
///
/// ```
/// use samegoal_schema::rows::{IdError, StudentId};
/// assert_eq!(StudentId::new("1001")?.as_str(), "1001");
/// assert_eq!(StudentId::new("10-01"), Err(IdError::BadCharacter));
/// # Ok::<(), IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StudentId(String);

/// Why something is not a [`StudentId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// It is empty.
    #[error("a student id is empty")]
    Empty,
    /// It has too many characters.
    #[error("a student id has {0} characters; the limit is 20")]
    TooLong(usize),
    /// It contains something other than letters and digits.
    #[error("a student id contains something other than letters and digits")]
    BadCharacter,
}

impl StudentId {
    /// The maximum number of characters.
    pub const MAX_LENGTH: usize = 20;

    /// The id, if it is valid.
    ///
    /// # Errors
    ///
    /// [`IdError`] says why it is not valid.
    pub fn new(id: impl Into<String>) -> Result<Self, IdError> {
        let id = id.into();
        let length = id.chars().count();
        if id.is_empty() {
            Err(IdError::Empty)
        } else if !id.chars().all(char::is_alphanumeric) {
            Err(IdError::BadCharacter)
        } else if length > Self::MAX_LENGTH {
            Err(IdError::TooLong(length))
        } else {
            Ok(Self(id))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StudentId {
    type Error = IdError;

    fn try_from(id: String) -> Result<Self, IdError> {
        Self::new(id)
    }
}

impl FromStr for StudentId {
    type Err = IdError;

    fn from_str(id: &str) -> Result<Self, IdError> {
        Self::new(id)
    }
}

impl From<StudentId> for String {
    fn from(id: StudentId) -> Self {
        id.0
    }
}

impl fmt::Debug for StudentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StudentId(..)")
    }
}

impl Value for StudentId {
    fn text(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

/// Declares a closed list of values: what is written, and what else is read.
macro_rules! values {
    (
        $(#[$about:meta])*
        $list:ident as $what:literal {$(
            $(#[$meta:meta])*
            $value:ident = $written:literal $(| $read:literal)*,
        )+}
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $list {$(
            $(#[$meta])*
            $value,
        )+}

        impl $list {
            /// The value as it is written.
            pub fn as_str(self) -> &'static str {
                match self {$(
                    Self::$value => $written,
                )+}
            }

            /// The value for this text in a file, if there is one.
            pub fn read(text: &str) -> Option<Self> {
                match text {
                    $($written $(| $read)* => Some(Self::$value),)+
                    _ => None,
                }
            }
        }

        impl Serialize for $list {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $list {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                Self::read(&text).ok_or_else(|| D::Error::custom(concat!(
                    "a value of `", $what, "` is not one of the published values"
                )))
            }
        }

        impl Value for $list {
            fn text(&self) -> Cow<'_, str> {
                self.as_str().into()
            }
        }
    };
}

values! {
    /// A student's gender, as far as the API has values for it.
    Gender as "Gender" {
        /// `M`; also read from `m`, `male` and `Male`.
        Male = "M" | "m" | "male" | "Male",
        /// `F`; also read from `f`, `female` and `Female`.
        Female = "F" | "f" | "female" | "Female",
    }
}

values! {
    /// The student's enrollment in the district.
    Enrollment as "District Enrollment" {
        /// `PRE_ENROLLED`; active.
        PreEnrolled = "PRE_ENROLLED",
        /// `ENROLLED`; active.
        Enrolled = "ENROLLED",
        /// `TRANSFERRED`
        Transferred = "TRANSFERRED",
        /// `WITHDREW`
        Withdrew = "WITHDREW",
        /// `DROPPED_OUT`
        DroppedOut = "DROPPED_OUT",
        /// `GRADUATED`
        Graduated = "GRADUATED",
        /// `INACTIVE`
        Inactive = "INACTIVE",
        /// `HISTORICAL_IDLE`
        HistoricalIdle = "HISTORICAL_IDLE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Presence, generic_api};

    pub(crate) fn ada() -> Student {
        let csv = "\
Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building,Building Reporting Id
1001,Okafor,Ada,1/5/2012,female,ENROLLED,Oak School,000123
";
        csv::Reader::from_reader(csv.as_bytes()).deserialize().next().unwrap().unwrap()
    }

    #[test]
    fn a_student_has_the_columns_of_the_api() {
        let api = generic_api();
        let columns = &api.file(Student::FILE).unwrap().columns;
        let student = ada();
        let fields = student.fields();
        assert!(fields.iter().map(|(name, _)| &**name).eq(columns.keys().map(|name| &**name)));
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.serialize(&student).unwrap();
        let written = writer.into_inner().unwrap();
        let mut reader = csv::Reader::from_reader(written.as_slice());
        assert!(reader.headers().unwrap().iter().eq(columns.keys().map(|name| &**name)));
        assert!(reader.deserialize::<Student>().next().unwrap().unwrap() == student);
    }

    #[test]
    fn every_required_column_is_demanded_and_no_other() {
        let api = generic_api();
        let fields = ada();
        let fields = fields.fields();
        for column in api.file(Student::FILE).unwrap().columns() {
            let (names, values): (Vec<_>, Vec<_>) =
                fields.iter().filter(|(name, _)| *name != column.name).cloned().unzip();
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(names.iter().map(|name| name.as_bytes())).unwrap();
            writer.write_record(values.iter().map(|value| value.as_bytes())).unwrap();
            let csv = writer.into_inner().unwrap();
            let read = csv::Reader::from_reader(csv.as_slice()).deserialize::<Student>().next();
            let is_required = column.presence == Presence::Required;
            assert_eq!(read.unwrap().is_err(), is_required, "{}", column.name);
        }
    }

    #[test]
    fn the_lists_are_those_of_the_api() {
        let api = generic_api();
        let file = api.file(Student::FILE).unwrap();
        let allowed = |name: &str| match &file.column(name).unwrap().format {
            Format::OneOf(values) => values.clone(),
            other => panic!("{other:?}"),
        };
        for value in allowed("Gender") {
            let gender = Gender::read(&value).unwrap();
            assert!(allowed("Gender").iter().any(|value| value == gender.as_str()));
        }
        for value in allowed("District Enrollment") {
            assert_eq!(Enrollment::read(&value).unwrap().as_str(), value);
        }
        assert_eq!((Gender::read("FEMALE"), Enrollment::read("Enrolled")), (None, None));
        let id = file.column("Student Id").unwrap();
        assert_eq!(id.max_length.map(|most| most as usize), Some(StudentId::MAX_LENGTH));
    }

    #[test]
    fn an_id_is_checked_when_it_is_made_and_when_it_is_read() {
        for (id, error) in [
            ("", IdError::Empty),
            (" 1001", IdError::BadCharacter),
            ("10-01", IdError::BadCharacter),
            ("100000000000000000001", IdError::TooLong(21)),
        ] {
            assert_eq!(StudentId::new(id), Err(error));
            let read = csv::Reader::from_reader(format!("a,b\n1,\"{id}\"\n").as_bytes())
                .deserialize::<(String, StudentId)>()
                .next()
                .unwrap();
            assert!(read.unwrap_err().to_string().contains(&error.to_string()));
        }
        assert!("Ä1".parse::<StudentId>().is_ok());
    }

    #[test]
    fn nothing_of_a_student_is_shown_by_accident() {
        let student = ada();
        assert_eq!(format!("{student:?} {:?}", student.student_id), "Student { .. } StudentId(..)");
        for (column, value) in [(3, "5 Jan 2012"), (4, "GIRL"), (5, "active"), (0, "secret!")] {
            let mut values = ["1", "b", "c", "2012-01-05", "M", "ENROLLED", "d", "e"];
            values[column] = value;
            let csv = format!(
                "Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,\
                 Building,Building Reporting Id\n{}\n",
                values.join(",")
            );
            let read = csv::Reader::from_reader(csv.as_bytes()).deserialize::<Student>().next();
            let error = read.unwrap().unwrap_err().to_string();
            assert!(!error.contains(value), "{error}");
        }
    }
}
