"""Runs the pipelines of ci.md, and action.yml, step by step as their services would.

pipelines.py REPOSITORY BLOCKS WORK

A small stand-in for each service starts the shell commands of a pipeline in the shell and with the options
of that service, and looks whether the files are there that the pipeline then hands over. What services do
with those files is not looked at. The YAML files are held against their schemas as well.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

import tree_sitter
import tree_sitter_groovy
import yaml

repository, blocks, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
clean = repository / "fixtures/epochs/clean/20260105-020000"
FAULTY = "1001,,,,,\n"
passed = 0


def check(holds, what):
    global passed
    assert holds, what
    passed += 1


## Schemas

SCHEMAS = [
    (repository / "action.yml", "github-actions", []),
    (blocks / "samegoal.yml", "github-workflows", []),
    (blocks / "scan.yml", "github-workflows", []),
    (blocks / ".gitlab-ci.yml", "gitlab-ci", ["--data-transform", "gitlab-ci"]),
    (blocks / "azure-pipelines.yml", "azure-pipelines", ["--data-transform", "azure-pipelines"]),
]
for path, name, options in SCHEMAS:
    # The schemas escape more than the stricter dialect of patterns allows.
    command = ["check-jsonschema", "--builtin-schema", f"vendor.{name}", "--regex-variant", "nonunicode", *options]
    command = [work / "venv/bin" / command[0], *command[1:]]
    found = subprocess.run([*command, path], capture_output=True, text=True)
    check(found.returncode == 0, found.stdout + found.stderr)
    broken = work / "broken.yml"
    broken.write_text("runs: [1]\non: 7\njobs: no\nscript: {}\nsteps: 1\nsamegoal: 3\n", encoding="utf-8")
    found = subprocess.run([*command, broken], capture_output=True, text=True)
    check(found.returncode == 1, f"the schema {name} takes anything")


## A workspace

EXPORT = """#!/bin/sh
set -eu
case $(cat kind) in
faulty) cp clean/*.csv "$1"; printf '%s' '{fault}' >> "$1/students.csv" ;;
failing) cp clean/*.csv "$1"; exit 7 ;;
*) cp clean/*.csv "$1" ;;
esac
""".replace("{fault}", FAULTY)


def workspace(name):
    place = work / "pipelines" / name
    (place / "clean").mkdir(parents=True)
    for file in clean.glob("*.csv"):
        shutil.copy(file, place / "clean")
    script = place / "export-from-sis"
    script.write_text(EXPORT, encoding="utf-8")
    script.chmod(0o755)
    return place


def epochs(out):
    found = [path for path in out.glob("*") if re.fullmatch(r"\d{8}-\d{6}", path.name)] if out.is_dir() else []
    assert all((path / "COMPLETE").is_file() for path in found)
    return found


ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")} | {"CI": "true"}


def shell(command, script, place, environment=ENVIRONMENT):
    return subprocess.run([*command, script], cwd=place, env=environment, capture_output=True, text=True)


def junit_failures(path):
    return int(xml.etree.ElementTree.parse(path).getroot().get("failures"))


def hold(name, run):
    """Three nights in one workspace: one that goes well, one with errors, one whose export fails."""
    place = workspace(name)
    for kind, status, made in [("clean", 0, 1), ("faulty", 1, 0), ("failing", 7, 0), ("clean", 0, 1)]:
        (place / "kind").write_text(kind, encoding="utf-8")
        found, kept = run(place)
        check(found == status, f"{name}, {kind}: {found}, not {status}")
        check(len(epochs(place / "out")) == made, f"{name}, {kind}: another number of epochs")
        if kind == "failing":
            continue
        for path in kept:
            check((place / path).stat().st_size > 0, f"{name}, {kind}: no {path}")
            text = (place / path).read_text(encoding="utf-8")
            if path == "junit.xml":
                check((junit_failures(place / path) > 0) == (kind == "faulty"), f"{name}, {kind}: {path}")
            elif path.startswith("gl-"):
                check(bool(json.loads(text)) == (kind == "faulty"), f"{name}, {kind}: {path}")
            else:
                check(("value/required-empty" in text or "csv/" in text) or kind == "clean", f"{name}, {kind}: {path}")


## GitHub


class Runner:
    """A stand-in for the part of a runner that our workflows and our action use."""

    def __init__(self, place):
        self.place = place
        self.temp = place / "runner temp"
        self.temp.mkdir(exist_ok=True)
        self.cache_hit = "false"
        self.used = []
        self.failed = False
        self.status = 0
        self.outputs = {}
        self.told = ""
        self.summary = place / "summary.md"

    def value(self, text, inputs):
        def look_up(name):
            parts = name.split(".")
            if parts[0] == "inputs":
                return inputs[parts[1]]
            if parts[:1] == ["steps"] and parts[2] == "outputs":
                return self.outputs[parts[1]][parts[3]]
            return {"runner.temp": str(self.temp), "runner.os": "Linux", "runner.arch": "X64"}[name]

        return re.sub(r"\$\{\{ *([a-z][\w.-]*) *\}\}", lambda match: look_up(match[1]), text)

    def holds(self, condition, inputs):
        if condition is None:
            return not self.failed
        condition = re.sub(r"^\$\{\{ *(.*?) *\}\}$", r"\1", condition)
        parts = [part.strip() for part in condition.split("&&")]
        result = "cancelled()" in condition or not self.failed
        for part in parts:
            if part == "!cancelled()":
                continue
            name, sign, wanted = re.fullmatch(r"([\w.-]+) (==|!=) '([^']*)'", part).groups()
            result &= (self.value("${{ %s }}" % name, inputs) == wanted) == (sign == "==")
        return result

    def run(self, steps, inputs, action=None):
        for step in steps:
            if not self.holds(step.get("if"), inputs):
                continue
            given = {name: self.value(str(value), inputs) for name, value in step.get("with", {}).items()}
            if "run" in step:
                assert "${{" not in step["run"], "an input in a script is a script"
                output = self.place / "output"
                output.write_text("", encoding="utf-8")
                environment = ENVIRONMENT | {
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_OUTPUT": str(output),
                    "GITHUB_STEP_SUMMARY": str(self.summary),
                    "GITHUB_ACTION_PATH": str(action or ""),
                    "RUNNER_TEMP": str(self.temp),
                }
                environment |= {name: self.value(str(value), inputs) for name, value in step.get("env", {}).items()}
                script = self.place / "step.sh"
                script.write_text(step["run"], encoding="utf-8")
                # `shell: bash` takes pipefail, and a step without a shell does not.
                options = ["--noprofile", "--norc", "-eo", "pipefail"] if step.get("shell") == "bash" else ["-e"]
                found = shell(["bash", *options], script, self.place, environment)
                self.told += found.stdout + found.stderr
                if found.returncode != 0:
                    self.failed = True
                    self.status = self.status or found.returncode
                written = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
                self.outputs[step.get("id")] = written
            elif step["uses"].startswith("samegoal-lint/samegoal-lint@"):
                self.act(given)
            else:
                self.used.append((step["uses"], given))
                if step["uses"].startswith("actions/cache@"):
                    self.outputs[step["id"]] = {"cache-hit": self.cache_hit}
                    self.cache_path = given["path"]

    def act(self, given):
        action = yaml.safe_load((repository / "action.yml").read_text(encoding="utf-8"))
        declared = {name: str(spec.get("default", "")) for name, spec in action["inputs"].items()}
        assert given.keys() <= declared.keys(), given.keys() - declared.keys()
        # As GitHub writes a YAML boolean.
        given = {name: {"True": "true", "False": "false"}.get(value, value) for name, value in given.items()}
        inputs = declared | given
        self.run(action["runs"]["steps"], inputs, repository)
        return self.value(action["outputs"]["sarif"]["value"], inputs)


def workflow(name):
    jobs = yaml.safe_load((blocks / name).read_text(encoding="utf-8"))["jobs"]
    (job,) = jobs.values()
    return job["steps"]


def github(place):
    runner = Runner(place)
    # Built by the first run, and in the cache from then on.
    built = pathlib.Path(place / "runner temp/samegoal-lint/bin/samegoal-lint")
    runner.cache_hit = "true" if built.exists() else "false"
    runner.run(workflow("samegoal.yml"), {})
    check(built.is_file(), runner.told)
    if runner.status == 7:
        return runner.status, []
    check(runner.cache_path == str(built.parent.parent), "the cache holds something else")
    kept = [given["path"] for uses, given in runner.used if uses.startswith("actions/upload-artifact@")]
    check(kept == ["report.html"], "an artifact of other things")
    check(not any("upload-sarif" in uses for uses, _ in runner.used), "code scanning was not asked for")
    if runner.status == 1:
        check("::error file=export/students.csv" in runner.told, "no annotations")
        check("export/students.csv" in runner.summary.read_text(encoding="utf-8"), "no summary")
    return runner.status, [*kept, "samegoal-lint.sarif"]


def prepare(place):
    # The build is looked at once.
    shutil.copytree(work / "pipelines/github/runner temp", place / "runner temp", dirs_exist_ok=True)


print("GitHub Actions")
hold("github", github)

place = workspace("scan")
prepare(place)
for name in ["20260105-020000", "20260106-020000"]:
    shutil.copytree(clean, place / "testdata" / name)
for status in (0, 1):
    runner = Runner(place)
    runner.cache_hit = "true"
    runner.run(workflow("scan.yml"), {})
    check(runner.status == status, f"test data: {runner.status}\n{runner.told}")
    uploads = [given for uses, given in runner.used if uses.startswith("github/codeql-action/upload-sarif@")]
    check([given["sarif_file"] for given in uploads] == ["samegoal-lint.sarif"], "no code scanning")
    log = json.loads((place / "samegoal-lint.sarif").read_text(encoding="utf-8"))
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]
    ]
    check(bool(places) == bool(status), places)
    check(all(path.startswith("testdata/20260106-020000/") for path in places), places)
    with open(place / "testdata/20260106-020000/students.csv", "a", encoding="utf-8") as file:
        file.write(FAULTY)

# Whoever chooses an input chooses no command.
for hostile in ["$(touch caught)", "`touch caught`", '"; touch caught; "', "a; touch caught", "a\n$(touch caught)"]:
    for name in ("path", "args", "sarif"):
        runner = Runner(place)
        runner.cache_hit = "true"
        runner.act({"path": "testdata/20260105-020000"} | {name: hostile})
        check(not (place / "caught").exists(), f"{name} is run: {hostile}")
        # The name of a report may be any; no such file or argument is there.
        check(runner.status == (0 if name == "sarif" else 2), f"{name}: {runner.status}: {hostile}")
runner = Runner(place)
runner.cache_hit = "true"
(place / "-- two  words").mkdir()
shutil.copy(clean / "students.csv", place / "-- two  words/students.csv")
runner.act({"path": "-- two  words/students.csv", "args": "\n--quiet\n\n"})
check(runner.status == 0, runner.told)

# The step that the README shows.
place = workspace("readme")
prepare(place)
shutil.copytree(place / "clean", place / "export")
(place / "out").mkdir()
shown = subprocess.run([repository / ".ci/block", repository / "README.md", "step"], capture_output=True, check=True)
runner = Runner(place)
runner.cache_hit = "true"
runner.run(yaml.safe_load(shown.stdout), {})
check(runner.status == 0 and len(epochs(place / "out")) == 1, runner.told)


## GitLab


def gitlab(place):
    (job,) = yaml.safe_load((blocks / ".gitlab-ci.yml").read_text(encoding="utf-8")).values()
    found = shell(["bash", "-eo", "pipefail", "-c"], "\n".join(job["script"]), place)
    artifacts = job["artifacts"]
    return found.returncode, [*artifacts["paths"], *artifacts["reports"].values()]


print("GitLab")
hold("gitlab", gitlab)


## Azure


def azure(place):
    status, kept = 0, []
    for step in yaml.safe_load((blocks / "azure-pipelines.yml").read_text(encoding="utf-8"))["steps"]:
        assert step.get("condition", "succeededOrFailed()") == "succeededOrFailed()"
        if "script" in step:
            if status == 0:
                status = shell(["bash", "--noprofile", "--norc", "-c"], step["script"], place).returncode
        else:
            assert "condition" in step, "the report of a bad night is not kept"
            kept.append(step.get("publish") or step["inputs"]["testResultsFiles"])
    return status, kept


print("Azure Pipelines")
hold("azure", azure)


## Jenkins

source = (blocks / "Jenkinsfile").read_bytes()
tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language())).parse(source)
check(not tree.root_node.has_error, "the Jenkinsfile does not parse")
broken = tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language())).parse(source[:-2])
check(broken.root_node.has_error, "the grammar takes anything")


def calls(node, name):
    """The arguments of every `name '…'`, in order."""
    if node.type == "juxt_function_call" and node.child_by_field_name("name").text.decode() == name:
        yield node.child_by_field_name("args").text.decode()
    for child in node.children:
        yield from calls(child, name)


def jenkins(place):
    status = 0
    for argument in calls(tree.root_node, "sh"):
        script = re.fullmatch(r"'([^'\\]*)'", argument)[1]
        status = status or shell(["sh", "-xe", "-c"], script, place).returncode
    kept = [re.match(r"testResults: '([^']*)', allowEmptyResults: true", text)[1] for text in calls(tree.root_node, "junit")]
    kept += [
        re.match(r"artifacts: '([^']*)', allowEmptyArchive: true", text)[1]
        for text in calls(tree.root_node, "archiveArtifacts")
    ]
    check(sorted(kept) == ["junit.xml", "report.html"], kept)
    return status, kept


print("Jenkins")
hold("jenkins", jenkins)


## Fifty districts

print("fifty districts")
place = work / "pipelines/districts"
(place / "none").mkdir(parents=True)
script = (blocks / "lint-districts.sh").read_text(encoding="utf-8")
found = shell(["sh", "-c"], script, place / "none")
check(found.returncode == 2 and not (place / "none/districts").exists(), "no districts are no error")
names = [f"{43786 + 27 * number:06}" for number in range(50)]
for name in names:
    export = place / "districts" / name / "export"
    export.mkdir(parents=True)
    for file in clean.glob("*.csv"):
        shutil.copy(file, export)
faulty, absent, misset = names[3], names[20], names[49]
with open(place / "districts" / faulty / "export/students.csv", "a", encoding="utf-8") as file:
    file.write(FAULTY)
shutil.rmtree(place / "districts" / absent / "export")
configuration = place / "districts" / misset / "samegoal-lint.toml"
configuration.write_text('expected-files = ["users.csv"]\n', encoding="utf-8")
found = shell(["sh", "-c"], script, place)
check(found.returncode == 1, found.stdout + found.stderr)
told = found.stdout.splitlines()
check(told[-1] == "47 districts staged, 3 not", told)
check(f"{faulty}: errors, see reports/{faulty}.html" in told, told)
check(f"{absent}: could not run" in told, told)
check(f"{misset}: errors, see reports/{misset}.html" in told, "the configuration of a district does not count")
suites = set()
for name in names:
    check(len(epochs(place / "districts" / name / "out")) == (name not in (faulty, absent, misset)), name)
    if name == absent:
        continue
    check((place / f"reports/{name}.html").stat().st_size > 0, name)
    failures = junit_failures(place / f"reports/{name}.xml")
    check((failures > 0) == (name in (faulty, misset)), name)
    own = {suite.get("name") for suite in xml.etree.ElementTree.parse(place / f"reports/{name}.xml").iter("testsuite")}
    check(not own & suites and all(name in suite for suite in own), f"{name}: {own}")
    suites |= own

print(f"{passed} passed, 0 failed")
