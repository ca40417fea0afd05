# Sourced by ./test: sees to it that there is a Chromium for the browser tests. Playwright would
# fetch one of its own; these tests run with the one of the system.

chromium_found() {
    if [ -n "${CHROMIUM:-}" ]; then
        [ -x "$CHROMIUM" ] && echo "$CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return 0
    done
    return 1
}

chromium_from_apt() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    install='apt-get install -y -qq --no-install-recommends chromium'
    export DEBIAN_FRONTEND=noninteractive
    $install || { apt-get update -qq && $install; }
}

# Sets CHROMIUM for the tests.
chromium_need() {
    if ! chromium_found >/dev/null; then
        echo "Installing Chromium." >&2
        chromium_from_apt >&2
    fi
    if CHROMIUM=$(chromium_found); then
        export CHROMIUM
        return 0
    fi
    unset CHROMIUM
    echo "No Chromium: install one, or name the program in CHROMIUM." >&2
    return 1
}
