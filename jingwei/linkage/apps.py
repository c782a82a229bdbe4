from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "jingwei.linkage"
    verbose_name = "大数据对碰"
