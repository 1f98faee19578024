//! Kills the program at random moments: what is left is nothing or whole.
//!
//! `SAMEGOAL_LINT_KILLS=100 cargo test --release -p samegoal-lint --test it kills` is the full run,
//! on an export of 50 MB.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use super::{Place, STUDENTS, files};

/// How often to kill, and how many students to stage.
fn extent() -> (u32, u32) {
    match std::env::var("SAMEGOAL_LINT_KILLS") {
        Ok(kills) => (kills.parse().unwrap(), 260_000),
        Err(_) => (12, 5_000),
    }
}

/// An export with something to mend in every record. `city` tells one from another.
fn export(dir: &Path, students: u32, city: &str) {
    let mut rows = format!("{}\r\n", STUDENTS.lines().next().unwrap());
    let mut guardians = "student_id,Name\r\n".to_owned();
    for number in 0..students {
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        write!(
            rows,
            "{number},Okafor ,,Ada,{month}/{day}/2012,FEMALE,ENROLLED,8,\"12 Oak St, Apt {number}\",\
             {city},OH,45402,,Example City,Example County,Example City,OH{number},Oak School,000123,\
             {number}\r\n"
        )
        .unwrap();
        write!(guardians, "{number},Ngozi Okafor of {city}\r\n").unwrap();
    }
    fs::write(dir.join("Students.csv"), rows).unwrap();
    fs::write(dir.join("guardians.csv"), guardians).unwrap();
}

/// Numbers that are different in every run, and printed where one fails.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Self(u64::from(now.subsec_nanos()) | 1)
    }

    fn up_to(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        most.mul_f64(f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX))
    }
}

/// Starts a command, and kills it after a while; whether it was still running.
fn kill(mut command: Command, after: Duration) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let was_running = child.try_wait().unwrap().is_none();
    // SIGKILL, on Unix.
    child.kill().unwrap();
    child.wait().unwrap();
    was_running
}

/// The time of a whole run.
fn time(mut command: Command) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    start.elapsed()
}

#[test]
fn an_epoch_is_whole_or_not_there() {
    let (kills, students) = extent();
    let place = Place::new(&[]);
    export(&place.source, students, "Dayton");
    let whole = "20260101-000000";
    let most = time(place.command(&["--epoch", whole])).mul_f64(1.1);
    let expected = files(&place.upload.join(whole));
    assert_eq!(expected.len(), 3);
    fs::remove_dir_all(place.upload.join(whole)).unwrap();
    let (mut random, mut killed, mut made, mut begun) = (Random::new(), 0, 0, 0);
    for number in 0..kills {
        let epoch = format!("20260102-{:02}{:02}00", number / 60, number % 60);
        let after = random.up_to(most);
        killed += u32::from(kill(place.command(&["--epoch", &epoch]), after));
        let path = place.upload.join(&epoch);
        if path.exists() {
            made += 1;
            assert!(files(&path) == expected, "{epoch} is not whole after {after:?}");
            fs::remove_dir_all(path).unwrap();
        }
        let left = files(&place.upload);
        begun += u32::from(!left.is_empty());
        let roots: std::collections::BTreeSet<_> =
            left.keys().map(|name| name.split('/').next().unwrap()).collect();
        assert!(roots.len() <= 1, "what was left was not removed: {roots:?}");
        assert!(roots.iter().all(|name| name.starts_with(".samegoal-lint-stage-")), "{roots:?}");
    }
    time(place.command(&["--epoch", whole]));
    assert_eq!(files(&place.upload).len(), 4, "something is left");
    eprintln!(
        "{kills} kills within {most:?}: {killed} while it ran, {begun} left a workspace, {made} \
         epochs were whole"
    );
}

/// New guardians are never beside old students.
#[test]
fn auto_files_are_of_one_export() {
    let (kills, students) = extent();
    let places = ["Dayton", "Kent"].map(|city| {
        let place = Place::new(&[]);
        export(&place.source, students / 10, city);
        place
    });
    let upload = &places[0].upload;
    let stage = |turn: usize| super::command(&places[turn % 2].source, upload, &["--auto"]);
    let most = time(stage(0)).mul_f64(1.1);
    let sets = [0, 1].map(|turn| {
        time(stage(turn));
        files(upload)
    });
    assert!(sets[0] != sets[1] && sets.iter().all(|set| set.len() == 2));
    let mut random = Random::new();
    for turn in 0..usize::try_from(kills).unwrap() {
        let after = random.up_to(most);
        kill(stage(turn), after);
        let mut left = files(upload);
        left.retain(|name, _| !name.starts_with('.'));
        if left.contains_key("students_auto.csv") {
            assert!(sets.contains(&left), "{:?} after {after:?}", left.keys());
        }
        let is_of = |set: &std::collections::BTreeMap<String, Vec<u8>>| {
            left.iter().all(|(name, bytes)| set.get(name) == Some(bytes))
        };
        assert!(sets.iter().any(is_of), "a file is half written");
    }
}
