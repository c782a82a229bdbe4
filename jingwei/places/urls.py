from django.urls import path

from jingwei.places import views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("overlays/", views.overlays, name="overlays"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/children/", views.children, name="children"),
]
