from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "jingwei.bulletins"
    verbose_name = "通报"
