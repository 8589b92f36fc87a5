"""What must never be false of the directory, as counts of violations for `make doctor`."""

PRACTICES = "SELECT DISTINCT practice_id FROM profiles.published_practitioners"

CHECKS: dict[str, str] = {}

#: The directory belongs to no practice. booking tells a time's passing within a second or two.
ACROSS = {
    "who is listed has a time to come": """
        SELECT count(*) FROM (
          SELECT FROM profiles.directory_openings GROUP BY practitioner_id
          HAVING max(next_free_at) < now() - interval '5 minutes') AS over""",
    "every time in the directory is one that booking told": """
        SELECT count(*) FROM profiles.directory_openings d WHERE NOT EXISTS (
          SELECT FROM profiles.told_openings t, jsonb_array_elements(t.openings) AS told
          WHERE t.practitioner_id = d.practitioner_id
            AND (told ->> 'next_free_at')::timestamptz = d.next_free_at)""",
}
