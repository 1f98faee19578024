//! What student information systems and state files call the columns of students.csv.
//!
//! None of these names is correct, and none comes from the vendor. They are compared in their
//! [normal form](crate::text::lookalike::normal), with `#` as the word "number". The header check
//! first removes the entity (`Student Zip`), the kind of address (`Mailing City`), `Legal`, the
//! table (`STUDENTS.Zip`) and the format (`Zip (5 digits)`), so those are not listed. A name with a
//! table is listed if the field alone means something else.
//!
//! There are four kinds of ids, and the wrong kind does harm:
//!
//! - the district's student number is the `Student Id`;
//! - the state's id is the `Student Reporting Id`;
//! - the key of the system's own database is the `SIS Internal ID`;
//! - the number that one school assigns is none of these.
//!
//! A name that systems use for several kinds is doubtful for the column that must be there.

/// The names of a column, separated by commas.
pub(super) struct Names {
    /// Names that mean this column.
    pub(super) synonyms: &'static str,
    /// Names that may mean this column, but often mean something else.
    pub(super) doubtful: &'static str,
}

impl Names {
    /// Names that all mean this column.
    const fn sure(synonyms: &'static str) -> Self {
        Self { synonyms, doubtful: "" }
    }
}

/// The district's student number, in a file of students.
pub(super) const STUDENT_ID: Names = Names {
    synonyms: STUDENT_NUMBERS,
    doubtful: "\
        ID, ID Number, Student, Student Code, Pupil Code, Perm Id, Perm Number, Perm No, Permanent \
        Id, Permanent Number, Student Perm Id, Student Permanent Id, Other Id, Student Other Id, \
        Identifier, Student Unique Id, Import Student Id, External Id, Student External Id, SAP \
        Id, SIS Id, SIS Student Id, Student SIS Id, Unique Id, Reference Id, EMIS Id, EMIS Student \
        Id",
};

/// The same in a file about others, where `ID` is theirs.
pub(super) const STUDENT_ID_ELSEWHERE: Names = Names {
    synonyms: STUDENT_NUMBERS,
    doubtful: "\
        Perm Id, Perm Number, Permanent Id, Student Perm Id, Student Permanent Id, Student \
        Identifiers, Student Unique Id, Student SIS Id, SIS Student Id, SIS Id, Student External \
        Id, Student Code, Student",
};

const STUDENT_NUMBERS: &str = "\
    Student Number, Student No, Student Num, Student Nbr, Student Id Number, Student Id No, \
    Student Identification Number, Student Identification, Student Identifier, Student Local Id, \
    Student Local Number, Student District Id, Stu Id, Stu No, Stu Num, Stu Number, Stud Id, Stud \
    No, Stud Num, Stud Number, Pupil Id, Pupil Number, Pupil No, Local Id, Local Number, Local \
    Identifier, Local Identification Number, Local Student Id, Local Student Number, Local Student \
    Identifier, Local Student Identification Number, LASID, LCLSTUNUM, STD_ID_LOCAL, District \
    Student Id, District Student Number, District Local Id, School Student Id, SIS Number, SIS \
    Student Number, STU.ID";

/// The state's id of a student.
pub(super) const STUDENT_REPORTING_ID: Names = Names::sure(
    "\
        Reporting Id, Student Reporting Number, State Reporting Id, State Report Id, State Id, \
        State Id Number, State Student Id, State Student Number, State Student Identifier, State \
        Identifier, State Identification Number, State Assigned Student Id, State Assigned Id, \
        State Province Id, State Unique Id, State Testing Id, Student State Id, Student State \
        Number, Student State Identifier, Statewide Id, Statewide Student Id, Statewide Student \
        Identifier, Statewide Student Number, STD_ID_STATE, STU.CID, Calculated Student State Id, \
        SSID, SASID, UIC, UIC Number, PA Secure Id, FLEID, FL Education Id, TX Unique Student Id, \
        Texas Unique Student Id, TSDS Unique Id, TSDS Id, SAIS Id, SAIS Number, SAIS Student \
        Number, NYSSIS Id, WISE Id, MARSS Number, MARSS Id, MN_EDE_NBR, MOSIS Id, KIDS Id, STN, \
        Student Test Number, GTID, GTID Number, NC Student Id",
);

/// The key of the student information system's own database.
pub(super) const SIS_INTERNAL_ID: Names = Names::sure(
    "\
        Internal Id, Internal Student Id, Internal SIS Student Id, Internal SIS Id, Student \
        Internal Id, SIS Id, SIS Internal Student Id, SIS Internal Key, SIS GUID, System Id, \
        Database Id, DCID, Student DCID, STUDENTS.ID, [01]ID, Person Id, Person GUID, Name Id, \
        STD_OID, Student OID, Student GU, Student GUID, Student UUID, Student USI, Student Key, \
        Student PK, Sourced Id, User Sourced Id, Student Sourced Id",
);

pub(super) const LAST_NAME: Names = Names::sure(
    "\
        Surname, Family Name, LName, Last Surname, Last Nm, Name Last, Legal Last, Last, STU.LN, \
        STU.LLN",
);

pub(super) const MIDDLE_NAME: Names = Names::sure(
    "\
        Middle, Middle Initial, Middle Init, Middle Nm, MI, Student MI, MName, Name Middle, Legal \
        Middle, STU.MN",
);

pub(super) const FIRST_NAME: Names = Names::sure(
    "\
        Given Name, Forename, FName, First Nm, Name First, Legal First, First, STU.FN",
);

pub(super) const DATE_OF_BIRTH: Names = Names {
    synonyms: "\
        DOB, Birth Date, Birth Day, Birth Dt, Born, BDate, BDay, Date Birth, Dt Of Birth, \
        DT_BIRTH, Date Of Birth Date, STU.BD",
    doubtful: "Birth",
};

pub(super) const GENDER: Names = Names {
    synonyms: "\
        Sex, Sex Code, Gender Code, Gender Cd, Gender Male Female, Gender Description, Gender \
        Desc, STU.SX, STU.GN, STU.LGN",
    doubtful: "\
        Birth Gender, Birth Sex, Sex At Birth, Gender At Birth, Sex Assigned At Birth",
};

pub(super) const DISTRICT_ENROLLMENT: Names = Names {
    synonyms: "\
        Enrollment Status, Enrolment Status, Enroll Status, Enrl Status, District Enrollment \
        Status, District Enrolment, Student Status, Student Enrollment Status, Student Enroll \
        Status, Student Enrolment Status, Enrollment Status Code, Enrollment Status Description, \
        Enroll Status Description, Current Status, Current Enrollment Status, Active Status",
    doubtful: "\
        Status, Student Enrollment, Enrollment, Enrolment, Active, Is Active, Is Current Active, \
        Active Flag, Active Inactive, STU.TG",
};

pub(super) const GRADE: Names = Names::sure(
    "\
        Grade Level, Grade Lvl, Grade Lev, Grade Code, Grade Level Code, Grade Enrolled, Grade \
        Description, Grades, Grd, Grd Lvl, Year Level, Current Grade, Current Grade Level, STU.GR",
);

pub(super) const ADDRESS: Names = Names::sure(
    "\
        Street, Street 1, Street Address, Street Address 1, Street Address Line 1, Address Street, \
        Address 1, Address Line, Address Line 1, Addr, Addr 1, Addr Line 1, STU.AD, STU.RAD",
);

pub(super) const CITY: Names = Names::sure(
    "\
        Town, City Town, City Name, Address City, Addr City, STU.CY, STU.RCY",
);

pub(super) const STATE: Names = Names::sure(
    "\
        Province, State Province, State Code, State Abbreviation, State Abbr, Address State, Addr \
        State, STU.ST, STU.RST",
);

pub(super) const ZIP: Names = Names::sure(
    "\
        Zip Code, Zip 5, Zip 4, Zip Plus 4, Zip Code Plus 4, Zip Postal Code, Postal Code, \
        Postcode, Postal, Address Zip, Address Zip Code, Addr Zip, Street Zip, STU.ZC, STU.RZC",
);

pub(super) const RACE: Names = Names::sure(
    "\
        Ethnicity, Race Ethnicity, Ethnicity Race, Race And Ethnicity, Ethnicity And Race, Ethnic \
        Code, Ethnicity Code, Ethnicity Primary, Primary Ethnicity, Ethnic Group, Race Code, Race \
        Cd, Race Description, Race Ethnicity Code, Race Ethnicity Fed, Federal Race, Federal Race \
        Ethnicity, Federal Race Code, Fed Race Ethic, STU.RC1, PSN_RACE_VIEW",
);

pub(super) const DISTRICT_OF_RESIDENCE: Names = Names::sure(
    "\
        Residence District, Resident District, Residing District, Home District, District \
        Residence, District Of Residence IRN, District Of Residence Code, District Of Residence \
        Name, Resident District IRN, Resident District Code, Resident District Name, Residence \
        District IRN, Residence District Code, Residence District Name, Home District Code, Home \
        District Name, Home District IRN, Legal District Of Residence, Resident School District, \
        Residence School District, School District Of Residence, Residence LEA, Resident LEA, LEA \
        Of Residence, District Of Geographic Residence",
);

pub(super) const COUNTY_OF_RESIDENCE: Names = Names::sure(
    "\
        County, County Name, Residence County, Resident County, Residing County, Home County, \
        County Residence, County Of Residence Code, County Of Residence Name",
);

pub(super) const DISTRICT_OF_SERVICE: Names = Names::sure(
    "\
        Service District, Serving District, District Service, Attending District, Operating \
        District, Educating District, Servicing District, District Of Service IRN, District Of \
        Service Name, District Of Service Code, Serving LEA, Serving District Name, Attending \
        District Name",
);

pub(super) const BUILDING: Names = Names {
    synonyms: "\
        School, School Name, Building Name, Building Description, Bldg Name, Bldg, Campus, Campus \
        Name, Site, Site Name, Facility Name, Attending School, Attending School Name, Attending \
        Building, Attending Building Name, Current School, Current School Name, Current Building, \
        School Building, School Building Name, Organization Name, Entity Name, SKL_SCHOOL_NAME, \
        [39]Name",
    doubtful: "\
        Home School, Home School Name, Location, Location Name, Entity, Facility",
};

pub(super) const BUILDING_REPORTING_ID: Names = Names {
    synonyms: "\
        IRN, School IRN, School Id, School Code, School Number, School No, School Num, School Nbr, \
        School Reporting Id, School Reporting Number, Building Id, Building Code, Building Number, \
        Building No, Building Num, Building Nbr, Building Reporting Number, Building Reporting \
        Code, Bldg IRN, Bldg Id, Bldg Code, Bldg Number, Bldg No, Attending Building IRN, \
        Attending School IRN, Attending School Id, Attending School Code, Attending School Number, \
        State School Id, State School Number, State School Code, State Building Code, State \
        Building Id, State Building Number, Alternate School Number, School State Id, School State \
        Code, Campus Id, Campus Number, Campus Code, Site Id, Site Code, Site Number, RCDTS, RCDTS \
        Code, CDS Code, School Facility Number, SKL_SCHOOL_ID, STU.SC, [39]School_Number, \
        [39]Alternate_School_Number, SCHOOLS.StatePRID",
    doubtful: "\
        Location Code, Location Id, Location Number, Home School Id, Home School Code, School 3 \
        Digit, School 6 Digit, Org Sourced Ids, Entity Id, Entity Code, NCES Id, NCES School Id, \
        School NCES Id, BEDS Code",
};
