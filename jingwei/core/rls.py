"""SQL for row-level security, used by migrations. The policies are the second of two locks."""

SCOPE_FUNCTIONS = """
CREATE FUNCTION jw_scope_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('jw.everything', true), '') = 'on' $$;
CREATE FUNCTION jw_scope_places() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('jw.places', true), ''), ',')::int[] $$;
CREATE FUNCTION jw_scope_bodies() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(coalesce(current_setting('jw.bodies', true), ''), ',')::int[] $$;
"""

DROP_SCOPE_FUNCTIONS = """
DROP FUNCTION jw_scope_everything();
DROP FUNCTION jw_scope_places();
DROP FUNCTION jw_scope_bodies();
"""

# Sub-selects make the settings constants of the statement: they are read once, not once a row.
EVERYTHING = "(SELECT jw_scope_everything())"
PLACES = "(SELECT jw_scope_places())::int[]"
BODIES = "(SELECT jw_scope_bodies())::int[]"


def scope_condition(*, places: tuple[str, ...], bodies: tuple[str, ...]) -> str:
    """SQL condition: the whole city, or one of the columns lies in the scope."""
    terms = [EVERYTHING]
    terms += [f"{column} = ANY({PLACES})" for column in places]
    terms += [f"{column} = ANY({BODIES})" for column in bodies]
    return " OR ".join(terms)


def enable(table: str, condition: str) -> str:
    """Statements that put a table under a policy; without a scope nobody but its owner sees a row."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY scope ON {table} TO jw_staff USING ({condition}) WITH CHECK ({condition});"
    )


def enable_through(table: str, *, column: str, parent: str) -> str:
    """Policy of a child table: a row is visible when its parent row is."""
    return enable(table, f"EXISTS (SELECT 1 FROM {parent} parent WHERE parent.id = {table}.{column})")


def disable(table: str) -> str:
    return f"DROP POLICY scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
