"""Addresses of the pages that need several apps."""

from django.urls import path

from jingwei.workbench.views import (
    correct,
    entity,
    health,
    home,
    letters,
    merging,
    placement,
    presentation,
    quality,
    review,
    roster,
)

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
    path("linkage/review/", review.queue, name="review"),
    path("linkage/review/<int:pk>/", review.pair, name="review_pair"),
    path("linkage/review/<int:pk>/decide/", review.decide, name="review_decide"),
    path("linkage/review/decisions/", review.decisions, name="review_decisions"),
    path("linkage/review/decisions/<int:pk>/undo/", review.undo, name="review_undo"),
    path("linkage/quality/", quality.overview, name="quality"),
    path("linkage/quality/draw/", quality.draw, name="quality_draw"),
    path("linkage/quality/<int:sample>/", quality.pair, name="sample"),
    path("linkage/quality/<int:sample>/<int:number>/", quality.pair, name="sample_pair"),
    path("linkage/quality/<int:sample>/<int:number>/judge/", quality.judge, name="sample_judge"),
    path("linkage/quality/<int:sample>/<int:number>/act/", quality.act, name="sample_act"),
    path("entities/<int:pk>/merge/", merging.choose, name="merge"),
    path("entities/<int:pk>/merge/<int:other>/", merging.preview, name="merge_preview"),
    path("entities/<int:pk>/merges/", merging.merges, name="merges"),
    path("entities/<int:pk>/sources/<int:unit>/move/", merging.move, name="move_unit"),
    path("merges/<int:pk>/undo/", merging.undo, name="unmerge"),
    path("placement/", placement.queue, name="placement"),
    path("placement/roads/", placement.answer, name="answer_road"),
]
