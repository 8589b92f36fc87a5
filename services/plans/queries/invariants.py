"""What must never be false of charts and of who looked, as counts of violations for `make doctor`.

Each runs within one practice. No chart is opened: what is sealed is told from text by its bytes.
The digests are worked out here from the rows as they are, apart from
how `domain/audit.py` made them.
"""

PRACTICES = "SELECT DISTINCT practice_id FROM plans.chart_keys"

#: All that is clinical: tables and columns.
SEALED = (
    ("entries", "sealed"),
    ("fillings", "sealed"),
    ("intake_answers", "sealed"),
    ("intakes", "draft"),
    ("note_addenda", "sealed"),
    ("note_signatures", "sealed"),
    ("notes", "sealed"),
    ("reviews", "sealed"),
    ("versions", "sealed"),
    ("versions", "wish"),
)
#: UTF-8 without control characters, byte by byte in hex; the last character may be cut off. Sealed
#: bytes are random: 29 of them, the fewest there are, look like this once in billions.
TEXT = (
    "^(0[9ad]|[2-6][0-9a-f]|7[0-9a-e]|c[2-9a-f][89ab][0-9a-f]|d[0-9a-f][89ab][0-9a-f]"
    "|e[0-9a-f]([89ab][0-9a-f]){2}|f[0-4]([89ab][0-9a-f]){3})*"
    "([c-f][0-9a-f]([89ab][0-9a-f]){0,2})?$"
)
_OF_COLUMN = (
    "SELECT count(*) AS found FROM plans.{table}"
    " WHERE encode(substr({column}, 1, 100), 'hex') ~ '{shape}'"
)
_OF_ALL = "SELECT sum(found)::bigint FROM ({each}) AS clear"
_IN_THE_CLEAR = _OF_ALL.format(
    each=" UNION ALL ".join(
        _OF_COLUMN.format(table=table, column=column, shape=TEXT) for table, column in SEALED
    )
)

CHECKS = {
    "what is written in charts is sealed": _IN_THE_CLEAR,
    "what was written down of looks into charts is as it was sealed": """
        SELECT count(*) FROM plans.access_seals s
        LEFT JOIN plans.access_seals before
          ON before.practice_id = s.practice_id AND before.number = s.number - 1
        CROSS JOIN LATERAL (
          SELECT count(*) AS accesses, string_agg(concat_ws('|', a.id, a.chart_id,
              coalesce(a.account_id::text, ''), a.party, coalesce(a.by_account_id::text, ''),
              coalesce(a.by_booking_id::text, ''), coalesce(a.practitioner_id::text, ''),
              a.is_write::text, a.is_supervisor::text, a.kind, a.record_id,
              (extract(epoch FROM a.at) * 1000000)::bigint), chr(10) ORDER BY a.id) AS lines
          FROM plans.accesses a
          WHERE a.practice_id = s.practice_id AND a.seal_number = s.number) AS covered
        WHERE covered.accesses <> s.accesses OR s.digest <> sha256(
          coalesce(before.digest, decode(repeat('00', 32), 'hex')) || convert_to(
            concat(s.practice_id, '|', s.number, '|', s.accesses, chr(10), covered.lines),
            'UTF8'))""",
    "no seal over looks into charts is missing": """
        SELECT coalesce(max(number), 0) - count(*) FROM plans.access_seals""",
    "no look into a chart waits an hour to be sealed": """
        SELECT count(*) FROM plans.accesses
        WHERE seal_number IS NULL AND id < (
          lpad(to_hex((extract(epoch FROM now() - interval '1 hour') * 1000)::bigint), 12, '0')
          || repeat('0', 20))::uuid""",
}
