"""The journal in DATEV's format: an EXTF file, version 700, "Buchungsstapel" 13 (February 2024).

A line knows one account and one contra account, so a transaction of several entries becomes
several lines. docs/ledger.md says which fields are filled and which an accountant has to map.
"""

from datetime import date

from services.billing.domain.chart import CHART
from services.billing.domain.journal import Books, Movement, Pair, pairs, plain

END = "\r\n"
FORMAT, CATEGORY, VERSION = 700, 21, 13
ADVISER, CLIENT = 1001, 1
"""Placeholders that the format allows: the accountant's numbers are not ours to know."""
NUMBER_LENGTH = 4
LONGEST_TEXT = 60

_INFORMATION = tuple(f"Beleginfo - {what} {n}" for n in range(1, 9) for what in ("Art", "Inhalt"))
_MORE = tuple(f"Zusatzinformation - {w} {n}" for n in range(1, 21) for w in ("Art", "Inhalt"))
COLUMNS = (
    *("Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs"),
    *("Basis-Umsatz", "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)"),
    *("BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext"),
    *("Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt"),
    *("Zinssperre", "Beleglink", *_INFORMATION, "KOST1 - Kostenstelle"),
    *("KOST2 - Kostenstelle", "Kost-Menge", "EU-Land u. UStID (Bestimmung)"),
    *("EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart", "Sachverhalt L+L"),
    *("Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer"),
    *("BU 49 Funktionsergänzung", *_MORE, "Stück", "Gewicht", "Zahlweise", "Forderungsart"),
    *("Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer"),
    *("Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)"),
    *("Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)"),
    *("Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum"),
    *("SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer"),
    *("Identifikationsnummer", "Zeichnernummer", "Postensperre bis"),
    *("Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung"),
    *("Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)"),
    *("Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position"),
    *("EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto"),
)


def is_within_a_year(first: date, last: date) -> bool:
    """Whether the days are of one calendar year: a line's date has none of its own."""
    return first.year == last.year


def head(books: Books) -> str:
    """The two first lines: what the file is, and its columns."""
    made = books.written_at.astimezone(books.zone)
    begin = ['"EXTF"', str(FORMAT), str(CATEGORY), '"Buchungsstapel"', str(VERSION)]
    batch = [
        f"{made:%Y%m%d%H%M%S}{made.microsecond // 1000:03}",
        *("", '""', '""', '""'),
        *(str(ADVISER), str(CLIENT), f"{books.first.year}0101", str(NUMBER_LENGTH)),
        *(f"{books.first:%Y%m%d}", f"{books.last:%Y%m%d}", '"Attune"', '""', "1", "0", "0"),
    ]
    rest = [f'"{books.currency}"', "", '""', "", "", '"03"', "", "", '""', '""']
    return ";".join([*begin, *batch, *rest]) + END + ";".join(COLUMNS) + END


def lines(books: Books, movement: Movement) -> str:
    """A line for each pair of accounts."""
    return "".join(_line(books, movement, pair) + END for pair in pairs(movement.postings))


def _line(books: Books, movement: Movement, pair: Pair) -> str:
    filled = {
        "Umsatz (ohne Soll/Haben-Kz)": plain(pair.money).replace(".", ","),
        "Soll/Haben-Kennzeichen": '"S"',
        "WKZ Umsatz": f'"{pair.money.currency}"',
        "Konto": CHART[pair.debit].number,
        "Gegenkonto (ohne BU-Schlüssel)": CHART[pair.credit].number,
        "Belegdatum": f"{movement.day(books.zone):%d%m}",
        "Belegfeld 1": f'"{movement.id.hex}"',
        "Buchungstext": f'"{_text(movement)}"',
        "Festschreibung": "0",
    }
    return ";".join(filled.get(name, "") for name in COLUMNS)


def _text(movement: Movement) -> str:
    return f"{movement.kind} {movement.about or ''}".strip()[:LONGEST_TEXT]
