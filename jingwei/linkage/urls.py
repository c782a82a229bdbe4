"""Addresses of the matching."""

from django.urls import path

from jingwei.linkage import views

app_name = "linkage"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("new/", views.start, name="start"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/rows/<slug:rule>/", views.rows, name="rows"),
    path("<int:pk>/approve/", views.approve, name="approve"),
]
