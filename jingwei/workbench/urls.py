"""Addresses of the pages that need several apps."""

from django.urls import path

from jingwei.workbench.views import correct, entity, health, home, letters, placement, presentation, roster

app_name = "workbench"
urlpatterns = [
    path("", home.home, name="home"),
    path("presentation/", presentation.presentation, name="presentation"),
    path("health", health.health, name="health"),
    path("search/", roster.search, name="search"),
    path("rosters/<slug:roster>/", roster.roster_list, name="roster"),
    path("rosters/<slug:roster>/export/<slug:form>/", roster.export, name="export"),
    path("rosters/<slug:roster>/chosen/export/", roster.export_chosen, name="export_chosen"),
    path("rosters/<slug:roster>/chosen/letters/", letters.letters, name="letters"),
    path("rosters/<slug:roster>/views/", roster.save_view, name="save_view"),
    path("views/<int:pk>/delete/", roster.delete_view, name="delete_view"),
    path("entities/<int:pk>/", entity.entity, name="entity"),
    path("entities/<int:pk>/place/", placement.assign, name="assign_place"),
    path("entities/<int:pk>/ownership/", entity.ownership, name="ownership"),
    path("entities/<int:pk>/facts/<slug:kind>/", correct.correct, name="correct"),
    path("entities/<int:pk>/facts/<slug:kind>/withdraw/", correct.withdraw, name="withdraw"),
    path("placement/", placement.queue, name="placement"),
    path("placement/roads/", placement.answer, name="answer_road"),
]
