"""All addresses of the staff process."""

from django.urls import include, path

handler400 = "jingwei.core.errors.bad_request"
handler403 = "jingwei.core.errors.forbidden"
handler404 = "jingwei.core.errors.not_found"
handler500 = "jingwei.core.errors.server_error"

urlpatterns = [
    path("accounts/", include("jingwei.accounts.urls")),
    path("places/", include("jingwei.places.urls")),
    path("calendar/", include("jingwei.core.urls")),
    path("bodies/", include("jingwei.bodies.urls")),
    path("imports/", include("jingwei.rosters.urls")),
    path("linkage/", include("jingwei.linkage.urls")),
    path("", include("jingwei.registrations.urls")),
    path("branches/", include("jingwei.branches.urls")),
    path("coverage/", include("jingwei.coverage.urls")),
    path("indicators/", include("jingwei.indicators.urls")),
    path("bulletins/", include("jingwei.bulletins.urls")),
    path("", include("jingwei.workbench.urls")),
]
