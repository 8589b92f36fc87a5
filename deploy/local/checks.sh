#!/usr/bin/env bash
# The suites behind `make check`, `make test` and their parts.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$here"
bin="$here/.venv/bin"
export PYTHONPATH="$here"
unset PYTHONDONTWRITEBYTECODE  # or every process would compile every library again
failed=()

setup() {
  deploy/local/attune.sh "${1:-setup-dev}"
}

# step NAME COMMAND...: runs one part, remembers when it failed, goes on
step() {
  local name="$1" began=$SECONDS
  shift
  echo "== $name"
  if "$@"; then echo "   ($((SECONDS - began)) s)"; else failed+=("$name"); fi
}

# suite NAME FOLDER ARGUMENTS...: one pytest run of its own
suite() {
  local name="$1"
  shift
  step "$name" "$bin/pytest" "$@"
}

finish() {
  if [[ ${#failed[@]} -gt 0 ]]; then
    echo
    echo "Failed: ${failed[*]}" >&2
    exit 1
  fi
}

check() {
  setup
  step "ruff check" "$bin/ruff" check .
  step "ruff format" "$bin/ruff" format --check .
  step "mypy" "$bin/mypy" --strict
  step "import-linter" "$bin/lint-imports" --no-cache
  step "migrations match models" "$bin/python" -m deploy.local.migrations_check
  step "OpenAPI is current" "$bin/python" -m services openapi --check
  suite "golden files" tests/contracts
  suite "foreign calls can be died at" tests/unit/house/test_foreign_calls.py
  step "scripts" bash -n deploy/local/attune.sh deploy/local/bootstrap.sh "$0" .ci/run
}

# side_by_side SUITE...: pytest's words for each, the longest first. Every suite has a run and
# servers of its own, so that none meets what another left running; three at a time, because most
# of them wait now and then, and no more, because who waits for a core proves nothing of speed.
side_by_side() {
  local report
  report="$(mktemp -d)"
  export longest="$1"
  printf '%s\n' "$@" | xargs -P "${ATTUNE_TEST_JOBS:-3}" -I{} \
    bash -c 'one_of_many "$@"' _ "$report" {} || echo "a suite that was cut off" >>"$report/failed"
  if [[ -f "$report/failed" ]]; then mapfile -t failed <"$report/failed"; fi
  rm -rf "$report"
}

# one_of_many REPORT SUITE: shows all it has to say when it ends. The longest decides when all is
# over, so the others make do with what it leaves of the cores.
one_of_many() {
  local report="$1" suite="$2" began=$SECONDS log words way=(nice -n 5)
  log="$(mktemp -p "$report")"
  read -ra words <<<"$suite"
  if [[ "$suite" == "$longest" ]]; then way=(); fi
  "${way[@]}" "$bin/pytest" "${words[@]}" -m "not long" >"$log" 2>&1 ||
    echo "$suite" >>"$report/failed"
  echo "== $suite"
  cat "$log"
  echo "   ($((SECONDS - began)) s)"
}
export -f one_of_many
export bin

# What shares one product comes in this order: races and kills ask whether anything was left undone.
on_one_product="tests/races/house tests/faults tests/security/visits"

run_tests() {
  setup setup-tests
  local folders=(tests/integration/[a-z]*/)
  side_by_side tests/e2e "$on_one_product" "${folders[@]%/}" \
    "tests/security --ignore=tests/security/visits" "tests/races --ignore=tests/races/house" \
    "tests/unit --ignore=tests/unit/gateway" tests/unit/gateway tests/contracts
}

# What money has to withstand beside kills, long forms included: one product, then billing alone.
interleaved=(tests/races/house/test_{interleavings,repeats}.py)
money=(tests/integration/billing/test_{webhooks,webhook_orders,histories,silent_days,forgotten_keys}.py
  tests/integration/billing/test_{paying,refunds,dispute_orders,payouts,ledger,books_hold}.py
  tests/integration/billing/test_{invariants,reconciliation,any_life}.py)

# All of it is read before anything runs: the file may change meanwhile.
main() {
  case "${1:-}" in
    check) check ;;
    test) run_tests ;;
    races)
      setup
      suite "races" tests/races
      ;;
    faults)
      setup
      suite "faults" tests/faults "${interleaved[@]}"
      suite "money: webhooks, refunds, ledger, drift" "${money[@]}"
      suite "refunds at once" tests/races/billing
      suite "the stack itself, started and ended" tests/integration/stack -m long
      ;;
    e2e)
      setup setup-tests
      suite "end to end" tests/e2e
      ;;
    lighthouse)
      setup setup-tests >&2
      exec "$bin/python" -m tests.e2e.lighthouse "${@:2}"
      ;;
    soak)
      setup
      export HYPOTHESIS_PROFILE=soak
      suite "soak" tests/unit
      suite "money in any order" tests/integration/billing/test_any_life.py
      ;;
    bench)
      setup >&2
      exec "$bin/python" -m tests.bench
      ;;
    screenshots)
      setup setup-tests
      exec "$bin/python" -m tests.e2e.screenshots
      ;;
    *)
      echo "usage: $0 check|test|races|faults|e2e|lighthouse|soak|bench|screenshots" >&2
      exit 2
      ;;
  esac
  finish
}

main "$@"
exit
