"""Addresses of the Party organizations."""

from django.urls import path

from jingwei.branches import views

app_name = "branches"
urlpatterns = [
    path("", views.organizations, name="list"),
    path("<int:pk>/", views.organization, name="detail"),
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/<int:pk>/", views.covered, name="covered"),
    path("waiting/<int:pk>/decide/", views.decide, name="decide"),
]
