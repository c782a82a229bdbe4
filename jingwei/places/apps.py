from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "jingwei.places"
    verbose_name = "区划"
