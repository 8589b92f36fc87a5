# Sourced by attune.sh: settings from .env, Python, the locked environment, Debian's packages.
# shellcheck shell=bash

venv="$here/.venv"
python="$venv/bin/python"
stamp="$venv/.requirements-lock.sha256"
export PYTHONPATH="$here"

# .env holds NAME=value lines; what the environment says already, wins.
read_dotenv() {
  local line name
  [[ -f .env ]] || return 0
  while IFS= read -r line || [[ -n "$line" ]]; do
    [[ "$line" =~ ^[A-Z_][A-Z0-9_]*= ]] || continue
    name="${line%%=*}"
    [[ -n "${!name+set}" ]] || export "$name=${line#*=}"
  done <.env
}

may_install() {
  [[ "$(id -u)" -eq 0 ]] && command -v apt-get >/dev/null
}

# Debian starts what it installs; ours run privately instead. 101 is policy-rc.d's "no".
apt_install() {
  local guard=/usr/sbin/policy-rc.d made_guard=
  echo "Installing from Debian's packages: $*"
  if [[ ! -e "$guard" ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$guard" && chmod 755 "$guard" && made_guard=yes
  fi
  local failed=0
  _apt_get "$@" || failed=1
  if [[ -n "$made_guard" ]]; then rm -f "$guard"; fi
  return "$failed"
}

_apt_get() {
  export DEBIAN_FRONTEND=noninteractive
  local options=(-y -qq --no-install-recommends -o Dpkg::Use-Pty=0)
  apt-get install "${options[@]}" "$@" >/dev/null 2>&1 && return 0
  # the package lists may be old or absent: fetch them once
  apt-get update -qq && apt-get install "${options[@]}" "$@" >/dev/null
}

find_python() {
  local candidate
  for candidate in python3.11 python3; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

setup_python() {
  local wanted system_python
  wanted="$(sha256sum requirements.lock | cut -d' ' -f1)"
  if [[ -x "$python" && -f "$stamp" && "$(cat "$stamp")" == "$wanted" ]]; then return 0; fi
  if ! system_python="$(find_python)"; then
    may_install && apt_install python3 python3-venv || true
    system_python="$(find_python)" || no_python
  fi
  if ! "$system_python" -c 'import ensurepip, venv' 2>/dev/null; then
    may_install && apt_install python3-venv || no_python
  fi
  echo "Making the Python environment from requirements.lock (a minute or two, only once)."
  [[ -x "$python" ]] || "$system_python" -m venv "$venv"
  "$python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes -r requirements.lock
  printf '%s\n' "$wanted" >"$stamp"
}

no_python() {
  echo "Python 3.11 with its venv module is missing. Ways out: run \`make run\` as root on Debian 12," >&2
  echo "or install it by hand (Debian: apt-get install python3 python3-venv)." >&2
  exit 1
}

has_postgres() {
  local program
  for program in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
    [[ -x "$program" ]] || continue
    [[ "$("$program" --version | grep -oE '[0-9]+' | head -n 1)" -ge 15 ]] && return 0
  done
  return 1
}

# What is missing and cannot be installed is named by `deploy.local prepare`, with the ways out.
setup_servers() {
  local packages=()
  if [[ -z "${AMQP_URL:-}" && ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] &&
    ! command -v rabbitmq-server >/dev/null; then packages+=(rabbitmq-server); fi
  if [[ -z "${REDIS_URL:-}" ]] && ! command -v redis-server >/dev/null; then
    packages+=(redis-server)
  fi
  if [[ -z "${DATABASE_URL:-}" ]] && ! has_postgres; then packages+=(postgresql); fi
  if [[ ${#packages[@]} -eq 0 ]] || ! may_install; then return 0; fi
  apt_install "${packages[@]}" || echo "apt-get could not install: ${packages[*]}" >&2
}

setup_browser() {
  if command -v chromium >/dev/null; then return 0; fi
  if may_install; then apt_install chromium && return 0; fi
  echo "Chromium is missing: the end-to-end tests need it (Debian: apt-get install chromium)." >&2
  exit 1
}

setup_all() {
  setup_python
  setup_servers
}

read_dotenv
