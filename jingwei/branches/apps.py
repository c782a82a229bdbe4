from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "jingwei.branches"
    verbose_name = "党组织"
