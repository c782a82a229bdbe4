"""The words of indicators: what is counted, in which unit, and how a figure is cut."""

from jingwei.domain.glossary import Labelled


class Unit(Labelled):
    """Unit of an indicator's value."""

    COUNT = "count"
    PERCENT = "percent"
    RATIO = "ratio"
    PERSONS = "persons"


class Population(Labelled):
    """Whose rows are counted."""

    ENTITY = "entity"
    ORGANIZATION = "organization"
    LETTER = "letter"


class Period(Labelled):
    """Whether a figure holds at a moment or is gathered over a time that ends on its day."""

    MOMENT = "moment"
    MONTH = "month"
    YEAR = "year"


class Cut(Labelled):
    """Into which groups a figure is divided. The groups of every cut but TAG add up to the total."""

    TOTAL = "total"
    COUNTY = "county"
    AREA = "area"
    INDUSTRY_BODY = "industry_body"
    TAG = "tag"
    SIZE = "size"
    FORM = "form"
    ROSTER = "roster"


# Parts of a figure that open to rows; any other part is a label of what stands beside it.
NUMERATOR, DENOMINATOR, COMPLEMENT = "numerator", "denominator", "complement"
