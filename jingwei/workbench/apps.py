from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "jingwei.workbench"
    verbose_name = "工作台"
