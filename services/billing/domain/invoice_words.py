"""What invoices say, in the language of the practice, in neutral words."""

from services.billing.domain.taxes import TaxRule
from services.contracts.billing.invoice_settings import Country, Language

SESSION = {"de": "Sitzung ({minutes} Minuten)", "en": "Session ({minutes} minutes)"}
MISSED = {
    "de": "Ausfallhonorar für einen nicht wahrgenommenen Termin",
    "en": "Fee for an appointment that was not kept",
}
TAX_NAMES = {
    (Country.DE, "de"): "USt.",
    (Country.GB, "de"): "USt. (VAT)",
    (Country.AU, "de"): "GST",
    (Country.DE, "en"): "VAT",
    (Country.GB, "en"): "VAT",
    (Country.AU, "en"): "GST",
}
TAX_ID_NAMES = {Country.AU: "ABN", Country.GB: "VAT number", Country.DE: "VAT ID"}
NOTES: dict[tuple[TaxRule, Country], dict[str, str]] = {
    (TaxRule.THERAPY, Country.DE): {
        "de": "Umsatzsteuerfreie Heilbehandlung gemäß § 4 Nr. 14 UStG.",
        "en": "Exempt from VAT as medical treatment: § 4 Nr. 14 UStG (German VAT Act).",
    },
    (TaxRule.THERAPY, Country.GB): {
        "de": "Steuerfrei nach VAT Act 1994, Schedule 9, Group 7.",
        "en": "Exempt from VAT: VAT Act 1994, Schedule 9, Group 7 (health and welfare).",
    },
    (TaxRule.THERAPY, Country.AU): {
        "de": "GST-frei nach GST Act 1999, section 38-10.",
        "en": "GST-free health service: GST Act 1999, section 38-10.",
    },
    (TaxRule.SMALL_BUSINESS, Country.DE): {
        "de": "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet (Kleinunternehmer).",
        "en": "No VAT is charged: small business under § 19 UStG (German VAT Act).",
    },
    (TaxRule.SMALL_BUSINESS, Country.GB): {
        "de": "Nicht zur VAT registriert; es wird keine VAT berechnet.",
        "en": "Not registered for VAT; no VAT is charged.",
    },
    (TaxRule.SMALL_BUSINESS, Country.AU): {
        "de": "Nicht zur GST registriert; es wird keine GST berechnet.",
        "en": "Not registered for GST; no GST is charged.",
    },
    (TaxRule.DAMAGES, Country.DE): {
        "de": "Ausfallhonorar: nicht steuerbarer Schadensersatz.",
        "en": "Fee for an appointment not kept: damages, outside the scope of VAT.",
    },
}


def line_words(language: Language, minutes: int, *, took_place: bool) -> str:
    """What a line is for: a session with its length, or the fee for one that was not kept."""
    return SESSION[language].format(minutes=minutes) if took_place else MISSED[language]


def tax_name(country: Country, language: Language) -> str:
    """What the tax is called."""
    return TAX_NAMES[country, language]


def tax_note(rule: TaxRule, country: Country, language: Language) -> str:
    """The sentence of law that is printed with what bears no tax; "" with what bears some."""
    return NOTES.get((rule, country), {}).get(language, "")


def tax_id_label(country: Country, language: Language, tax_id: str) -> str:
    """What the practice's tax id is called: that of a German tax office has no prefix."""
    if country is Country.DE and tax_id[:1].isdigit():
        return "Steuernummer" if language == "de" else "Tax number"
    if country is Country.DE and language == "de":
        return "USt-IdNr."
    return TAX_ID_NAMES[country]


def percent_label(basis_points: int) -> str:
    """ "19", "7.5": a rate in percent, without needless zeros."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
