from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "jingwei.registrations"
    verbose_name = "登记"
