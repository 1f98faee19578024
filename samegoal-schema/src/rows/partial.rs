//! The files with only some columns published.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Row, StudentId, Value, sealed};

/// The unpublished columns of a row, by name and in order.
pub type Rest = IndexMap<String, String>;

const STUDENT_ID: &str = "Student Id";
const ROLE: &str = "Role";
const ROLES: &str = "Roles";
const BUILDINGS: &str = "Buildings";
const DELETED: &str = "Deleted";

/// Does for a row of a partial file what the macro in `student` does for
/// [`Student`](super::Student). Serde reads and writes it as a map. The csv crate reads maps but
/// does not write them; an [`EpochWriter`](super::EpochWriter) does.
macro_rules! partial {
    ($row:ident of $file:literal) => {
        impl sealed::Sealed for $row {}

        impl Row for $row {
            const FILE: &'static str = $file;

            fn fields(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
                let mut fields = self.known();
                let rest = self.rest.iter();
                fields.extend(rest.map(|(name, value)| (name.into(), value.into())));
                fields
            }
        }

        impl Serialize for $row {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.fields())
            }
        }

        impl<'de> Deserialize<'de> for $row {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::read(Rest::deserialize(deserializer)?)
            }
        }

        impl fmt::Debug for $row {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($row)).finish_non_exhaustive()
            }
        }
    };
}

/// A row of guardians.csv: one guardian of one student.
#[derive(Clone, PartialEq, Eq)]
pub struct Guardian {
    /// The student, who must be in students.csv of the same epoch.
    pub student_id: StudentId,
    /// The other columns.
    pub rest: Rest,
}

partial!(Guardian of "guardians.csv");

impl Guardian {
    fn known(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        vec![(STUDENT_ID.into(), self.student_id.text())]
    }

    fn read<E: serde::de::Error>(mut rest: Rest) -> Result<Self, E> {
        let id = rest.shift_remove(STUDENT_ID).ok_or_else(|| E::missing_field(STUDENT_ID))?;
        Ok(Self { student_id: StudentId::new(id).map_err(E::custom)?, rest })
    }
}

/// A row of users.csv: one staff member.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct User {
    /// The roles, each with the buildings where the user has it.
    pub roles: Vec<Assignment>,
    /// Whether to delete the user; which values SameGoal accepts is not published. `None` omits the
    /// column, so it must be `None` for all rows of a file or for none.
    pub deleted: Option<String>,
    /// The other columns.
    pub rest: Rest,
}

/// A role of a user.
///
/// ```
/// use samegoal_schema::rows::Assignment;
/// let assignment = Assignment::new("Teacher", ["Oak School", "Elm School"])?;
/// assert_eq!(assignment.buildings(), ["Oak School", "Elm School"]);
/// assert!(Assignment::new("Teacher; Principal", ["Oak School"]).is_err());
/// # Ok::<(), samegoal_schema::rows::SeparatorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    role: String,
    buildings: Vec<String>,
}

/// A name contains a character that separates names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role contains `;`, or a building contains `;` or `,`, which separate names")]
pub struct SeparatorError;

impl Assignment {
    /// A role, and the names of the buildings where the user has it.
    ///
    /// # Errors
    ///
    /// [`SeparatorError`] if one of the names would be read as two.
    pub fn new(
        role: impl Into<String>,
        buildings: impl IntoIterator<Item: Into<String>>,
    ) -> Result<Self, SeparatorError> {
        let (role, buildings) = (role.into(), buildings.into_iter().map(Into::into));
        let buildings: Vec<String> = buildings.collect();
        let has_separator =
            role.contains(';') || buildings.iter().any(|it| it.contains([';', ',']));
        if has_separator { Err(SeparatorError) } else { Ok(Self { role, buildings }) }
    }

    /// The role.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The names of the buildings.
    pub fn buildings(&self) -> &[String] {
        &self.buildings
    }
}

partial!(User of "users.csv");

impl User {
    fn known(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        let join = |text: &dyn Fn(&Assignment) -> String| -> Cow<'_, str> {
            self.roles.iter().map(text).collect::<Vec<_>>().join(";").into()
        };
        let mut fields = vec![
            (ROLE.into(), join(&|assignment| assignment.role.clone())),
            (BUILDINGS.into(), join(&|assignment| assignment.buildings.join(","))),
        ];
        if let Some(deleted) = &self.deleted {
            fields.push((DELETED.into(), deleted.into()));
        }
        fields
    }

    fn read<E: serde::de::Error>(mut rest: Rest) -> Result<Self, E> {
        // The page prints both names.
        let roles = rest.shift_remove(ROLE).or_else(|| rest.shift_remove(ROLES));
        let roles = roles.unwrap_or_default();
        let buildings = rest.shift_remove(BUILDINGS).unwrap_or_default();
        let deleted = rest.shift_remove(DELETED);
        if roles.is_empty() && buildings.is_empty() {
            return Ok(Self { roles: Vec::new(), deleted, rest });
        }
        let (roles, groups) = (roles.split(';'), buildings.split(';'));
        if roles.clone().count() != groups.clone().count() {
            return Err(E::custom("a user has more or fewer groups in `Buildings` than roles"));
        }
        let names = |group: &str| -> Vec<String> {
            let names = group.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(Into::into).collect()
        };
        let roles = roles
            .zip(groups)
            .map(|(role, group)| Assignment { role: role.trim().into(), buildings: names(group) })
            .collect();
        Ok(Self { roles, deleted, rest })
    }
}

/// A row of `user_roles.csv`: what a role may do with a form. The names of its columns are not
/// published.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserRole {
    /// All columns.
    pub rest: Rest,
}

partial!(UserRole of "user_roles.csv");

impl UserRole {
    #[expect(clippy::unused_self, reason = "rows of the other files have known columns")]
    fn known(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        Vec::new()
    }

    #[expect(clippy::unnecessary_wraps, reason = "rows of the other files can be wrong")]
    fn read<E>(rest: Rest) -> Result<Self, E> {
        Ok(Self { rest })
    }
}

/// A row of absences.csv: one absence of one student.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Absence {
    /// The student. That the column has this name is not published: `None` omits it, and must be
    /// the same for all rows of a file.
    pub student_id: Option<StudentId>,
    /// The other columns.
    pub rest: Rest,
}

partial!(Absence of "absences.csv");

impl Absence {
    fn known(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        self.student_id.iter().map(|id| (STUDENT_ID.into(), id.text())).collect()
    }

    fn read<E: serde::de::Error>(mut rest: Rest) -> Result<Self, E> {
        let id = rest.shift_remove(STUDENT_ID);
        Ok(Self { student_id: id.map(StudentId::new).transpose().map_err(E::custom)?, rest })
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::generic_api;

    fn read<R: DeserializeOwned>(csv: &str) -> Result<Vec<R>, csv::Error> {
        csv::Reader::from_reader(csv.as_bytes()).deserialize().collect()
    }

    fn names(row: &impl Row) -> Vec<String> {
        row.fields().iter().map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn the_known_columns_are_those_of_the_api() {
        let api = generic_api();
        let columns = |file: &str| -> Vec<_> {
            api.file(file).unwrap().columns.keys().map(ToString::to_string).collect()
        };
        let id = || StudentId::new("1").unwrap();
        let guardian = Guardian { student_id: id(), rest: Rest::new() };
        assert_eq!(names(&guardian), columns(Guardian::FILE));
        let user = User { deleted: Some(String::new()), ..User::default() };
        assert_eq!(names(&user), columns(User::FILE));
        assert_eq!(names(&UserRole::default()), columns(UserRole::FILE));
        let absence = Absence { student_id: Some(id()), ..Absence::default() };
        assert_eq!(names(&absence), columns(Absence::FILE));
    }

    #[test]
    fn further_columns_keep_their_order_and_their_text() {
        let rows: Vec<Guardian> =
            read("Phone,Student Id,Name\n0550100,1001,Maria Nguyen\n").unwrap();
        assert_eq!(rows[0].student_id.as_str(), "1001");
        // A value that looks like a number stays as it is written.
        assert!(rows[0].rest.iter().eq([
            (&"Phone".to_owned(), &"0550100".to_owned()),
            (&"Name".to_owned(), &"Maria Nguyen".to_owned()),
        ]));
        assert_eq!(format!("{:?}", rows[0]), "Guardian { .. }");
    }

    #[test]
    fn each_role_has_its_buildings() {
        let csv =
            "Roles,Buildings,Mail\n\"Teacher;Principal\",\"Oak,Elm;Oak\",a@example.com\n,,b\n";
        let users: Vec<User> = read(csv).unwrap();
        assert_eq!(users[0].roles[0].buildings(), ["Oak", "Elm"]);
        assert_eq!(users[0].roles[1].role(), "Principal");
        let fields = users[0].fields();
        assert_eq!(fields[1].1, "Oak,Elm;Oak");
        assert!(users[1].roles.is_empty() && users[1].deleted.is_none());
        let error = read::<User>("Role,Buildings\nA;B,Oak\n").unwrap_err().to_string();
        assert!(error.contains("more or fewer groups"), "{error}");
    }

    #[test]
    fn a_row_without_its_student_is_none() {
        let error = read::<Guardian>("Name\nMaria\n").unwrap_err().to_string();
        assert!(error.contains("Student Id"), "{error}");
        assert!(read::<Guardian>("Student Id\n-\n").is_err());
        assert!(read::<Absence>("Date\n2026-01-05\n").unwrap()[0].student_id.is_none());
        assert!(read::<UserRole>("Form,Default\nIEP,view\n").unwrap()[0].rest["Form"] == "IEP");
    }
}
