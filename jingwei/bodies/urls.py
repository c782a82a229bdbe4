from django.urls import path

from jingwei.bodies import views

app_name = "bodies"
urlpatterns = [
    path("", views.bodies, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/end/", views.end, name="end"),
]
