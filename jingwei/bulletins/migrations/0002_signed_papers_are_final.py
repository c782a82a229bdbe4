from django.db import migrations

from jingwei.core.rls import EVERYTHING, PLACES, disable, enable

# Papers of sums are for every office once they are signed; papers that name units stay with their place.
READABLE = (
    f"{EVERYTHING} OR place_id = ANY({PLACES})"
    " OR (signed_at IS NOT NULL AND kind IN ('bulletin', 'monthly', 'form_a', 'form_b'))"
)

FINAL = """
CREATE FUNCTION jw_signed_paper_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION '已签发的文稿不可更改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION jw_files_of_signed_paper_are_final() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM bulletins_paper
              WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.paper_id ELSE OLD.paper_id END AND signed_at IS NOT NULL) THEN
    RAISE EXCEPTION '已签发的文稿不可更改' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_paper_is_final BEFORE UPDATE OR DELETE ON bulletins_paper
  FOR EACH ROW EXECUTE FUNCTION jw_signed_paper_is_final();
CREATE TRIGGER files_of_signed_paper_are_final BEFORE INSERT OR UPDATE OR DELETE ON bulletins_paperfile
  FOR EACH ROW EXECUTE FUNCTION jw_files_of_signed_paper_are_final();
"""
UNDO_FINAL = """
DROP TRIGGER files_of_signed_paper_are_final ON bulletins_paperfile;
DROP TRIGGER signed_paper_is_final ON bulletins_paper;
DROP FUNCTION jw_files_of_signed_paper_are_final();
DROP FUNCTION jw_signed_paper_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_initial"), ("core", "0002_security")]
    operations = [
        migrations.RunSQL(FINAL, UNDO_FINAL),
        migrations.RunSQL(enable("bulletins_paper", READABLE), disable("bulletins_paper")),
    ]
