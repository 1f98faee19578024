//! How fast the parts are: `cargo bench`, or `cargo bench -- scan` for some of them.
//!
//! Whole runs beside other programs are in `benchmarks/`; `docs/benchmarks.md` has what came of
//! them.

use criterion::Criterion;

mod check;
#[path = "../../examples/generate_epoch/epoch.rs"]
mod epoch;
mod files;
mod render;
mod scan;

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    scan::benches(&mut criterion);
    check::benches(&mut criterion);
    render::benches(&mut criterion);
    criterion.final_summary();
}
