from django.urls import path

from jingwei.bodies import views

app_name = "bodies"
urlpatterns = [
    path("", views.bodies, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
]
