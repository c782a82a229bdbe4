from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "jingwei.indicators"
    verbose_name = "指标"
