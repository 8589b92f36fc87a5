#!/usr/bin/env bash
# What the Makefile's targets call. Needs nothing but bash and Debian's own commands; the rest it
# sets up. After `run` has started everything, this shell alone waits: no Python process stays.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$here"
source deploy/local/bootstrap.sh
export PYTHONUNBUFFERED=1
# Many processes start here: without kept bytecode each would compile every library again.
unset PYTHONDONTWRITEBYTECODE

usage() {
  echo "usage: deploy/local/attune.sh setup|setup-dev|setup-tests|run|stop|status|logs|reset|doctor|module ..." >&2
  exit 2
}

local_command() {
  "$python" -m deploy.local "$@"
}

need_environment() {
  if [[ ! -x "$python" ]]; then
    echo "There is no environment yet: \`make run\` or \`make setup\` makes it." >&2
    exit 1
  fi
}

stop_everything() {
  trap '' INT TERM HUP
  if [[ -n "${bring_up_pid:-}" ]]; then kill -TERM "$bring_up_pid" 2>/dev/null || true; fi
  echo
  echo "Stopping."
  local_command stop --quiet || true
  if [[ -n "${supervisor_pid:-}" ]]; then wait "$supervisor_pid" 2>/dev/null || true; fi
  exit "${1:-0}"
}

run() {
  local answer=0
  set_up run
  local_command prepare || answer=$?
  if [[ $answer -eq 3 ]]; then exit 0; fi
  if [[ $answer -ne 0 ]]; then exit "$answer"; fi
  trap 'stop_everything 0' INT TERM HUP
  "$python" -m deploy.local supervise &
  supervisor_pid=$!
  "$python" -m deploy.local bring-up &
  bring_up_pid=$!
  wait "$bring_up_pid" || stop_everything 1
  bring_up_pid=
  # Ends when the supervisor does: by `make stop` from elsewhere, or by Ctrl-C through the trap.
  wait "$supervisor_pid" || true
  local_command stop --quiet
}

logs() {
  local folder="${ATTUNE_RUN_DIR:-.run}/logs"
  local files=("$folder"/*.log)
  if [[ -n "${SERVICE:-}" ]]; then files=("$folder/$SERVICE.log"); fi
  if [[ ! -e "${files[0]}" ]]; then
    echo "There is no ${files[0]} yet." >&2
    exit 1
  fi
  exec tail -n 40 -F "${files[@]}"
}

case "${1:-}" in
  setup) set_up run ;;
  setup-dev) set_up dev ;;
  setup-tests) set_up tests ;;
  run) run ;;
  logs) logs ;;
  stop | status | reset | doctor | module)
    need_environment
    local_command "$@"
    ;;
  *) usage ;;
esac
