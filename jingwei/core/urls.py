from django.urls import path

from jingwei.core import views

app_name = "calendar"
urlpatterns = [
    path("", views.days, name="days"),
    path("add/", views.add, name="add"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
