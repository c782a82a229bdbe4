from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "jingwei.bodies"
    verbose_name = "机构"
