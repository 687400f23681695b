#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test without a display: the release build with
# warnings as errors, then the rooms that read files of strangers under the sanitizers.
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
# shellcheck source=packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage="usage: packaging/test.sh [--full]    --full: random tests with their whole counts, a minute of each fuzz target"
fuzz_seconds=10
full=
for argument in "$@"; do
    case $argument in
        --full)
            export HEFSTUDIO_TEST_FULL=1
            full=yes
            fuzz_seconds=60
            ;;
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

# Rooms with parsers of untrusted bytes and hand-written arithmetic, and all that these need to be
# built: the rest of the core would double the time. A kernel program's reader needs the whole core,
# so that --full has it.
sanitized_rooms=(base graph onnx calibration hef har recipe)
sanitized_core="base;graph;ops;onnx;calibration;quantize;hef;har;recipe"

if [[ -n $full ]]; then
    sanitized_rooms+=(program)
    sanitized_core=
fi

results=$root/build/test-results
passed=0
failed=0
skipped=0

# Whatever ends the run, its last line is the count; a run that ended early counts as a failure.
complete=
report_counts() {
    local status=$?
    if [[ -z $complete ]]; then
        failed=$((failed + 1))
        say "The run ended before its last test."
    fi
    say "$passed passed, $failed failed, $skipped skipped"
    ((status != 0 || failed == 0)) || status=1
    exit "$status"
}

# A test's home: settings and caches of the user neither help a test nor are changed by one.
prepare_surroundings() {
    rm -rf "$results"
    mkdir -p "$results/home"
    export XDG_CONFIG_HOME=$results/home/config XDG_CACHE_HOME=$results/home/cache
    export XDG_DATA_HOME=$results/home/data XDG_STATE_HOME=$results/home/state
    export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen
    unset DISPLAY WAYLAND_DISPLAY
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
}

# Lines of tests/allowed-skips.txt are names or shell patterns; what follows a # is the reason.
is_allowed_skip() {
    local name=$1 pattern
    while read -r pattern _; do
        # shellcheck disable=SC2053 # the right-hand side is meant as a pattern
        if [[ -n $pattern && $pattern != '#'* && $name == $pattern ]]; then
            return 0
        fi
    done <tests/allowed-skips.txt
    return 1
}

# run_suite name build-folder [ctest option...]: runs ctest and adds its results to the counts. The
# counts come from the result file, never from ctest's exit code, which is 0 on skips.
run_suite() {
    local suite=$1 folder=$2 junit=$results/$1.xml kind name before=$((passed + failed + skipped))
    shift 2
    # The output of passed tests is kept: it is where Qt Test says what it skipped.
    ctest --test-dir "$folder" --parallel "$(nproc)" --timeout 600 --no-tests=error \
        --output-on-failure --output-junit "$junit" \
        --test-output-size-passed 1048576 --test-output-size-failed 1048576 "$@" || true
    if [[ -f $junit ]]; then
        while IFS=$'\t' read -r kind name; do
            case $kind in
                passed) passed=$((passed + 1)) ;;
                failed)
                    failed=$((failed + 1))
                    say "failed: $suite: $name"
                    ;;
                skipped)
                    if is_allowed_skip "$name"; then
                        skipped=$((skipped + 1))
                        say "skipped, as allowed: $suite: $name"
                    else
                        failed=$((failed + 1))
                        say "skipped, which tests/allowed-skips.txt does not allow: $suite: $name"
                    fi
                    ;;
            esac
        done < <(awk -f packaging/count_tests.awk "$junit")
    fi
    if ((passed + failed + skipped == before)); then
        failed=$((failed + 1))
        say "failed: $suite left no results"
    fi
}

# Prints the test programs of the sanitized rooms, and the fuzz targets, that the build folder $1 knows.
sanitized_targets() {
    local room known
    known=$(ninja -C "$1" -t targets all)
    for room in "${sanitized_rooms[@]}"; do
        if grep -q "^test_$room: " <<<"$known"; then
            say "test_$room"
        fi
    done
    sed -n 's/^\(fuzz_[a-z_]*\): .*/\1/p' <<<"$known"
}

check_machine
step "Packages"
install_packages

trap report_counts EXIT
prepare_surroundings
jobs=$(build_jobs)

step "Release build, warnings are errors"
configure ci build/release -DHEFSTUDIO_PRECOMPILE_TESTS=ON
cmake --build build/release --parallel "$jobs"
step "Release tests"
run_suite release build/release

# Preset ci-asan leaves out the checks of -fsanitize=undefined that look at every access to memory
# (null, alignment, object size): they double the time to build. Preset asan has them all.
step "Sanitizer build"
configure ci-asan build/ci-asan -DHEFSTUDIO_PRECOMPILE_TESTS=ON "-DHEFSTUDIO_ONLY_ROOMS=$sanitized_core" \
    "-DHEFSTUDIO_FUZZ_SECONDS=$fuzz_seconds"
mapfile -t targets < <(sanitized_targets build/ci-asan)
cmake --build build/ci-asan --parallel "$jobs" --target "${targets[@]}"
step "Sanitizer tests"
labels=$(IFS='|' && printf '%s' "${sanitized_rooms[*]}")
run_suite sanitizers build/ci-asan --label-regex "^($labels)\$"

# Replays the corpus, then fuzzes each target: with libFuzzer on long runs where clang is installed
# (it has to build the rooms once more), else with the driver of tests/fuzz.
step "Fuzzing, $fuzz_seconds s a target"
if [[ -n $full ]] && command -v clang++-19 >/dev/null; then
    configure fuzz build/fuzz "-DHEFSTUDIO_FUZZ_SECONDS=$fuzz_seconds"
    mapfile -t targets < <(sanitized_targets build/fuzz | grep '^fuzz_')
    cmake --build build/fuzz --parallel "$jobs" --target "${targets[@]}"
    run_suite fuzz build/fuzz --label-regex '^fuzz$'
else
    run_suite fuzz build/ci-asan --label-regex '^fuzz$'
fi

step "All tests"
complete=yes
