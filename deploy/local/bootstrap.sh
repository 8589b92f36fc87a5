# Sourced by attune.sh: settings from .env, Python, the locked libraries, Debian's packages.
# shellcheck shell=bash

venv="$here/.venv"
python="$venv/bin/python"
export PYTHONPATH="$here"

# Where Debian keeps servers' programs that are on no PATH; a test names a folder of its own.
server_folders="${server_folders:-/usr/lib}"
# Chromium without windows, in which the end-to-end tests look at pages.
browser=chromium-headless-shell

# .env holds NAME=value lines, a value also in quotes; what the environment says already, wins.
read_dotenv() {
  local line name value
  [[ -f .env ]] || return 0
  while IFS= read -r line || [[ -n "$line" ]]; do
    [[ "$line" =~ ^[A-Z_][A-Z0-9_]*= ]] || continue
    name="${line%%=*}"
    value="${line#*=}"
    [[ "$value" =~ ^\"(.*)\"$ || "$value" =~ ^\'(.*)\'$ ]] && value="${BASH_REMATCH[1]}"
    [[ -n "${!name+set}" ]] || export "$name=$value"
  done <.env
}

# --- what is there -----------------------------------------------------------------------

find_python() {
  local candidate
  for candidate in python3.11 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c \
      'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

has_rabbitmq() {
  [[ -x "$server_folders/rabbitmq/bin/rabbitmq-server" ]] || command -v rabbitmq-server >/dev/null
}

has_postgres() {
  local program
  for program in "$server_folders"/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
    [[ -x "$program" ]] || continue
    [[ "$("$program" --version | grep -oE '[0-9]+' | head -n 1)" -ge 15 ]] && return 0
  done
  return 1
}

# missing run|dev|tests: Debian's names of the packages that are wanted and not there, one a line
missing() {
  [[ -x "$python" ]] || find_python >/dev/null || echo python3-venv
  [[ -n "${AMQP_URL:-}" ]] || has_rabbitmq || echo rabbitmq-server
  [[ -n "${REDIS_URL:-}" ]] || command -v redis-server >/dev/null || echo redis-server
  [[ -n "${DATABASE_URL:-}" ]] || has_postgres || echo postgresql
  [[ "$1" != tests ]] || command -v "$browser" >/dev/null || echo "$browser"
}

# tell_missing PACKAGE...: a line for each, the ways out, and the end
tell_missing() {
  local package
  for package in "$@"; do
    case "$package" in
      python3-venv) echo "Python 3.11 with its venv module is not installed (Debian 12: $package)." ;;
      rabbitmq-server) echo "RabbitMQ is not installed (Debian: $package)." ;;
      redis-server) echo "Redis is not installed (Debian: $package)." ;;
      postgresql) echo "PostgreSQL 15 or newer is not installed (Debian: $package)." ;;
      "$browser") echo "Chromium is not installed: the end-to-end tests need it (Debian: $package)." ;;
    esac
  done >&2
  cat deploy/local/ways_out.txt >&2
  exit 1
}

# --- making it be there ------------------------------------------------------------------

may_install() {
  [[ "$(id -u)" -eq 0 ]] && command -v apt-get >/dev/null
}

# Debian starts what it installs; ours run privately instead. 101 is policy-rc.d's "no".
# A shell of its own, so that the guard goes whatever ends it.
apt_install() (
  guard=/usr/sbin/policy-rc.d
  log="$(mktemp)"
  trap 'rm -f "$log"' EXIT
  echo "Installing from Debian's packages: $*"
  if [[ ! -e "$guard" ]]; then
    trap 'rm -f "$log" "$guard"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$guard" && chmod 755 "$guard"
  fi
  if ! apt_get "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    exit 1
  fi
)

apt_get() {
  export DEBIAN_FRONTEND=noninteractive
  local options=(-y -qq --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
  apt-get install "${options[@]}" "$@" && return 0
  # the package lists may be old or absent: fetch them once
  apt-get update -qq && apt-get install "${options[@]}" "$@"
}

# set_up run|dev|tests: Python first; then servers and libraries at the same time, because the one
# mostly unpacks and the other mostly downloads. `dev` adds the tools, `tests` a browser too.
set_up() {
  local packages=() installing=
  mapfile -t packages < <(missing "$1")
  if [[ ${#packages[@]} -gt 0 ]] && ! may_install; then tell_missing "${packages[@]}"; fi
  if [[ "${packages[0]:-}" == python3-venv ]]; then
    apt_install python3-venv && find_python >/dev/null || tell_missing "${packages[@]}"
    packages=("${packages[@]:1}")
  fi
  if [[ ${#packages[@]} -gt 0 ]]; then
    apt_install "${packages[@]}" &
    installing=$!
    trap 'echo "Waiting for apt-get, which is best not interrupted."; wait; exit 130' INT TERM
  fi
  install_locked requirements.lock
  if [[ "$1" != run ]]; then install_locked requirements-dev.lock; fi
  if [[ -n "$installing" ]]; then
    wait "$installing" || true
    trap - INT TERM
    mapfile -t packages < <(missing "$1")
    if [[ ${#packages[@]} -gt 0 ]]; then tell_missing "${packages[@]}"; fi
  fi
}

# install_locked LOCK: libraries as a lock file says; a stamp remembers its sum
install_locked() {
  local lock="$1" stamp wanted
  stamp="$venv/.${lock%.lock}-lock.sha256"
  wanted="$(sha256sum "$lock" | cut -d' ' -f1)"
  if [[ -x "$python" && -f "$stamp" && "$(cat "$stamp")" == "$wanted" ]]; then return 0; fi
  echo "Installing the Python libraries of $lock (only once, up to a minute or two)."
  "$python" -m pip --version >/dev/null 2>&1 || "$(find_python)" -m venv --clear "$venv"
  pip_install_locked "$lock"
  printf '%s\n' "$wanted" >"$stamp"
}

# Setuptools first, from the same lock: what comes as source only is built with it, and nothing
# unlocked is fetched for the build. The lock is complete, so pip need not resolve again; modules
# are compiled when they are first imported.
pip_install_locked() {
  local options=(--quiet --disable-pip-version-check --no-input --no-compile
    --require-hashes --no-deps)
  awk '/^setuptools==/ { found = 1 } found && /^ *#/ { exit } found' "$1" |
    "$python" -m pip install "${options[@]}" -r /dev/stdin
  "$python" -m pip install "${options[@]}" --no-build-isolation -r "$1"
}

read_dotenv
