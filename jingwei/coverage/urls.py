from django.urls import path

from jingwei.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("units/<slug:state>/", views.units, name="units"),
    path("units/<slug:state>/export/<slug:form>/", views.export, name="export"),
    path("entities/<int:pk>/cause/", views.cause, name="cause"),
    path("entities/<int:pk>/letter/", views.issue, name="issue"),
    path("letters/", views.letters, name="letters"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("letters/<int:pk>/answer/", views.answer, name="answer"),
]
