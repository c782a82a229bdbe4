from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "jingwei.rosters"
    verbose_name = "名单"
