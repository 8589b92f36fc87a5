"""The form of the month end."""

from pydantic import UUID7

from services.gateway.forms.reading import Form


class CloseMonthForm(Form):
    """That a month is closed; `form_id` becomes the id of this act."""

    form_id: UUID7
