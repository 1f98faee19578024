#!/usr/bin/env python3
"""Measures samegoal-lint beside other programs, and prints the tables of docs/benchmarks.md.

    benchmarks/compare.py                              everything, as docs/benchmarks.md has it
    benchmarks/compare.py --only students,dirty        some of the tables
    benchmarks/compare.py --students 100000 --runs 3   smaller, for a first look
    benchmarks/compare.py --write                      puts the tables into docs/benchmarks.md

Builds the program, makes the files with the example `generate_epoch` and installs the peers: those
from PyPI into a virtual environment, qsv with cargo (some minutes, once). All of it is under --dir.

Programs run in turns, one round after the other, so that what else the machine does meets all of
them; a ratio is the median of the ratios within each round. The first run of each is not timed: it
warms the page cache, and gives the peak memory. Times are of whole processes, start included.
"""

import argparse
import csv
import dataclasses
import json
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"
PAGE = ROOT / "docs" / "benchmarks.md"
QSV = "16.1.0"
FILES = ["students.csv", "guardians.csv", "absences.csv"]
BARE = "bare `csv` loop"
ONE = "samegoal-lint, one thread"
TWO = "samegoal-lint, two threads"
MIB = 1024 * 1024
STUDENTS = 1_000_000


# Running


@dataclasses.dataclass
class Program:
    """What is run in a row of a table."""

    name: str
    argv: list[str]
    # How it may end.
    statuses: tuple[int, ...] = (0,)
    # Whether it is left out after the first --slow-runs rounds.
    is_slow: bool = False
    # The most times as long as another row that it may take, as issue and page promise.
    goal: tuple[str, float] | None = None
    # The most memory that it may take, in MiB.
    memory_goal: float | None = None


@dataclasses.dataclass
class Result:
    seconds: list[float] = dataclasses.field(default_factory=list)
    # Without the start, where the program prints it.
    inner: list[float] = dataclasses.field(default_factory=list)
    peak: float = 0.0

    def median(self) -> float:
        return statistics.median(self.seconds)

    def ratio(self, other: "Result") -> float:
        return statistics.median(a / b for a, b in zip(self.seconds, other.seconds))


def run(program: Program, prefix: list[str] = []) -> tuple[float, str]:
    """Runs it once: how long it took, and what it printed."""
    with tempfile.TemporaryFile() as out:
        argv = prefix + program.argv
        # Reports go where they cost nothing; peers print a line that is read.
        discard = os.open(os.devnull, os.O_RDWR)
        target = out.fileno() if "peers" in " ".join(argv) else discard
        actions = [(os.POSIX_SPAWN_DUP2, target, 1), (os.POSIX_SPAWN_DUP2, discard, 0)]
        start = time.perf_counter()
        child = os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)
        _, status = os.waitpid(child, 0)
        taken = time.perf_counter() - start
        os.close(discard)
        out.seek(0)
        printed = out.read().decode(errors="replace")
    code = os.waitstatus_to_exitcode(status)
    if code not in program.statuses:
        raise SystemExit(f"{shlex.join(argv)}: exit status {code}, expected {program.statuses}\n{printed}")
    return taken, printed


def measure(programs: list[Program], options: argparse.Namespace, runs: int | None = None) -> dict[str, Result]:
    results = {program.name: Result() for program in programs}
    for program in programs:
        say(f"  {program.name}")
        with tempfile.NamedTemporaryFile("r") as peak:
            # Started by Python, a process would report Python's peak.
            run(program, ["/usr/bin/time", "--quiet", "--format=%M", f"--output={peak.name}"])
            results[program.name].peak = int(peak.read().split()[-1]) / 1024
    for turn in range(runs or options.runs):
        # Back and forth, so that none always runs after the same one.
        for program in programs if turn % 2 == 0 else reversed(programs):
            if program.is_slow and turn >= options.slow_runs:
                continue
            taken, printed = run(program)
            result = results[program.name]
            result.seconds.append(taken)
            if match := re.search(r'"seconds": ([\d.e-]+)', printed):
                result.inner.append(float(match[1]))
    return results


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# Tables


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.3f} s" if value < 10 else f"{value:.1f} s"


def times(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def comparison(programs: list[Program], results: dict[str, Result], size: int) -> str:
    """A row a program: how long, beside the bare loop and beside samegoal-lint."""
    rows = []
    for program in programs:
        result = results[program.name]
        ratio = times(result.ratio(results[BARE]))
        peak = f"{result.peak:.1f}"
        if program.goal:
            ratio += f" (≤ {program.goal[1]:g})"
        if program.memory_goal:
            peak += f" (≤ {program.memory_goal:.0f})"
        rows.append([
            program.name,
            seconds(result.median()),
            seconds(statistics.median(result.inner)) if result.inner else "",
            f"{size / result.median() / 1e6:,.0f}",
            ratio,
            times(result.ratio(results[TWO])),
            peak,
            str(len(result.seconds)),
        ])
    head = ["", "whole process", "without its start", "MB/s", f"times the {BARE}", f"times {TWO}", "peak MiB", "runs"]
    return table(head, rows)


# What is run


class Bench:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.dir = options.dir.resolve()
        self.dir.mkdir(parents=True, exist_ok=True)
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "release"
        self.lint = str(target / "samegoal-lint")
        self.bare = str(target / "examples" / "bare_csv")
        self.generator = str(target / "examples" / "generate_epoch")
        if not options.no_build:
            say("building")
            cargo("build", "--release", "--locked", "--quiet", "--bin=samegoal-lint",
                  "--example=bare_csv", "--example=generate_epoch", cwd=ROOT)
        self.python = ""
        self.qsv = ""
        if {"duckdb", "polars", "frictionless"} & options.peers:
            self.python = self.environment()
        if "qsv" in options.peers:
            self.qsv = options.qsv or shutil.which("qsvlite") or self.built_qsv()
        self.schemas()

    def environment(self) -> str:
        """A virtual environment with the peers from PyPI."""
        python = self.dir / "venv" / "bin" / "python"
        wanted = (PEERS.parent / "requirements.txt").read_text()
        installed = self.dir / "venv" / "requirements.txt"
        if not installed.exists() or installed.read_text() != wanted:
            say("installing the peers from PyPI")
            subprocess.run([sys.executable, "-m", "venv", self.dir / "venv"], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                            "-r", PEERS.parent / "requirements.txt"], check=True)
            installed.write_text(wanted)
        return str(python)

    def built_qsv(self) -> str:
        """qsv as it is on crates.io. Its command `json` needs a fork of a library that is not there,
        and is not needed here: the one call that only the fork has is removed."""
        binary = self.dir / "qsv" / "bin" / "qsvlite"
        if binary.exists():
            return str(binary)
        say("building qsv, which takes some minutes")
        cargo("info", "--quiet", f"qsv@{QSV}", cwd=self.dir)
        home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
        source = next(home.glob(f"registry/src/*/qsv-{QSV}"))
        copy = self.dir / "qsv" / "source"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy)
        command = copy / "src" / "cmd" / "json.rs"
        command.write_text(command.read_text().replace(".preserve_key_order(true)", ""))
        # The folder above is a workspace that does not list it.
        with open(copy / "Cargo.toml", "a") as manifest:
            manifest.write("\n[workspace]\n")
        cargo("install", "--path", str(copy), "--locked", "--features=lite", "--bin=qsvlite",
              "--quiet", "--target-dir", str(self.dir / "qsv" / "target"),
              "--root", str(self.dir / "qsv"), cwd=self.dir)
        return str(binary)

    def schemas(self) -> None:
        """The schemas for the peers, as the program prints them."""
        for notation in ["json-schema", "table-schema", "template"]:
            argv = [self.lint, "schema", "students.csv", "--format", notation]
            printed = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
            (self.dir / notation).write_text(printed)
        # An empty value is null to qsv, and a key has a keyword of its own.
        schema = json.loads((self.dir / "json-schema").read_text())
        for name, value in schema["properties"].items():
            if name not in schema["required"]:
                value["type"] = ["string", "null"]
                if "enum" in value:
                    value["enum"] = [one or None for one in value["enum"]]
        schema["uniqueCombinedWith"] = ["Student Id"]
        (self.dir / "qsv.json").write_text(json.dumps(schema))

    def make(self, name: str, students: int, *arguments: str) -> Path:
        """A directory that the generator fills."""
        path = self.dir / "files" / name
        if path.exists():
            shutil.rmtree(path)
        say(f"  {name}: {students:,} students")
        argv = [self.generator, f"--students={students}", *arguments, str(path)]
        subprocess.run(argv, check=True)
        return path

    def drop(self, *paths: Path) -> None:
        if not self.options.keep:
            for path in paths:
                shutil.rmtree(path)

    def linted(self, threads: int | None, *paths: Path) -> list[str]:
        count = [f"--threads={threads}"] if threads else []
        return [self.lint, "--no-config", "--format=json", *count, *map(str, paths)]

    def peer(self, name: str, *files: Path) -> Program | None:
        """A peer, if it is wanted."""
        if name not in self.options.peers:
            return None
        if name == "qsv":
            schema = str(self.dir / "qsv.json")
            argv = [self.qsv, "validate", "--quiet", str(files[0]), schema]
            return Program("qsv validate, JSON Schema, all cores", argv, is_slow=True)
        template = "table-schema" if name == "frictionless" else "template"
        argv = [self.python, str(PEERS / f"{name}_check.py"), str(self.dir / template), *map(str, files)]
        titles = {"duckdb": "DuckDB, SQL, all cores", "polars": "polars, streaming, all cores",
                  "frictionless": "frictionless"}
        return Program(titles[name], argv, is_slow=name == "frictionless")

    def peers(self, names: list[str], *files: Path) -> list[Program]:
        return [peer for name in names if (peer := self.peer(name, *files))]

    # The tables

    def finds(self) -> str:
        """Which planted faults each program finds: that they do the same work."""
        clean = self.make("finds", 1_000, "--only=students")
        with open(clean / "students.csv", "rb") as file:
            lines = file.read().splitlines()
        header = lines[0].decode().split(",")

        def with_value(column: str, value: bytes) -> list[bytes]:
            fields = next(csv.reader([lines[500].decode()]))
            encoded = [b'"' + field.encode() + b'"' for field in fields]
            encoded[header.index(column)] = value
            return [*lines[:500], b",".join(encoded), *lines[501:]]

        cases = {
            "nothing": lines,
            "a column's name": [lines[0].replace(b"Date of Birth", b"DOB"), *lines[1:]],
            "an empty required value": with_value("Last Name", b""),
            "an id of 21 characters": with_value("Student Id", b"1" * 21),
            "a value that is not allowed": with_value("Gender", b"X"),
            "a date in another form": with_value("Date of Birth", b"21.05.2012"),
            "a day that does not exist": with_value("Date of Birth", b"02/30/2012"),
            "a byte that is not UTF-8": with_value("City", b"Day\xffton"),
            "the same id twice": with_value("Student Id", lines[1].split(b",")[0]),
            "a field too many": [*lines[:500], lines[500] + b",x", *lines[501:]],
        }
        rows = []
        names: list[str] = []
        for case, content in cases.items():
            path = clean / "case.csv"
            path.write_bytes(b"\n".join(content) + b"\n")
            lint = Program("samegoal-lint", [*self.linted(1), "--fail-on=warning", "--as=students.csv", str(path)])
            programs = [lint, *self.peers(["duckdb", "polars", "qsv", "frictionless"], path)]
            names = [program.name.split(",")[0] for program in programs]
            found = []
            for program in programs:
                found.append(subprocess.run(program.argv, capture_output=True).returncode)
            if case == "nothing" and any(found):
                raise SystemExit(f"a clean file is not clean: {dict(zip(names, found))}")
            rows.append([case, *("found" if code else "–" for code in found)])
        self.drop(clean)
        return table(["planted", *names], rows)

    def students(self) -> str:
        count = self.options.students
        path = self.make("students", count, "--only=students")
        file = path / "students.csv"
        programs = [
            Program(BARE, [self.bare, str(file)]),
            Program(ONE, self.linted(1, file), goal=(BARE, 1.1), memory_goal=8 + count * 40 / MIB + 4),
            Program(TWO, self.linted(2, file), goal=(BARE, 0.65), memory_goal=8 + count * 40 / MIB + 8),
            *self.peers(["duckdb", "polars", "qsv", "frictionless"], file),
        ]
        results = measure(programs, self.options)
        size = file.stat().st_size
        self.drop(path)
        return f"{count:,} students, {size / 1e6:.1f} MB.\n\n" + comparison(programs, results, size)

    def related(self, name: str, order: str, one: float, two: float | None) -> str:
        count = self.options.students
        path = self.make(name, count, f"--order={order}")
        files = [path / file for file in FILES]
        memory = 8 + count * 40 / MIB
        programs = [
            Program(BARE, [self.bare, *map(str, files)]),
            Program(ONE, self.linted(1, path), goal=(BARE, one), memory_goal=memory + 4),
            Program(TWO, self.linted(2, path), goal=(BARE, two) if two else None, memory_goal=memory + 8),
            *self.peers(["duckdb", "polars"], *files),
        ]
        results = measure(programs, self.options)
        size = sum(file.stat().st_size for file in files)
        self.drop(path)
        sizes = f"{count:,} students, {2 * count:,} guardians, {10 * count:,} absences, {size / 1e6:.1f} MB.\n\n"
        return sizes + comparison(programs, results, size)

    def epoch(self) -> str:
        return self.related("epoch", "students", 1.1, 0.7)

    def random(self) -> str:
        return self.related("random", "random", 2.0, None)

    def previous(self) -> str:
        """An epoch beside the one before it, which is read first."""
        count = self.options.students
        # Other records with the same ids, so that every student is compared.
        before = self.make("20260104-020000", count, "--quoted=0")
        path = self.make("20260105-020000", count)
        memory = 8 + count * 40 / MIB
        programs = []
        for title, threads in [("one thread", 1), ("two threads", 2)]:
            argv = self.linted(threads, path)
            programs.append(Program(f"alone, {title}", argv, memory_goal=memory + 4 * threads))
            goal = memory + 4 * threads + count * 24 / MIB
            argv = [*argv, "--fail-on=never", f"--previous={before}"]
            programs.append(Program(f"with `--previous`, {title}", argv, memory_goal=goal))
        results = measure(programs, self.options)
        rows = []
        for program in programs:
            result = results[program.name]
            alone = results[program.name.replace("with `--previous`", "alone")]
            ratio = "" if result is alone else times(result.ratio(alone))
            rows.append([program.name, seconds(result.median()), ratio,
                         f"{result.peak:.1f} (≤ {program.memory_goal:.0f})"])
        self.drop(before, path)
        head = ["", "whole process", "times the epoch alone", "peak MiB"]
        sizes = f"{count:,} students, {2 * count:,} guardians, {10 * count:,} absences in each epoch.\n\n"
        return sizes + table(head, rows)

    def dirty(self) -> str:
        count = self.options.students
        clean = self.make("clean", count, "--only=students")
        dirty = self.make("dirty", count, "--only=students", "--faults")
        programs = []
        for title, threads in [("one thread", 1), ("two threads", 2)]:
            for state, path, code in [("clean", clean, 0), ("dirty", dirty, 1)]:
                argv = self.linted(threads, path / "students.csv")
                programs.append(Program(f"{state}, {title}", argv, (code,)))
        results = measure(programs, self.options)
        rows = []
        for program in programs:
            result = results[program.name]
            beside = results[program.name.replace("dirty", "clean")]
            ratio = "" if result is beside else f"{times(result.ratio(beside))} (≤ 2)"
            rows.append([program.name, seconds(result.median()), ratio, f"{result.peak:.1f}"])
        self.drop(clean, dirty)
        head = ["", "whole process", "times the clean file", "peak MiB"]
        return f"{count:,} students, a fault in every record.\n\n" + table(head, rows)

    def linear(self) -> str:
        counts = [self.options.students // 10, self.options.students, self.options.students * 5]
        rows = []
        for title, arguments in [("LF", ["--quoted=0"]), ("CRLF", ["--quoted=0", "--crlf"]),
                                 ("LF, every field quoted", ["--quote-all"]),
                                 ("CRLF, every field quoted", ["--quote-all", "--crlf"])]:
            paths = [self.make(f"linear-{count}", count, "--only=students", *arguments) for count in counts]
            sizes = [(path / "students.csv").stat().st_size for path in paths]
            for threads in [1, 2]:
                programs = [Program(f"{count}", self.linted(threads, path / "students.csv"))
                            for count, path in zip(counts, paths)]
                results = list(measure(programs, self.options).values())
                grown = [10 * results[i + 1].ratio(results[i]) * sizes[i] / sizes[i + 1] for i in range(2)]
                rows.append([f"{title}; {threads} thread{'s' * (threads > 1)}",
                             *(seconds(result.median()) for result in results),
                             *(f"{ratio:.1f} (≤ 10.5)" for ratio in grown),
                             f"{results[-1].peak:.1f} (≤ {8 + counts[-1] * 40 / MIB + 4 * threads:.0f})"])
            self.drop(*paths)
        head = ["", *(f"{count:,} students" for count in counts), "10 times the bytes, first step",
                "second step", "peak MiB of the largest"]
        return table(head, rows)

    def small(self) -> str:
        path = self.make("20260105-020000", 500)
        files = [path / file for file in FILES]
        programs = [
            Program(BARE, [self.bare, *map(str, files)]),
            Program("samegoal-lint", self.linted(None, path)),
            *self.peers(["duckdb", "polars"], *files),
            *self.peers(["qsv", "frictionless"], files[0]),
        ]
        results = measure(programs, self.options, runs=10 * self.options.runs)
        self.drop(path)
        rows = []
        for program in programs:
            result = results[program.name]
            goals = ("", "")
            if program.name == "samegoal-lint":
                goals = (" (≤ 5 ms)", " (≤ 8)")
            only = ", students.csv only" if program.argv[-1] in (str(files[0]), str(self.dir / "qsv.json")) else ""
            rows.append([program.name + only, seconds(result.median()) + goals[0], f"{result.peak:.1f}{goals[1]}"])
        return "500 students, 1,000 guardians, 5,000 absences.\n\n" + table(["", "whole process", "peak MiB"], rows)

    def size(self) -> str:
        size = Path(self.lint).stat().st_size / MIB
        return f"The release binary, stripped: {size:.2f} MiB (≤ 6).\n"

    def machine(self) -> str:
        """What it was measured on, and with what."""
        model = first(Path("/proc/cpuinfo"), r"model name\s*: (.*)") or platform.processor()
        memory = int(first(Path("/proc/meminfo"), r"MemTotal:\s*(\d+)") or 0) / MIB
        commit = output("git", "-C", str(ROOT), "describe", "--always", "--dirty")
        versions = [output(self.lint, "--version") + f" ({commit})", output("rustc", "--version").split(" (")[0]]
        if self.python:
            code = "import duckdb, frictionless, polars; print(f'DuckDB {duckdb.__version__}, polars {polars.__version__}, frictionless {frictionless.__version__}')"
            versions += [f"Python {platform.python_version()}", output(self.python, "-c", code)]
        if self.qsv:
            versions.append(output(self.qsv, "--version").split("-", 1)[0].replace("qsvlite", "qsv"))
        reduced = "" if self.options.students == STUDENTS else (
            f"**A reduced run: {self.options.students:,} students in place of {STUDENTS:,}.** ")
        return (f"{reduced}{time.strftime('%Y-%m-%d')}; {model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux "
                f"{platform.release().split('-')[0]}, page cache warm; {', '.join(versions)}.\n")


def first(path: Path, pattern: str) -> str | None:
    match = re.search(pattern, path.read_text())
    return match and match[1]


def output(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


def cargo(*arguments: str, cwd: Path) -> None:
    subprocess.run(["cargo", *arguments], check=True, cwd=cwd, stdout=subprocess.DEVNULL)


TABLES = ["machine", "finds", "students", "epoch", "random", "previous", "dirty", "linear", "small", "size"]


def page_with(page: str, name: str, text: str) -> str:
    """The page with what stands between the markers of one table replaced."""
    start, end = f"<!-- table: {name} -->\n", "<!-- end -->"
    if start not in page:
        raise SystemExit(f"{PAGE} has no marker for the table {name}")
    before, _, rest = page.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n{text}\n{end}{after}"


def names(text: str, known: list[str]) -> Iterator[str]:
    for name in text.split(",") if text else []:
        if name not in known:
            raise argparse.ArgumentTypeError(f"there is no {name}; there are {', '.join(known)}")
        yield name


def main() -> None:
    peers = ["duckdb", "polars", "qsv", "frictionless"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=lambda text: list(names(text, TABLES)), default=TABLES,
                        metavar="TABLES", help=f"which tables: {', '.join(TABLES)}")
    parser.add_argument("--peers", type=lambda text: set(names(text, peers)), default=set(peers),
                        metavar="PEERS", help=f"beside whom: {', '.join(peers)}; none if empty")
    parser.add_argument("--students", type=int, default=STUDENTS, help="how many (%(default)s)")
    parser.add_argument("--runs", type=int, default=9, help="rounds (%(default)s)")
    parser.add_argument("--slow-runs", type=int, default=5,
                        help="rounds with qsv and frictionless in them (%(default)s)")
    parser.add_argument("--dir", type=Path, default=ROOT / "target" / "benchmarks",
                        help="where files and peers are put (target/benchmarks)")
    parser.add_argument("--qsv", metavar="BINARY", help="an existing qsvlite")
    parser.add_argument("--no-build", action="store_true", help="use the binaries as they are (cargo bench leaves its own there)")
    parser.add_argument("--keep", action="store_true", help="keep the generated files")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    if not Path("/usr/bin/time").exists():
        raise SystemExit("GNU time is needed: apt-get install time")
    bench = Bench(options)
    for name in options.only:
        say(name)
        text = getattr(bench, name)()
        print(f"## {name}\n\n{text}", flush=True)
        # At once, so that an early end loses nothing.
        if options.write:
            PAGE.write_text(page_with(PAGE.read_text(), name, text))


if __name__ == "__main__":
    main()
