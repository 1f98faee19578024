"""Checks nightly-windows.md as far as possible without PowerShell and WinSCP.

windows.py BLOCKS PAGE WORK

A grammar parses the scripts. A check of the exit code must follow each program that they start. The command
lines of samegoal-lint run, with the slashes of this system.
"""

import pathlib
import re
import subprocess
import sys

import tree_sitter
import tree_sitter_powershell

blocks, page, work = (pathlib.Path(argument) for argument in sys.argv[1:])
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def faults(node):
    if node.type == "ERROR" or node.is_missing:
        yield f"{node.start_point.row + 1}: {node.text.decode()}"
    for child in node.children:
        yield from faults(child)


for path in sorted(blocks.iterdir()):
    found = list(faults(parser.parse(path.read_bytes()).root_node))
    assert not found, f"{path.name} does not parse: {found}"
broken = parser.parse(b"if ($LASTEXITCODE -ne 0 { exit 1 }").root_node
assert list(faults(broken)), "the grammar takes anything"

script = (blocks / "nightly.ps1").read_text(encoding="utf-8")
assert script.isascii(), "Windows PowerShell reads a script without a mark in an old code page"
lines = [line for line in script.replace("`\n", " ").splitlines() if line and not line.startswith("#")]
CHECK = "if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }"
started = [number for number, line in enumerate(lines) if line.startswith((".\\", "& "))]
assert len(started) == 4, started
for number in started:
    assert lines[number + 1] == CHECK, f"no line checks the exit code of: {lines[number]}"
assert lines[0] == "$ErrorActionPreference = 'Stop'"
assert re.search(r"Get-Date -Format 'yyyyMMdd-HHmmss'", script)

# The command lines of samegoal-lint, in order.
home = work / "windows"
(home / "export").mkdir(parents=True)
(home / "out").mkdir()
(home / "reports").mkdir()
fixture = pathlib.Path("fixtures/epochs/clean/20260105-020000")
for file in fixture.glob("*.csv"):
    (home / "export" / file.name).write_bytes(file.read_bytes())
EPOCH = "20260105-020000"
for number in started:
    line = lines[number]
    if not line.startswith(".\\samegoal-lint.exe "):
        continue
    line = line.replace(".\\samegoal-lint.exe", "samegoal-lint").replace("\\", "/").replace("$epoch", EPOCH)
    subprocess.run(["sh", "-c", line], cwd=home, check=True)
kept = sorted(path.name for path in (home / "reports").iterdir())
assert kept == [f"{EPOCH}.html", f"{EPOCH}.json", f"{EPOCH}.txt"], kept
assert (home / "out" / EPOCH / "COMPLETE").is_file()

# The batch and the line that starts WinSCP agree.
upload = next(line for line in lines if "WinSCP.com" in line)
batch = re.search(r"/script=(\S+)", upload)[1]
text = (home / batch).read_text(encoding="utf-8")
given = re.findall(r"'[^']*'|\S+", upload.split("/parameter // ")[1])
assert len(given) == len(set(re.findall(r"%\d%", text))) == 3, (given, text)
assert "option batch abort" in text.splitlines()
assert text.rstrip().splitlines()[-2].endswith('COMPLETE"'), "COMPLETE is not the last to be uploaded"

saved = re.search(r"Save this as `(C:[^`]*nightly\.ps1)`", page.read_text(encoding="utf-8"))[1]
assert f"-File {saved}`" in page.read_text(encoding="utf-8"), "the task starts another file"
assert f"Set-Location {saved.rsplit(chr(92), 1)[0]}" in lines, "the script works in another folder"
