#!/usr/bin/env bash
# From a clean clone to the window: installs what is missing, builds, converts the bundled sample
# and opens the result.
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage="usage: packaging/run.sh [--no-window]"
window=yes
for argument in "$@"; do
    case $argument in
        --no-window) window= ;;
        -h | --help)
            say "$usage"
            exit 0
            ;;
        *)
            say "$usage" >&2
            exit 2
            ;;
    esac
done
cd "$root"

sample=resources/sample
hef=build/sample/detector.emulation.hef
report=build/sample/report.json
window_log=build/sample/window.log

# build/release is shared with packaging/test.sh, which makes warnings errors. That changes no byte
# of the programs, so a folder that the tests have built is used as it is. Where it fails to build (a
# newer compiler warns more), it is configured again, for users.
build_programs() {
    local jobs
    jobs=$(build_jobs)
    if is_configured build/release &&
        cmake --build build/release --parallel "$jobs" --target hefc hefstudio; then
        return
    fi
    configure release build/release
    cmake --build build/release --parallel "$jobs" --target hefc hefstudio
}

# A display may be named and gone. A local one that is gone ends the window at once, which
# open_window sees; one on another machine may keep it waiting, so its port is tried first.
display_answers() {
    local host=${DISPLAY%:*} number=${DISPLAY##*:}
    number=${number%%.*}
    if [[ -z $host || $host == unix || ! $number =~ ^[0-9]+$ ]]; then
        return 0
    fi
    timeout 3 bash -c "exec 3<>'/dev/tcp/$host/$((6000 + number))'" 2>/dev/null
}

# Opens the window on its own, so that the shell is free and closing the terminal leaves it open.
# A window that cannot reach its display ends at once.
open_window() {
    local pid status=0
    setsid nohup build/release/bin/hefstudio "$hef" >"$window_log" 2>&1 </dev/null &
    pid=$!
    for _ in {1..30}; do
        sleep 0.1
        if ! kill -0 "$pid"; then
            wait "$pid" || status=$?
            return "$status"
        fi
    done 2>/dev/null # where the shell, too, would report the window's abort
    disown "$pid"
    say "The window is open (process $pid, messages in $window_log)."
}

say_where_the_files_are() {
    say "The result:  $root/$hef"
    say "The report:  $root/$report"
    say "Look inside: build/release/bin/hefc inspect $hef"
    say "The window:  build/release/bin/hefstudio $hef"
}

check_machine
step "Packages"
install_packages
step "Build"
build_programs
step "Convert the sample"
mkdir -p build/sample
build/release/bin/hefc convert "$sample/detector.onnx" -o "$hef" --calib "$sample/pictures" \
    --labels "$sample/labels.txt" --report "$report"
step "Result"
say_where_the_files_are
if [[ -z $window ]]; then
    exit 0
fi
if [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    say "There is no display here, so no window was opened."
elif [[ -n ${DISPLAY:-} ]] && ! display_answers; then
    say "The display $DISPLAY does not answer, so no window was opened."
elif ! open_window; then
    say "The window could not be opened on ${DISPLAY:-$WAYLAND_DISPLAY}:"
    sed 's/^/    /' "$window_log"
fi
