from django.apps import AppConfig


class BaseRosterConfig(AppConfig):
    name = "jingwei.base_roster"
    verbose_name = "基础名册"
