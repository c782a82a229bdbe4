from django.urls import path

from jingwei.accounts.views import journal, login, people, profile

app_name = "accounts"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("otp/", login.otp, name="otp"),
    path("otp/setup/", login.otp_setup, name="otp_setup"),
    path("otp/recovery/", login.recovery, name="recovery"),
    path("sso/", login.sso, name="sso"),
    path("sso/return/", login.sso_return, name="sso_return"),
    path("password/", profile.password, name="password"),
    path("profile/", profile.profile, name="profile"),
    path("users/", people.users, name="users"),
    path("users/new/", people.new_user, name="new_user"),
    path("users/<int:pk>/", people.user, name="user"),
    path("users/<int:pk>/<slug:name>/", people.act, name="act"),
    path("grants/<int:pk>/revoke/", people.revoke, name="revoke"),
    path("journal/", journal.journal, name="journal"),
]
