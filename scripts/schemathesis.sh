# Sourced by ./test, from the root of the project: sees to it that there is a schemathesis of the
# version that the tests are written for, in an environment of its own. `$target` is cargo's target
# directory.
# shellcheck disable=SC2154

schemathesis_found() {
    program=$target/tools/schemathesis/bin/schemathesis
    wanted=$(sed -n 's/^schemathesis==\([0-9.]*\).*/\1/p' scripts/schemathesis/requirements.txt)
    [ -x "$program" ] || return 1
    case $("$program" --version 2>/dev/null) in
    *" $wanted") realpath "$program" ;;
    *) return 1 ;;
    esac
}

# Debian has the module that makes environments in a package of its own.
schemathesis_environment() {
    rm -rf "$target/tools/schemathesis"
    mkdir -p "$target/tools"
    python3 -m venv "$target/tools/schemathesis" && return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    install='apt-get install -y -qq --no-install-recommends python3-venv'
    export DEBIAN_FRONTEND=noninteractive
    $install || { apt-get update -qq && $install; } || return 1
    rm -rf "$target/tools/schemathesis"
    python3 -m venv "$target/tools/schemathesis"
}

schemathesis_from_pip() {
    schemathesis_environment &&
        "$target/tools/schemathesis/bin/pip" install --quiet --no-deps --require-hashes \
            --disable-pip-version-check -r scripts/schemathesis/requirements.txt
}

# Sets DOSSIER_SCHEMATHESIS for the tests.
schemathesis_need() {
    if ! schemathesis_found >/dev/null; then
        echo "Fetching schemathesis." >&2
        schemathesis_from_pip >&2
    fi
    if DOSSIER_SCHEMATHESIS=$(schemathesis_found); then
        export DOSSIER_SCHEMATHESIS
        return 0
    fi
    echo "No schemathesis: it needs python3 (3.11 to 3.14) with venv, and pip's index." >&2
    return 1
}
