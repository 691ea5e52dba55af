"""Judges some targets, and reads the reports on them with the eyes of others.

Arguments: the command, and the file with the schema of SARIF.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from junitparser import JUnitXml

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """# ü漢
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: true} # 漢
readOnlyport: 1
"""

HOSTILE = "a\n::error::x%0A ##vso[task.complete] ]]> <b>|`\x1b[31m\u202e&#{0}.yaml"


def run(kubevet, folder, *arguments):
    """The reports on a run, by their formats: SARIF, JUnit's suites, and lines of JSON."""
    formats = ["sarif", "junit", "json"]
    reports = [f"--report={name}={folder}/report.{name}" for name in formats]
    command = [kubevet, *arguments, *reports]
    status = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL).returncode
    assert status in (0, 1, 3), (arguments, status)
    sarif, junit, lines = (Path(folder, f"report.{name}") for name in formats)
    lines = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    return json.loads(sarif.read_text(encoding="utf-8")), JUnitXml.fromfile(str(junit)), lines


def check_schema(validator, value):
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert not errors, errors[:5]


def check_sarif(sarif):
    """What GitHub asks for beyond the schema."""
    (run,) = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        severity = rule["properties"].get("security-severity")
        assert severity is None or 0 < float(severity) <= 10
        assert ("security" in rule["properties"]["tags"]) == (severity is not None)
        assert len(rule["properties"]["tags"]) <= 20
        assert len(rule["shortDescription"]["text"]) <= 1024 and len(rule["fullDescription"]["text"]) <= 1024
    assert len(run["results"]) <= 25_000
    for result in run["results"]:
        assert any(rule["id"] == result["ruleId"] for rule in rules), result["ruleId"]
        assert result["message"]["text"] and result["partialFingerprints"]
        for location in result["locations"] + result.get("relatedLocations", []):
            physical = location.get("physicalLocation")
            assert physical or location["logicalLocations"]
            if physical:
                check_region(physical["region"])
                assert physical["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]


def check_region(region):
    start = (region["startLine"], region.get("startColumn", 1))
    end = (region.get("endLine", start[0]), region.get("endColumn", start[1]))
    assert (1, 1) <= start <= end, region


def check_junit(suites, lines):
    """The counts of each suite are those of the target; the last one is of the run, if there is anything to say of it."""
    assert len(list(suites)) == len(lines)
    for suite, line in zip(suites, lines):
        if "notices" in line:
            assert suite.tests == len(line["notices"]) and suite.failures == 0
            continue
        summary, unmet = line["summary"], len(line["unmet"])
        skipped = sum(summary.get(key, 0) for key in ("manual", "not-applicable", "waived", "known"))
        counted = (suite.failures, suite.errors, suite.skipped)
        assert counted == (summary["fail"], summary["undetermined"] + unmet, skipped), line["id"]
        assert suite.tests == len(list(suite))
        suite.update_statistics()
        assert counted == (suite.failures, suite.errors, suite.skipped), line["id"]


def apply_fixes(text, sarif, uri, rules):
    """The file with the first fix of the results of some rules, from the end to the beginning."""
    replacements = [
        replacement
        for result in sarif["runs"][0]["results"]
        if result["ruleId"] in rules
        for fix in result.get("fixes", [])[:1]
        for change in fix["artifactChanges"]
        if change["artifactLocation"]["uri"] == uri
        for replacement in change["replacements"]
    ]
    assert len(replacements) == len(rules), replacements
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(replacement):
        region = replacement["deletedRegion"]
        return (
            starts[region["startLine"] - 1] + region["startColumn"] - 1,
            starts[region["endLine"] - 1] + region["endColumn"] - 1,
        )

    for replacement in sorted(replacements, key=place, reverse=True):
        start, end = place(replacement)
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


def bundles():
    """Targets of all kinds, a line each."""
    lines = [json.dumps(json.loads(node.read_text())) for node in sorted((ROOT / "tests/nodes").iterdir())]
    for golden in ("goldens/1.28.15.jsonl", "goldens/1.37.2.jsonl", "live/1.34.4.jsonl"):
        lines += (ROOT / "tests" / golden).read_text().splitlines()[::11]
    return "\n".join(lines) + "\n"


def main():
    kubevet, schema_of_sarif = sys.argv[1:]
    for variable in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"):
        os.environ.pop(variable, None)
    sarif_schema = json.loads(Path(schema_of_sarif).read_text())
    Draft4Validator.check_schema(sarif_schema)
    sarif_validator = Draft4Validator(sarif_schema, format_checker=FormatChecker())
    own_schema = json.loads((ROOT / "schemas/report-1.schema.json").read_text())
    Draft202012Validator.check_schema(own_schema)
    own_validator = Draft202012Validator(own_schema)

    # With waivers, a baseline and notices.
    snapshot = ROOT / "report/src/snapshots/project_sarif.snap"
    sarif = json.loads(snapshot.read_text(encoding="utf-8").split("---\n", 2)[2])
    check_schema(sarif_validator, sarif)

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bundles").write_text(bundles())
        Path(folder, "k.yaml").write_text(CONFIG, encoding="utf-8")
        Path(folder, HOSTILE).write_text(CONFIG + "'##vso[x]\\u001b': 1\n", encoding="utf-8")
        runs = [
            ["check", "--bundle=bundles"],
            ["check", "--bundle=bundles", "--lang=ja", "--strict"],
            ["check", "k.yaml"],
            ["check", "k.yaml", "--flags=--read-only-port=1"],
            ["check", "--flags=--read-only-port=1"],
            ["check", HOSTILE],
            ["check", "."],
        ]
        for arguments in runs:
            sarif, suites, lines = run(kubevet, folder, *arguments)
            check_schema(sarif_validator, sarif)
            check_sarif(sarif)
            if "--strict" not in arguments:
                check_junit(suites, lines)
            for line in lines:
                check_schema(own_validator, line)
            print(f"{arguments[1]!r}: {len(lines)} targets, {len(sarif['runs'][0]['results'])} results")

        # The fixes of a viewer are those of `kubevet fix`.
        sarif, _, _ = run(kubevet, folder, "check", "k.yaml")
        fixed = apply_fixes(CONFIG, sarif, "k.yaml", ["anonymous-auth", "unknown-key"])
        Path(folder, "k.yaml").write_text(fixed, encoding="utf-8")
        _, _, (line,) = run(kubevet, folder, "check", "k.yaml")
        left = [finding["check"] for finding in line["findings"] if finding["status"] == "fail"]
        assert "anonymous-auth" not in left and not line["problems"], (left, line["problems"])
        print("the fixes of SARIF fix")


main()
