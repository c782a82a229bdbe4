from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "jingwei.core"
    verbose_name = "基础"
