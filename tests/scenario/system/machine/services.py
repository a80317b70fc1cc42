"""Services are told exactly where systemd manages the machine, as its own folder shows."""

import os

from asking import ask, check

services = ask("services")
one = ask("services/no-such-service-here")
template = ask("services/getty@")
if os.path.isdir("/run/systemd/system"):
    check(services.get("total", 0) > 0, services)
    check(one.get("status") == 404 and one["code"] == "no_such_service", one)
    check(template.get("status") == 422 and template["code"] == "bad_service", template)
else:
    for each in (services, one, template):
        check(each.get("status") == 501 and each["code"] == "no_systemd", each)
print("as it is")
