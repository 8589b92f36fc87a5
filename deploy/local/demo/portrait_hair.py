"""Hair of the portraits: what lies behind the head and what falls in front of it.

`{hair}` is the base colour, `{strand}` the lighter one. Head coverings are drawn here too, in
the colours `{cloth}` and `{fold}`.
"""

_CAP = "M111 140C102 86 126 58 160 58S218 86 209 140"


def _strand(path: str) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{{strand}}" stroke-width="3.5"'
        ' stroke-linecap="round"/>'
    )


def _hair(path: str) -> str:
    return f'<path d="{path}" fill="{{hair}}"/>'


def _curls(centres: str, radius: int) -> str:
    return "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}"/>'
        for x, y in (pair.split(",") for pair in centres.split())
    )


_SIDE_PART = _hair(
    _CAP + "C205 122 204 112 196 104C172 106 146 100 134 90C124 104 116 118 111 140Z"
)
_CENTRE_PART = _hair(_CAP + "C206 116 188 100 160 84C132 100 114 116 111 140Z")
_CROP = _hair(
    "M113 132C106 84 128 62 160 62S214 84 207 132C204 118 202 110 197 103C176 96 144 96 123 103"
    "C118 110 116 118 113 132Z"
)

_NAPE = _hair(_CAP + "C214 170 196 180 160 180S106 170 111 140Z")

BEHIND = {
    "nape": _NAPE,
    "bob": _hair("M104 192C92 100 116 54 160 54S228 100 216 192C196 204 124 204 104 192Z"),
    "long": _hair(
        "M96 262C86 210 98 170 102 126C106 78 130 54 160 54S214 78 218 126C222 170 234 210 224 262"
        "C186 280 134 280 96 262Z"
    ),
    "waves": _hair(
        "M100 250C76 236 92 208 94 190C80 172 98 158 98 134C98 82 126 54 160 54S222 82 222 134"
        "C222 158 240 172 226 190C228 208 244 236 220 250C188 268 132 268 100 250Z"
    ),
    "bun": _NAPE
    + '<circle cx="160" cy="48" r="27" fill="{hair}"/>'
    + _strand("M146 46C150 34 166 30 176 38"),
    "low-bun": _NAPE
    + '<circle cx="204" cy="192" r="24" fill="{hair}"/>'
    + _strand("M194 188C200 180 212 182 216 190"),
    "curls": '<g fill="{hair}">'
    + _curls("104,176 96,148 98,120 108,94 128,74 160,66 192,74 212,94 222,120 224,148 216,176", 23)
    + "</g>",
    "hijab": '<path d="M98 250C84 190 88 54 160 54S236 190 222 250C190 276 130 276 98 250Z"'
    ' fill="{fold}"/>',
    "wrapped": '<path d="M104 116C92 40 130 26 166 28C206 26 230 52 214 116Z" fill="{cloth}"/>'
    '<circle cx="182" cy="42" r="20" fill="{fold}"/>',
}

BEFORE = {
    "bob": _hair(
        "M104 186C94 96 118 54 160 54S226 96 216 186C206 176 204 144 202 124C196 110 186 106 170"
        " 104C150 102 140 96 134 90C124 106 118 146 116 186C112 190 108 190 104 186Z"
    )
    + _strand("M128 78C140 68 158 64 176 68"),
    "fringe": _hair(
        "M104 190C94 96 118 54 160 54S226 96 216 190C208 180 206 150 203 118C188 112 174 116 160"
        " 116S132 112 117 118C114 150 112 180 104 190Z"
    )
    + _strand("M134 72C130 84 130 96 132 106M162 66V106M188 72C192 84 192 94 190 106"),
    "long": _CENTRE_PART + _strand("M160 64C140 70 126 84 120 104"),
    "swept": _SIDE_PART + _strand("M140 74C160 66 184 72 196 90"),
    "crop": _CROP + _strand("M132 82C148 72 172 72 188 82"),
    "quiff": _hair(
        "M112 132C106 100 112 82 124 74C132 48 176 40 204 62C216 78 212 106 208 132C204 118 204 110"
        " 198 100C178 92 160 96 138 88C126 96 118 112 112 132Z"
    )
    + _strand("M136 72C152 56 178 54 194 68"),
    "tied": _hair(_CAP + "C204 112 184 92 160 92S116 112 111 140Z")
    + _strand("M136 74C128 82 122 92 119 104M184 74C192 82 198 92 201 104"),
    "buzz": '<path d="M114 124C110 86 132 66 160 66S210 86 206 124C202 104 186 92 160 92S118 104'
    ' 114 124Z" fill="{hair}" opacity=".88"/>',
    "curls": '<g fill="{hair}">'
    + _curls("118,104 130,88 148,80 168,80 186,86 202,104", 17)
    + "</g>"
    + _strand("M128 84q6-8 14-6M156 74q8-6 16 0M188 86q8 0 10 10"),
    "mop": '<g fill="{hair}">'
    + _curls("112,116 116,94 130,76 150,66 172,66 192,76 206,94 208,116 140,88 164,86 186,92", 17)
    + "</g>"
    + _strand("M126 80q6-8 14-6M156 68q8-6 16 0M190 80q8 2 9 11"),
    "sides": _hair(
        "M114 142C106 122 112 104 129 89C122 104 120 120 120 142ZM206 142C214 122 208 104 191 89"
        "C198 104 200 120 200 142Z"
    ),
    "receding": _hair(
        "M113 136C104 88 128 62 160 62S216 88 207 136C204 116 204 106 192 92C182 88 176 94 164 88"
        "C150 84 140 86 130 92C118 106 116 116 113 136Z"
    )
    + _strand("M136 78C150 70 170 70 184 78"),
    "pixie": _hair(
        "M112 146C98 92 124 56 162 56S220 92 208 146C206 130 206 120 200 110C190 118 166 114 150 98"
        "C142 110 128 116 122 116C116 124 114 134 112 146Z"
    )
    + _strand("M150 70C170 66 190 76 198 94"),
    "hijab": '<path d="M100 244C82 176 92 54 160 54S238 176 220 244C186 268 134 268 100 244Z'
    'M160 82C132 82 119 104 119 130C119 168 136 196 160 196S201 168 201 130C201 104 188 82 160 82Z"'
    ' fill="{cloth}" fill-rule="evenodd"/>'
    '<path d="M112 200C132 226 176 232 212 196M106 228C140 250 184 250 216 224" fill="none"'
    ' stroke="{fold}" stroke-width="4" stroke-linecap="round"/>',
    "wrapped": '<path d="M110 116C104 60 132 40 162 42S218 62 210 116C190 92 130 92 110 116Z"'
    ' fill="{cloth}"/><path d="M116 100C136 72 176 62 204 70M126 62C150 54 190 66 208 92"'
    ' fill="none" stroke="{fold}" stroke-width="4" stroke-linecap="round"/>',
    "braid": _CENTRE_PART + _strand("M160 64C140 70 126 84 120 104"),
}

OVER_SHOULDERS = {
    "braid": '<g fill="{hair}"><ellipse cx="116" cy="186" rx="15" ry="18"/>'
    '<ellipse cx="112" cy="210" rx="15" ry="17"/><ellipse cx="109" cy="234" rx="14" ry="16"/>'
    '<ellipse cx="107" cy="256" rx="12" ry="14"/><ellipse cx="106" cy="276" rx="9" ry="13"/></g>'
    + _strand("M108 190l12 8M104 214l12 7M101 238l12 6"),
    "long": _hair("M102 150C98 190 90 232 95 264C99 284 117 284 122 268C127 240 114 200 118 150Z")
    + _hair("M218 150C222 190 230 232 225 264C221 284 203 284 198 268C193 240 206 200 202 150Z"),
}
