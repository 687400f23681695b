#!/usr/bin/env bash
# check_scripts.sh <case>: runs packaging/run.sh or packaging/test.sh in a copy of the tree's frame,
# among stand-ins for every program they call, and checks what they say, call and return.
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2016 # the bodies of the stand-ins expand when those run
set -euo pipefail

tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
world=$(mktemp -d)
trap 'rm -rf "$world"' EXIT
clone="$world/a clone" # with a space, as users have them
tools=$world/tools
calls=$world/calls # what the stand-ins were asked to do
output=$world/output

# stand_in name: a program whose body is read from standard input; it notes its call first.
stand_in() {
    {
        printf '#!/bin/bash\necho "%s $*" >>%q\n' "$1" "$calls"
        cat
    } >"$tools/$1"
    chmod +x "$tools/$1"
}

# A machine with nothing installed, a build that works and programs that end at once.
prepare_world() {
    mkdir -p "$clone/tests" "$clone/build" "$tools"
    cp -r "$tree/packaging" "$clone/"
    printf 'Allowed.* # needs a folder\n' >"$clone/tests/allowed-skips.txt"
    : >"$calls"
    stand_in dpkg <<<'echo amd64'
    stand_in dpkg-query <<<'echo not-installed'
    stand_in sudo <<<'[[ $1 == -n ]] && exit; exec "$@"'
    stand_in apt-get <<'END'
if [[ $* == *--assume-no* ]]; then
    echo "0 upgraded, 12 newly installed, 0 to remove and 3 not upgraded."
    echo "Need to get 3,376 kB/4,000 kB of archives."
    echo "After this operation, 15.5 MB of additional disk space will be used."
    exit 1
fi
echo "frontend $DEBIAN_FRONTEND"
END
    stand_in cmake <<<'exit 0'
    stand_in ninja <<<'echo "test_base: phony"'
    mkdir -p "$clone/build/release/bin"
    stand_in hefc <<<'echo converted'
    mv "$tools/hefc" "$clone/build/release/bin/"
    stand_in hefstudio <<<'echo "could not connect to display" >&2; kill -ABRT $$'
    mv "$tools/hefstudio" "$clone/build/release/bin/"
    results_are '<testcase name="A.B" status="run">'
}

# ctest writes these test cases to wherever it was asked to.
results_are() {
    printf '<testsuite>\n%s\n</testsuite>\n' "$*" >"$world/junit.xml"
    stand_in ctest <<END
while [[ \$1 != --output-junit ]]; do shift; done
cp $(printf %q "$world/junit.xml") "\$2"
END
}

# run [variable=value...] script [argument...]: the script's exit code goes to \`code\`.
run() {
    code=0
    env -u DISPLAY -u WAYLAND_DISPLAY PATH="$tools:$PATH" "$@" >"$output" 2>&1 </dev/null || code=$?
}

# The same as a user who is not root; where the tests run as root, as nobody.
run_as_user() {
    if ((EUID == 0)); then
        chmod 755 "$world"
        chown -R 65534:65534 "$world"
        run setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        run "$@"
    fi
}

fail() {
    printf '%s\n' "$@" "--- output" "$(<"$output")" "--- calls" "$(<"$calls")"
    exit 1
}
expect_code() { ((code == $1)) || fail "exit code $code instead of $1"; }
expect_output() { grep -qF -- "$1" "$output" || fail "not said: $1"; }
expect_no_output() { ! grep -qF -- "$1" "$output" || fail "should not be said: $1"; }
expect_call() { grep -qE -- "$1" "$calls" || fail "not called: $1"; }
expect_no_call() { ! grep -qE -- "$1" "$calls" || fail "should not be called: $1"; }
expect_last_line() { [[ $(tail -n 1 "$output") == "$1" ]] || fail "last line is not: $1"; }
all_installed() { stand_in dpkg-query <<<'echo -n installed'; }

arm64_is_refused_in_one_sentence() {
    stand_in dpkg <<<'echo arm64'
    run "$clone/packaging/run.sh"
    expect_code 4
    expect_output "this machine is arm64."
    (($(wc -l <"$output") == 1)) || fail "more than one line"
    expect_no_call '^(apt-get|sudo)'
}

user_without_sudo_gets_the_install_line() {
    stand_in sudo <<<'exit 1'
    run_as_user "$clone/packaging/test.sh"
    expect_code 4
    expect_output "sudo apt-get update && sudo apt-get install -y --no-install-recommends g++ cmake "
    expect_no_call '^apt-get'
}

sudoer_installs_without_prompts() {
    run_as_user "$clone/packaging/run.sh" --no-window
    expect_code 0
    expect_output "12 packages, 3,376 kB/4,000 kB to download, 15.5 MB on disk"
    expect_output "frontend noninteractive"
    expect_call '^sudo .*apt-get .*DPkg::Lock::Timeout=[0-9]+ .*update'
    expect_call '^sudo .*apt-get .*install -y --no-install-recommends g\+\+ cmake '
}

root_installs_without_sudo() {
    ((EUID == 0)) || exit 77
    run "$clone/packaging/run.sh" --no-window
    expect_code 0
    expect_call '^apt-get .*install -y'
    expect_no_call '^sudo'
}

installed_packages_need_no_root() {
    all_installed
    run_as_user "$clone/packaging/run.sh" --no-window
    expect_code 0
    expect_no_call '^(apt-get|sudo)'
}

busy_package_lists_are_waited_for() {
    stand_in apt-get <<END
if [[ \$* == *update && ! -e $(printf %q "$world/second") ]]; then
    touch $(printf %q "$world/second")
    echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)" >&2
    exit 100
fi
END
    run_as_user "$clone/packaging/run.sh" --no-window
    expect_code 0
    expect_output "waiting for it"
    (($(grep -c '^apt-get .*update' "$calls") == 2)) || fail "update was not tried again"
}

a_run_without_display_names_the_files() {
    all_installed
    run "$clone/packaging/run.sh"
    expect_code 0
    expect_output "$clone/build/sample/detector.emulation.hef"
    expect_output "There is no display here"
    expect_no_call '^hefstudio'
}

a_dead_display_does_no_harm() {
    all_installed
    run DISPLAY=:987 "$clone/packaging/run.sh"
    expect_code 0
    expect_output "could not be opened on :987"
    expect_output "could not connect to display"
    expect_output "$clone/build/sample/detector.emulation.hef"
    # Nothing listens on this machine's port 6987.
    : >"$calls"
    run DISPLAY=localhost:987 "$clone/packaging/run.sh"
    expect_code 0
    expect_output "does not answer"
    expect_no_call '^hefstudio'
}

a_build_with_errors_on_is_repeated_for_users() {
    all_installed
    echo "CMAKE_HOME_DIRECTORY:INTERNAL=$clone" >"$clone/build/release/CMakeCache.txt"
    stand_in cmake <<END
if [[ \$* == *--preset* ]]; then touch $(printf %q "$world/users"); fi
[[ -e $(printf %q "$world/users") ]]
END
    run "$clone/packaging/run.sh" --no-window
    expect_code 0
    expect_call '^cmake --preset release$'
    expect_output "converted"
}

listed_skip_passes() {
    all_installed
    results_are '<testcase name="Allowed.Test" status="notrun">
        <skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
        </testcase>
        <testcase name="A.B" status="run">'
    run "$clone/packaging/test.sh"
    expect_code 0
    expect_last_line "3 passed, 0 failed, 3 skipped" # in the release and in the sanitizer suite
}

unlisted_skip_fails() {
    all_installed
    results_are '<testcase name="gui" status="run">
        <system-out>SKIP   : TestWindow::opens() no font
        </system-out>
        </testcase>
        <testcase name="Other.Test" status="disabled">'
    run "$clone/packaging/test.sh"
    expect_code 1
    expect_output "does not allow: release: TestWindow::opens"
    expect_output "does not allow: release: Other.Test"
    expect_last_line "3 passed, 6 failed, 0 skipped"
}

program_that_did_not_start_fails() {
    all_installed
    results_are '<testcase name="Allowed.Test" status="notrun">
        <skipped message="Unable to find executable: test_base"/>
        </testcase>'
    run "$clone/packaging/test.sh"
    expect_code 1
    expect_last_line "0 passed, 3 failed, 0 skipped"
}

missing_results_fail() {
    all_installed
    stand_in ctest <<<'exit 0'
    run "$clone/packaging/test.sh"
    expect_code 1
    expect_output "release left no results"
    expect_last_line "0 passed, 3 failed, 0 skipped"
}

failed_build_ends_in_the_count() {
    all_installed
    stand_in cmake <<<'[[ $1 != --build ]]'
    run "$clone/packaging/test.sh"
    expect_code 1
    expect_last_line "0 passed, 1 failed, 0 skipped"
}

prepare_world
"$1"
