# What packaging/run.sh and packaging/test.sh share: the packages, the one place that asks for root,
# and the calls of CMake. Sourced, never run.
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash

# The repository; every path below is relative to it.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Everything a build and a test run need, by the names that Debian 12 and Ubuntu 24.04 share.
packages=(
    g++ cmake ninja-build pkgconf
    # The window. LinguistTools needs the last three.
    qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    fonts-dejavu-core # a window without a font shows boxes
    # The compiler core. oneDNN's CMake files look for OpenCL.
    libonnx-dev libprotobuf-dev protobuf-compiler nlohmann-json3-dev
    libdnnl-dev ocl-icd-opencl-dev libopencv-imgcodecs-dev libopencv-videoio-dev libyaml-cpp-dev
    libarchive-dev libxxhash-dev libssl-dev libcli11-dev
    # The tests.
    libgtest-dev libgmock-dev
)

# What the caller can do something about, as opposed to a failed build or test (1).
readonly exit_setup=4

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s (%d:%02d)\n' "$*" $((SECONDS / 60)) $((SECONDS % 60)); }
refuse() {
    printf '%s\n' "$@" >&2
    exit "$exit_setup"
}

# One sentence for machines on which nothing below can work, before anything is touched.
check_machine() {
    local machine
    machine=$(dpkg --print-architecture 2>/dev/null || uname -m)
    case $machine in
        amd64 | x86_64) ;;
        *) refuse "HEF Studio runs on 64-bit x86 (amd64) only, and this machine is $machine." ;;
    esac
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        refuse "HEF Studio installs its libraries with apt: use Debian 12, Ubuntu 24.04 or later."
    fi
    if release_is_too_old; then
        refuse "HEF Studio needs Debian 12, Ubuntu 24.04 or later: older ones have no Qt 6.4."
    fi
    if [[ -e $root/build && ! -w $root/build ]]; then
        refuse "$root/build belongs to another user: remove it or make it yours, then run this again."
    fi
}

release_is_too_old() {
    local id version least
    [[ -r /etc/os-release ]] || return 1
    # shellcheck source=/dev/null
    id=$(. /etc/os-release && printf '%s' "${ID:-}")
    # shellcheck source=/dev/null
    version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
    case $id in
        debian) least=12 ;;
        ubuntu) least=24 ;;
        *) return 1 ;; # a derivative: its packages decide
    esac
    # Debian testing has no number.
    [[ ${version%%.*} =~ ^[0-9]+$ ]] && ((${version%%.*} < least))
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Prints the packages that are not installed, one name per line.
missing_packages() {
    local name
    for name in "${packages[@]}"; do
        is_installed "$name" || say "$name"
    done
}

# Fills `as_root` with what makes a command root's, or returns 1. sudo may ask for a password where
# there is a terminal to ask on and the user is one whom it serves.
as_root=()
find_root() {
    if ((EUID == 0)); then
        return 0
    fi
    as_root=(sudo)
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return 0
    [[ -t 0 && " $(id -nG) " =~ " "(sudo|admin|wheel)" " ]]
}

# apt's own waiting covers dpkg's lock, not the locks of the package lists and of the download
# folder, which the daily update of a fresh machine holds: those are tried again for ten minutes.
readonly lock_seconds=600
apt_get() {
    local deadline=$((SECONDS + lock_seconds)) errors status told=
    errors=$(mktemp)
    while true; do
        status=0
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8 \
            apt-get -o DPkg::Lock::Timeout="$lock_seconds" -o Acquire::Retries=3 \
            -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
            "$@" </dev/null 2>"$errors" || status=$?
        if ((status == 0 || SECONDS >= deadline)) || ! grep -q 'Could not get lock' "$errors"; then
            break
        fi
        [[ -n $told ]] || say "Another program is installing packages; waiting for it ..."
        told=yes
        sleep 5
    done
    cat "$errors" >&2
    rm -f "$errors"
    return "$status"
}

# Prints "476 packages, 379 MB to download, 1661 MB on disk" from what apt would do. The words are
# apt's English ones; where they change, the announcement is lost and nothing else.
describe_install() {
    local plan count download disk
    plan=$(LC_ALL=C apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null) || true
    count=$(sed -n 's/^.* \([0-9]*\) newly installed.*/\1/p' <<<"$plan")
    download=$(sed -n 's/^Need to get \(.*\) of archives\.$/\1/p' <<<"$plan")
    disk=$(sed -n 's/^After this operation, \(.*\) of additional disk space will be used\.$/\1/p' \
        <<<"$plan")
    say "${count:-some} packages, ${download:-an unknown amount} to download," \
        "${disk:-an unknown amount} on disk"
}

# Does nothing, and needs neither root nor the network, where all packages are there.
install_packages() {
    local -a missing
    local sudo=
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} == 0)); then
        say "All packages are installed."
        return
    fi
    if ! find_root; then
        command -v sudo >/dev/null && sudo='sudo '
        refuse "Packages are missing, and installing them needs an administrator. Run" \
            "    ${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${missing[*]}" \
            "and then this command again."
    fi
    say "Missing: ${missing[*]}"
    if ((EUID != 0)); then
        say "sudo is used for apt-get and for nothing else."
    fi
    # A broken third-party source fails the update, though the distribution's own lists are fresh.
    apt_get update || say "apt-get update failed; going on with the package lists that are there."
    say "Installing: $(describe_install "${missing[@]}")."
    if ! apt_get install -y --no-install-recommends "${missing[@]}"; then
        refuse "apt-get could not install the packages; its reason stands above."
    fi
}

# A compilation takes up to 1.5 GB here: with more at once than memory holds, the machine swaps.
build_jobs() {
    local cores available
    cores=$(nproc)
    available=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo 2>/dev/null) || true
    : "${available:=$cores}"
    ((available >= 1)) || available=1
    say $((available < cores ? available : cores))
}

# Was build folder $1 made here? One that moved with its clone remembers the old place.
is_configured() {
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$1/CMakeCache.txt" 2>/dev/null
}

# configure preset folder [cmake option...]
configure() {
    local -a fresh=()
    is_configured "$2" || fresh=(--fresh)
    cmake "${fresh[@]}" --preset "$1" "${@:3}"
}
