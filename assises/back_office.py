from django.contrib.admin import AdminSite
class BackOffice(AdminSite):
    pass
