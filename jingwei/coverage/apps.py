from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "jingwei.coverage"
    verbose_name = "两个覆盖"
