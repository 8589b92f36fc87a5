"""The drawn parts of a portrait, on a canvas of 320 by 320 with the light from the left.

Paths name their colours as `{hair}`, `{skin}` and so on; `portraits.py` fills them in.
"""

COLOURS = {
    # backdrops and the shape on them
    "sand": ("#EADCC6", "#DFCBAE"),
    "clay": ("#E6C8B1", "#D9B397"),
    "sage": ("#D2D5BF", "#BFC5A7"),
    "rose": ("#EBD3C8", "#DFBDAF"),
    "ochre": ("#EBD3A5", "#DFC085"),
    "mist": ("#DADBD2", "#C7CABE"),
    "terracotta": ("#DDB095", "#CF9A7B"),
    "linen": ("#F0E6D8", "#E3D3BD"),
    "slate": ("#C9D0D0", "#B4BEBF"),
}

SKIN = {
    # base, shade, lips
    "porcelain": ("#F4D6C1", "#E5BCA3", "#C4766A"),
    "fair": ("#EDC6A8", "#DAA888", "#B9695B"),
    "golden": ("#E6BC90", "#D09F70", "#B26A52"),
    "tan": ("#D5A077", "#BC845C", "#A35A48"),
    "brown": ("#AE7950", "#93613C", "#86453A"),
    "deep": ("#825539", "#68412A", "#98524A"),
    "dark": ("#643F2B", "#4D2F20", "#8C4B45"),
}

HAIR = {
    # base, lighter strand
    "black": ("#2C2625", "#453C39"),
    "espresso": ("#402C23", "#5A4134"),
    "chestnut": ("#6E4631", "#875B42"),
    "auburn": ("#8D4A2E", "#A76242"),
    "ginger": ("#B9673C", "#CF8356"),
    "blond": ("#D3AC74", "#E2C393"),
    "sandy": ("#A9814F", "#C09A69"),
    "grey": ("#9D978F", "#B5B0A8"),
    "silver": ("#C9C3BA", "#DDD8D0"),
}

CLOTH = {
    # base, fold, what is worn beneath
    "forest": ("#40564A", "#334539", "#EDE3D2"),
    "navy": ("#37475E", "#2A374A", "#E9DFD0"),
    "rust": ("#A9573B", "#8D452D", "#F0E4D3"),
    "mustard": ("#C38F3F", "#A8782F", "#F3E8D6"),
    "cream": ("#F1E7D7", "#DDCEB7", "#C9B497"),
    "plum": ("#6C455A", "#573648", "#EBDDD3"),
    "teal": ("#3F676A", "#315255", "#EFE5D6"),
    "charcoal": ("#494643", "#383533", "#E7DCCB"),
    "moss": ("#7F8B66", "#6A7553", "#F2E8D8"),
    "rosewood": ("#B37A70", "#99635A", "#F4E9DD"),
    "oat": ("#CBB492", "#B39B78", "#F5ECDF"),
    "denim": ("#61798F", "#4E6478", "#EFE6DA"),
}

BACKDROPS = {
    "sun": '<circle cx="226" cy="112" r="92" fill="{tint}"/>',
    "arch": '<path d="M52 320V168a108 108 0 0 1 216 0V320Z" fill="{tint}"/>',
    "hill": '<path d="M0 214C70 150 130 240 204 190S300 156 320 172V320H0Z" fill="{tint}"/>',
    "disc": '<circle cx="160" cy="160" r="128" fill="{tint}"/>',
    "window": '<path d="M30 0H150V250H30ZM170 0H290V250H170Z" fill="{tint}"/>',
    "slope": '<path d="M0 0H190C130 90 150 210 60 320H0Z" fill="{tint}"/>',
}

_UNDER_CHIN = (
    '<path d="M136 182C148 202 174 202 184 176V206C170 220 148 214 136 196Z" fill="{shade}"/>'
)
NECK = '<path d="M136 164V226C142 262 178 262 184 226V164Z" fill="{skin}"/>' + _UNDER_CHIN

HEAD = (
    '<path d="M119 138c-12-6-14 26 4 24ZM201 138c12-6 14 26-4 24Z" fill="{shade}"/>'
    '<path d="M117 124C117 90 134 74 160 74S203 90 203 124C203 168 186 198 160 198'
    'S117 168 117 124Z" fill="{skin}"/>'
    '<path d="M186 84C204 98 203 118 203 126C202 168 186 198 160 198C182 188 190 164 190 132'
    'C190 112 190 98 186 84Z" fill="{shade}" opacity=".55"/>'
)

_SHOULDERS = (
    "M34 320C36 270 66 252 104 240C122 234 132 230 137 218C142 246 178 246 183 218"
    "C188 230 198 234 216 240C254 252 284 270 286 320Z"
)
_SIDE = (
    '<path d="M286 320C284 270 254 252 216 240C240 262 250 290 250 320Z" fill="{fold}"'
    ' opacity=".6"/><path d="M92 320C92 304 90 292 86 282" fill="none" stroke="{fold}"'
    ' stroke-width="3" stroke-linecap="round"/>'
)
_BODY = f'<path d="{_SHOULDERS}" fill="{{cloth}}"/>{_SIDE}'

GARMENTS = {
    "crew": _BODY + '<path d="M131 226C138 258 182 258 189 226" fill="none" stroke="{fold}"'
    ' stroke-width="7" stroke-linecap="round"/>',
    "roll": _BODY + '<path d="M133 196C146 206 174 206 187 196L191 236C176 252 144 252 129 236Z"'
    ' fill="{cloth}"/><path d="M129 236C144 252 176 252 191 236M131 216C146 228 174 228 189 216"'
    ' fill="none" stroke="{fold}" stroke-width="3" stroke-linecap="round"/>',
    "scoop": '<path d="M90 262C112 238 136 240 140 206H180C184 240 208 238 230 262V300H90Z"'
    ' fill="{skin}"/>'
    + _UNDER_CHIN
    + '<path d="M34 320C36 270 62 254 104 241C120 286 200 286 216 241C258 254 284 270'
    ' 286 320Z" fill="{cloth}"/>' + _SIDE,
    "shirt": _BODY + '<path d="M136 220L160 268L184 220C176 244 144 244 136 220Z" fill="{skin}"/>'
    '<path d="M160 268V320" stroke="{fold}" stroke-width="3"/>'
    '<path d="M137 214L160 266L138 276L118 236ZM183 214L160 266L182 276L202 236Z" fill="{cloth}"'
    ' stroke="{fold}" stroke-width="2.5" stroke-linejoin="round"/>'
    '<circle cx="166" cy="290" r="2.6" fill="{fold}"/>',
    "blazer": _BODY + '<path d="M137 218C142 246 178 246 183 218L198 236L166 320H154L122 236Z"'
    ' fill="{under}"/><path d="M136 219L126 232L110 246L116 266L106 274L152 320H156L154 306Z'
    'M184 219L194 232L210 246L204 266L214 274L168 320H164L166 306Z" fill="{fold}"/>',
    "cardigan": _BODY
    + '<path d="M137 218C142 246 178 246 183 218L197 238L172 320H148L123 238Z" fill="{under}"/>'
    '<path d="M124 234C132 268 144 296 150 320M196 234C188 268 176 296 170 320" fill="none"'
    ' stroke="{fold}" stroke-width="8" stroke-linecap="round"/>',
    "wrap": _BODY
    + '<path d="M137 218C142 246 178 246 183 218L196 236C184 262 172 276 152 290C140 272'
    ' 128 252 124 236Z" fill="{skin}"/><path d="M124 236C134 268 160 296 190 320M196 236'
    'C184 266 168 284 140 298" fill="none" stroke="{fold}" stroke-width="4"'
    ' stroke-linecap="round"/>',
    "shawl": _BODY
    + '<path d="M104 236C128 262 192 262 216 236C232 250 236 268 228 284C196 300 124 300 92 284'
    'C84 268 88 250 104 236Z" fill="{fold}"/><path d="M100 262C136 284 184 284 222 260" fill="none"'
    ' stroke="{cloth}" stroke-width="4" stroke-linecap="round"/>',
}

MOUTHS = {
    "soft": '<path d="M147 171Q160 180 173 171" fill="none" stroke="{lips}" stroke-width="3.6"'
    ' stroke-linecap="round"/>',
    "open": '<path d="M145 168Q160 173 175 168Q172 185 160 185T145 168Z" fill="{lips}"/>'
    '<path d="M149 170Q160 174 171 170L169 175Q160 178 151 175Z" fill="#FBF3EA"/>',
    "calm": '<path d="M150 173Q160 177 171 172" fill="none" stroke="{lips}" stroke-width="3.6"'
    ' stroke-linecap="round"/>',
    "full": '<path d="M147 171Q154 166 160 169Q166 166 173 171Q160 184 147 171Z" fill="{lips}"/>',
}

EYES = {
    "round": '<ellipse cx="142" cy="134" rx="3.6" ry="4.6" fill="#2B2320"/>'
    '<ellipse cx="178" cy="134" rx="3.6" ry="4.6" fill="#2B2320"/>',
    "smile": '<path d="M135 136Q142 129 149 136M171 136Q178 129 185 136" fill="none"'
    ' stroke="#2B2320" stroke-width="3.2" stroke-linecap="round"/>',
    "lash": '<path d="M134 133Q142 126 149 133M171 133Q178 126 186 133" fill="none"'
    ' stroke="#2B2320" stroke-width="2.6" stroke-linecap="round"/>'
    '<circle cx="142" cy="134" r="3.8" fill="#2B2320"/>'
    '<circle cx="178" cy="134" r="3.8" fill="#2B2320"/>',
}

FACE = (
    '<path d="M132 121Q141 115 150 120M170 120Q179 115 188 121" fill="none" stroke="{brow}"'
    ' stroke-width="3.6" stroke-linecap="round"/>'
    '<path d="M161 136C160 146 155 152 158 156C161 158 164 157 166 156" fill="none"'
    ' stroke="{shade}" stroke-width="3" stroke-linecap="round"/>'
    '<circle cx="133" cy="154" r="9" fill="{lips}" opacity=".16"/>'
    '<circle cx="187" cy="154" r="9" fill="{lips}" opacity=".16"/>'
)

BEARDS = {
    "full": '<path d="M117 134C116 182 134 212 160 212S204 182 203 134C200 152 194 160 184 161'
    "C174 155 146 155 136 161C126 160 120 152 117 134ZM148 171C152 166 168 166 172 171"
    'C168 178 152 178 148 171Z" fill="{hair}" fill-rule="evenodd"/>',
    "short": '<path d="M117 138C118 178 136 202 160 202S202 178 203 138C199 160 192 168 180 164'
    "C172 159 148 159 140 164C128 168 121 160 117 138ZM147 171C152 166 168 166 173 171"
    'C168 180 152 180 147 171Z" fill="{hair}" fill-rule="evenodd" opacity=".82"/>',
    "stubble": '<path d="M118 142C120 178 136 199 160 199S200 178 202 142C196 164 190 168 180 163'
    'C172 158 148 158 140 163C130 168 124 164 118 142Z" fill="{hair}" opacity=".22"/>',
    "moustache": '<path d="M140 169C146 160 156 160 160 163C164 160 174 160 180 169'
    'C172 171 164 170 160 167C156 170 148 171 140 169Z" fill="{hair}"/>',
}

EXTRAS = {
    "glasses": '<g fill="none" stroke="{frame}" stroke-width="3"><circle cx="141" cy="135" r="14"/>'
    '<circle cx="179" cy="135" r="14"/><path d="M155 133Q160 129 165 133M127 132L118 129'
    'M193 132L202 129"/></g>',
    "square": '<g fill="none" stroke="{frame}" stroke-width="3.4"><rect x="126" y="123" width="29"'
    ' height="23" rx="7"/><rect x="165" y="123" width="29" height="23" rx="7"/>'
    '<path d="M155 132Q160 129 165 132M126 130L118 128M194 130L202 128"/></g>',
    "hoops": '<g fill="none" stroke="#C9973F" stroke-width="3"><circle cx="115" cy="171" r="8"/>'
    '<circle cx="205" cy="171" r="8"/></g>',
    "studs": '<circle cx="115" cy="163" r="3.4" fill="#E3BE72"/>'
    '<circle cx="205" cy="163" r="3.4" fill="#E3BE72"/>',
    "beads": '<path d="M140 240C146 270 174 270 180 240" fill="none" stroke="#C9973F"'
    ' stroke-width="6" stroke-dasharray=".1 10" stroke-linecap="round"/>',
    "freckles": '<path d="M130 149h.1M137 153h.1M132 157h.1M183 153h.1M190 149h.1M188 157h.1"'
    ' stroke="{shade}" stroke-width="3" stroke-linecap="round"/>',
}

BROWS = {"blond": "#A98353", "silver": "#8F8981", "grey": "#7A746D"}
