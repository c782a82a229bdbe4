"""Addresses of indicators, snapshots and confirmations."""

from django.urls import path

from jingwei.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.indicators, name="list"),
    path("snapshots/", views.snapshots, name="snapshots"),
    path("snapshots/take/", views.take, name="take"),
    path("snapshots/<slug:number>/", views.snapshot, name="snapshot"),
    path("confirm/", views.confirmations, name="confirm"),
    path("confirm/<int:pk>/", views.confirm, name="confirm_place"),
    path("<slug:pk>/", views.indicator, name="detail"),
    path("<slug:pk>/rows/", views.rows, name="rows"),
    path("<slug:pk>/changes/", views.changes, name="changes"),
    path("<slug:pk>/target/", views.target, name="target"),
]
