//! A reader that is slow, is interrupted, ends or fails, at every byte.

use std::fmt::Write;
use std::io::{self, ErrorKind, Read};
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use samegoal_schema::csv::Scanner;
use samegoal_schema::fix::Cure;
use samegoal_schema::{Admission, Error, Finding, Folded, Rule, Session, Sink, Summary, Variant};

use crate::readers::{Failing, Trickle};
use crate::support::{API, check, check_blocks};

/// A short file with every feature of the format.
const FILE: &str = "\u{feff}\r\nStudent Id,\"Last Name\",\"a\r\nb\",Notes\r\n\
    1001,Okafor,\"12 Oak St, Apt 3\",x\r\n1002,\"Nguyễn \"\"Q\"\" Lee\",\"two\nlines\",李\r\n\
    1003,\"Ada,x,y\r\n1004,\"Robert \"Bob\" Lee\",x,y\n1005,a\"b,x,y\r\n,,,\r\n1006,x\r\n\
    1007,\"Ada,\"x\",y\rStudent Id,Last Name,\"a\r\nb\",Notes\r\n1008,\0,\u{200b},\u{1a}\r\n\r\n\
    1009,\"\",\"\"\"\",\",\"\n\"1001\",\"Zoë\ty\",y,\"";

/// The same with a byte that is not UTF-8.
fn file() -> Vec<u8> {
    let mut file = FILE.as_bytes().to_vec();
    let at = FILE.find("1007").unwrap();
    file.splice(at..at, *b"10\xE9,a,b,c\n");
    file
}

const NAMES: [&str; 2] = ["students.csv", "guardians.csv"];

const BLOCKS: [usize; 5] = [1, 2, 3, 16, 256 << 10];

#[test]
fn the_file_has_faults_to_be_found() {
    let file = file();
    assert!((300..400).contains(&file.len()), "{}", file.len());
    for name in NAMES {
        assert!(check(name, &file).len() > 10);
    }
}

#[test]
fn the_end_at_every_byte() {
    let file = file();
    for name in NAMES {
        for end in 0..=file.len() {
            let whole = check(name, &file[..end]);
            for most in [1, 2, 5] {
                let reader = Trickle { bytes: &file[..end], most };
                let (found, bytes) = check_blocks(name, reader, 3, 1).unwrap();
                assert_eq!(found, whole, "{end}");
                assert_eq!(bytes, end as u64);
            }
        }
    }
}

/// The error says how far the file was read. The findings in the records before it are reported,
/// the same ones for all block sizes.
#[test]
fn an_error_at_every_byte() {
    let file = file();
    for name in NAMES {
        let whole = check(name, &file);
        let mut most_found = 0;
        for at in 0..=file.len() {
            let mut reported = None;
            for block in BLOCKS {
                for most in [1, 3, usize::MAX] {
                    let kind = ErrorKind::PermissionDenied;
                    let reader = Failing::new(&file, at, most, kind);
                    let threads = if most == 1 { 2 } else { 1 };
                    let Err((found, error)) = check_blocks(name, reader, block, threads) else {
                        panic!("no error at {at}");
                    };
                    let Error::Read { offset, source } = error else { panic!("{error}") };
                    assert_eq!((offset, source.kind()), (at as u64, kind));
                    assert_eq!(&reported.get_or_insert_with(|| found.clone()), &&found, "{at}");
                }
            }
            let found = reported.unwrap();
            assert!(found.len() >= most_found, "{at}");
            assert!(whole.starts_with(&found), "{at}: {found:?}");
            most_found = found.len();
        }
        assert!(most_found + 2 >= whole.len(), "{most_found} of {}", whole.len());
    }
}

/// A reader that fails and then continues loses nothing.
#[test]
fn an_error_that_passes() {
    let file = file();
    let records = |mut scanner: Scanner<Failing<'_>>| {
        let mut records = Vec::new();
        let mut errors = 0;
        scanner.set_width(4);
        loop {
            match scanner.read_record() {
                Ok(Some(record)) => {
                    let faults = record.faults().to_vec();
                    records.push((record.bytes().to_vec(), record.line(), record.end(), faults));
                }
                Ok(None) => return (records, errors),
                Err(_) => errors += 1,
            }
        }
    };
    let reader = |at, most| Failing::new(&file, at, most, ErrorKind::TimedOut);
    let (whole, _) = records(Scanner::new(reader(file.len(), 100)));
    for at in 0..=file.len() {
        for block in BLOCKS {
            let scanner = Scanner::with_read_size(reader(at, 7), block);
            assert_eq!(records(scanner), (whole.clone(), 1), "{at}");
        }
    }
}

/// A sink that panics ends the check on all threads; none of them waits forever.
#[test]
fn a_panic_of_the_sink_is_not_waited_out() {
    struct Panicking;
    impl Sink for Panicking {
        fn admit(
            &mut self,
            rule: &'static Rule,
            _: Variant,
            _: u64,
            _: Option<Cure<'_>>,
        ) -> Admission {
            assert_ne!(rule.name, "key/duplicate", "on purpose");
            Admission::Count
        }
        fn push(&mut self, _: Finding) {}
        fn fold(&mut self, _: Folded) {}
        fn is_closed(&self) -> bool {
            false
        }
    }
    let mut file = "Student Id,Last Name\n".to_owned();
    for number in (0..2000).chain(0..2000) {
        writeln!(file, "{number},Okafor").unwrap();
    }
    for threads in [1, 2, 5] {
        let outcome = ended(threads, || (file.as_bytes(), Panicking));
        assert!(outcome.is_err(), "{threads} threads");
    }
}

/// As above, whichever thread reads.
#[test]
fn a_panic_of_the_reader_is_not_waited_out() {
    struct Panicking<'a>(&'a [u8]);
    impl Read for Panicking<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!self.0.is_empty(), "on purpose");
            self.0.read(buffer)
        }
    }
    let mut file = "Student Id,Last Name\n".to_owned();
    for number in 0..2000 {
        writeln!(file, "{number},Okafor").unwrap();
    }
    // Chance decides which thread it is.
    for threads in [1, 2, 5].repeat(20) {
        let outcome = ended(threads, || (Panicking(file.as_bytes()), Vec::new()));
        assert!(outcome.is_err(), "{threads} threads");
    }
}

/// How a check in small blocks ends.
fn ended<R: Read + Send, S: Sink>(
    threads: usize,
    start: impl FnOnce() -> (R, S),
) -> thread::Result<Result<Summary, Error>> {
    let threads = NonZeroUsize::new(threads).unwrap();
    panic::catch_unwind(AssertUnwindSafe(|| {
        let (reader, mut sink) = start();
        let mut session = Session::new(&API).with_threads(threads).with_read_size(100);
        session.check("students.csv", reader, &mut sink)
    }))
}
