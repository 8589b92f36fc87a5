"""What must never be false of who looked, as counts of violations for `make doctor`.

Each runs within one practice. The digests are worked out here from the rows as they are, apart from
how `domain/audit.py` made them.
"""

PRACTICES = "SELECT DISTINCT practice_id FROM plans.chart_keys"

CHECKS = {
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
