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

/// An export with something to fix in every record. `city` distinguishes them.
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

/// Kills at moments that are others in every run: every second one in the last tenth, where an
/// epoch gets its place.
struct Killer {
    random: u64,
    turn: u32,
    /// How long a run takes, as far as is known: others use the machine, too.
    whole: Duration,
}

impl Killer {
    fn new(whole: Duration) -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Self { random: u64::from(now.subsec_nanos()) | 1, turn: 0, whole }
    }

    fn moment(&mut self) -> Duration {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let share = f64::from(u32::try_from(self.random >> 32).unwrap()) / f64::from(u32::MAX);
        self.turn += 1;
        let late = self.turn.is_multiple_of(2);
        self.whole.mul_f64(if late { 0.9 + share * 0.15 } else { share })
    }

    /// Starts a command, and kills it after a while; whether it was still running, and when.
    fn kill(&mut self, mut command: Command) -> (bool, Duration) {
        let after = self.moment();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(after);
        let was_running = child.try_wait().unwrap().is_none();
        // SIGKILL, on Unix.
        child.kill().unwrap();
        child.wait().unwrap();
        if was_running && after > self.whole {
            self.whole = self.whole.mul_f64(1.2);
        } else if !was_running && after < self.whole.mul_f64(0.95) {
            self.whole = after;
        }
        (was_running, after)
    }
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
    let mut killer = Killer::new(time(place.command(&["--epoch", whole])));
    let expected = files(&place.upload.join(whole));
    assert_eq!(expected.len(), 3);
    fs::remove_dir_all(place.upload.join(whole)).unwrap();
    let (mut caught, mut made, mut begun) = (0, 0, 0);
    for number in 0..kills {
        let epoch = format!("20260102-{:02}{:02}00", number / 60, number % 60);
        let (was_running, after) = killer.kill(place.command(&["--epoch", &epoch]));
        caught += u32::from(was_running);
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
        "{kills} kills, of runs of about {:?}: {caught} while it ran, {begun} left a workspace, {made} \
         epochs were whole",
        killer.whole
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
    let mut killer = Killer::new(time(stage(0)));
    let sets = [0, 1].map(|turn| {
        time(stage(turn));
        files(upload)
    });
    assert!(sets[0] != sets[1] && sets.iter().all(|set| set.len() == 2));
    for turn in 0..usize::try_from(kills).unwrap() {
        let (_, after) = killer.kill(stage(turn));
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
