from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jingwei.accounts"
    verbose_name = "用户与授权"
