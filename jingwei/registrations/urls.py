"""Addresses of the registrations: pages for people, one address for departments' systems."""

from django.urls import path

from jingwei.registrations.views import api, pages

app_name = "registrations"
urlpatterns = [
    path("registrations/", pages.listed, name="list"),
    path("registrations/new/", pages.new, name="new"),
    path("registrations/look/", pages.look, name="look"),
    path("registrations/hand-over/", pages.hand_over, name="hand_over"),
    path("registrations/<int:pk>/", pages.detail, name="detail"),
    path("registrations/<int:pk>/withdraw/", pages.withdraw, name="withdraw"),
    path("api/v1/registrations", api.registrations, name="api"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
]
