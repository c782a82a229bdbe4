"""Addresses of the intake."""

from django.urls import path

from jingwei.rosters import views

app_name = "rosters"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("new/", views.upload, name="upload"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/commit/", views.commit, name="commit"),
    path("<int:pk>/restart/", views.restart, name="restart"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/rejected/", views.rejected, name="rejected"),
    path("<int:pk>/rejected/download/", views.download, name="download"),
    path("<int:pk>/rejected/resend/", views.resend, name="resend"),
]
