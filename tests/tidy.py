#!/usr/bin/env python3
"""House rules that no compiler knows. Prints file:line: rule and fails if there is any.

tidy.py ROOT         checks the tree
tidy.py --self-test  shows each rule red on a sample, and quiet on its innocent sister
"""

import re
import sys
import tempfile
from pathlib import Path

LINES_MAX = 400
SOURCE_FOLDERS = ("store", "radius", "api", "daemon", "nas", "cli", "bench", "tests", "cmake", "etc", "systemd", "docs", "debian")
SKIPPED_FOLDERS = {"build", ".git", "__pycache__", "data", "corpus"}
CODE = {".cpp", ".hpp", ".def"}
TEXT = CODE | {".lua", ".py", ".cmake", ".txt", ".toml", ".service", ".md", ".sh"}

GUIDES = ("ARCHITECTURE.md", "CONTRIBUTING.md")
NAMED_FILE = re.compile(r"`([\w./-]+\.(?:cpp|hpp|def|lua|py|md|toml|txt|json))`")

# Tables of reasons, and the page that explains each of them.
REASONS = (
    ("radius/drops.def", "docs/troubleshooting.md"),
    ("radius/rejects.def", "docs/troubleshooting.md"),
    ("radius/outcomes.def", "docs/nas.md"),
    ("store/violations.def", "docs/ledger.md"),
)

# What each folder may include.
LAYERS = {
    "store": {"store"},
    "radius": {"store", "radius"},
    "api": {"store", "api"},
    "daemon": {"store", "radius", "api", "daemon"},
    "nas": {"nas"},
    "cli": {"cli", "nas"},
    "bench": {"bench", "nas"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z_]+)/')
RAW_ATTRIBUTE = re.compile(
    r"\b(?:type|attribute|vendor_type)\w*\s*[!=]=\s*(?:0x)?\d"  # type == 80
    r"|(?:find|find_all|get|add|append)\w*\(\s*\d+\s*[,)]"  # packet.find(80)
    r"|\bcase\s+\d+\s*:"
)
LITERAL_KEY = re.compile(r"redis\.p?call\s*\(\s*['\"][A-Z]+['\"]\s*,\s*['\"]")
DETACHED = re.compile(r"\bdetached\b")
LEFTOVER = re.compile(r"\b(?:FIX" r"ME|TO" r"DO|XX" r"X|HA" r"CK)\b")
USING_STD = re.compile(r"\busing\s+namespace\s+std\s*;")
COMMENTED_CODE = re.compile(
    r"^\s*//+\s*(?:"
    r"(?:return|co_return|co_await|break|continue|delete|throw)\b[^.]*;"
    r"|(?:if|for|while|switch)\s*\(.*\)\s*\{?"
    r"|[{}]+;?"
    r"|#\s*(?:include|define|if|endif)\b.*"
    r"|(?:[\w:<>,&*]+\s+)?[\w.:>-]+\s*(?:\([^)]*\)|\[[^\]]*\])*\s*(?:=[^=].*|\(.*\))?;"
    r")\s*$"
)


def folder_of(path):
    return path.parts[0] if len(path.parts) > 1 else ""


def comment_start(line):
    return line.find("//")


def code_of(line):
    """The line without its // comment, near enough: a // inside a string ends it too."""
    start = comment_start(line)
    return line if start < 0 else line[:start]


def layering(path, line):
    included = INCLUDE.match(line)
    allowed = LAYERS.get(folder_of(path))
    if included and allowed and included[1] in LAYERS and included[1] not in allowed:
        return f"{folder_of(path)} may not include {included[1]}"


def key_names(path, line):
    if folder_of(path) in LAYERS and path != Path("store/keys.hpp") and re.search(r"['\"]\{?hg:", line):
        return "Redis key names are built in store/keys.hpp only"


def lua_keys(path, line):
    if path.suffix == ".lua" and LITERAL_KEY.search(line):
        return "a script gets its keys by KEYS"


def raw_attributes(path, line):
    if folder_of(path) == "radius" and path.suffix in {".cpp", ".hpp"} and RAW_ATTRIBUTE.search(code_of(line)):
        return "attribute numbers live in radius/dictionary.def only"


def leftovers(path, line):
    if LEFTOVER.search(line):
        return "finish it or open an issue"


def detached(path, line):
    if path.suffix in CODE and DETACHED.search(code_of(line)):
        return "nothing is spawned detached: its completion handler looks at the exception"


def using_namespace_std(path, line):
    if path.suffix in CODE and USING_STD.search(line):
        return "no using namespace std"


def commented_code(path, line):
    if path.suffix in {".cpp", ".hpp"} and COMMENTED_CODE.match(line):
        return "no commented-out code"


def whitespace(path, line):
    if "\t" in line:
        return "no tabs"
    if line != line.rstrip():
        return "no trailing spaces"


LINE_RULES = (layering, key_names, lua_keys, raw_attributes, leftovers, detached, using_namespace_std,
              commented_code, whitespace)


def findings(path, text):
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for rule in LINE_RULES:
            finding = rule(path, line)
            if finding:
                yield number, finding
    if path.suffix in CODE | {".lua", ".py"} and len(lines) - 1 > LINES_MAX:
        yield len(lines) - 1, f"over {LINES_MAX} lines: look for the second idea"


def missing_files(root, path):
    """What the text names in backquotes, as a path or by its name alone, and is not there."""
    names = {file.name for folder in SOURCE_FOLDERS for file in (root / folder).rglob("*")}
    for number, line in enumerate((root / path).read_text(encoding="utf-8").split("\n"), 1):
        for name in NAMED_FILE.findall(line):
            is_there = (root / name).is_file() if "/" in name else name in names or (root / name).is_file()
            if not is_there and not name.startswith("build/"):
                yield number, f"there is no file {name}"


def unexplained_reasons(root):
    """The reasons for silence and refusal, and the outcomes, that the page for the operator does not name."""
    for path, page in REASONS:
        told = (root / page).read_text(encoding="utf-8")
        for number, line in enumerate((root / path).read_text(encoding="utf-8").split("\n"), 1):
            reason = re.match(r"(?:DROP|REJECT|OUTCOME|VIOLATION)\((\w+)", line)
            if reason and f"`{reason[1]}`" not in told:
                yield path, number, f"{page} says nothing of {reason[1]}"


def files_of(root):
    for folder in SOURCE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.is_file() and path.suffix in TEXT and not SKIPPED_FOLDERS.intersection(relative.parts):
                yield relative
    yield from (path.relative_to(root) for path in sorted(root.glob("*")) if path.is_file() and path.suffix in TEXT)


def check(root):
    count = 0
    for path in files_of(root):
        for number, finding in findings(path, (root / path).read_text(encoding="utf-8")):
            print(f"{path}:{number}: {finding}")
            count += 1
    for path in GUIDES:
        for number, finding in missing_files(root, path):
            print(f"{path}:{number}: {finding}")
            count += 1
    for path, number, finding in unexplained_reasons(root):
        print(f"{path}:{number}: {finding}")
        count += 1
    return count


# (file, a text that breaks a rule, its innocent sister)
SAMPLES = (
    ("radius/a.cpp", '#include "api/server.hpp"', '#include "store/store.hpp"'),
    ("store/a.cpp", '#include "radius/packet.hpp"', '#include "store/keys.hpp"'),
    ("cli/a.cpp", '#include "store/store.hpp"', '#include "cli/table.hpp"'),
    ("nas/a.cpp", '#include "radius/packet.hpp"', '#include "nas/packet.hpp"'),
    ("store/users.cpp", 'const auto key = "hg:name:" + name;', "const auto key = keys::name(name);"),
    ("store/scripts/a.lua", "redis.call('HGET', 'balance', 'x')", "redis.call('HGET', KEYS[1], 'x')"),
    ("radius/a.cpp", "if (attribute.type == 80) {", "if (attribute.type == attr::message_authenticator) {"),
    ("radius/a.cpp", "packet.find(44);", "packet.find(attr::acct_session_id);"),
    ("radius/a.cpp", "    case 26:", "    case Code::access_accept:"),
    ("api/a.cpp", "// TO" "DO later", "// It is done."),
    ("daemon/a.cpp", "co_spawn(loop, f(), asio::detached);", "// Nothing is detached."),
    ("daemon/a.cpp", "using namespace std;", "using namespace std::chrono_literals;"),
    ("daemon/a.cpp", "// server.start();", "// The server starts first; the API follows it;"),
    ("daemon/a.cpp", "    // return nullptr;", "    // Returns what it found."),
    ("daemon/a.cpp", "// if (ready) {", "// If ready (and only then), it answers."),
    ("daemon/a.cpp", "int a; ", "int a;"),
    ("daemon/a.cpp", "\tint a;", "    int a;"),
    ("daemon/a.cpp", "int a;\n" * (LINES_MAX + 1), "int a;\n" * LINES_MAX),
)


def self_test():
    failures = 0
    for name, guilty, innocent in SAMPLES:
        path = Path(name)
        if not list(findings(path, guilty)):
            print(f"not found: {guilty[:60]!r}")
            failures += 1
        for _, finding in findings(path, innocent):
            print(f"found wrongly: {innocent[:60]!r}: {finding}")
            failures += 1
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        (root / "store").mkdir()
        (root / "store/users.cpp").touch()
        for text, count in (("`store/users.cpp` (`users.cpp`)", 0), ("`store/user.cpp`\n(`user.cpp`)", 2)):
            (root / "guide.md").write_text(text)
            found = [finding for _, finding in missing_files(root, "guide.md")]
            if len(found) != count:
                print(f"{text!r}: {found}")
                failures += 1
    return failures


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(1 if (self_test() if sys.argv[1] == "--self-test" else check(Path(sys.argv[1]))) else 0)
