"""Addresses of bulletins, tables and forms."""

from django.urls import path

from jingwei.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.papers, name="list"),
    path("new/", views.new, name="new"),
    path("templates/", views.templates, name="templates"),
    path("templates/own/", views.own_template, name="own_template"),
    path("templates/<int:pk>/", views.template, name="template"),
    path("templates/<int:pk>/remove/", views.remove_template, name="remove_template"),
    path("<int:pk>/", views.paper, name="paper"),
    path("<int:pk>/words/", views.words, name="words"),
    path("<int:pk>/remake/", views.remake, name="remake"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/cells/<slug:cell>/", views.cell, name="cell"),
    path("<int:pk>/<slug:form>/", views.download, name="download"),
]
