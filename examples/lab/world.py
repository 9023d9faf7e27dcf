"""Builds a lab's folder: sites, clients, hotfix, inventory and plan.

Two builds with the same options give the same bytes and the same file times everywhere.
"""

import client_tree
import contents as lab_contents
import layout
import machines
import plan_text
import site_tree
from folder import write
from layout import Lab
from maintenance_manager import MaintenanceManager
from power import Power
from sender import Sender


def build(root, records, behaviours, clock, plan, contents=None, sites=("HQ",)):
    """Makes the lab in a new folder and gives it; says on the way what is missing for Wine.

    `plan` is a plan_text.Options; `contents` the standing lab's when it is not given."""
    contents = contents or lab_contents.standing()
    settings = layout.site_settings(sites)
    machines.spread(records, settings)
    root.mkdir(parents=True)
    lab = Lab.create(root, records, settings, clock)
    client_setup = site_tree.compiled_client_setup()
    systems = {record["os"] for record in records.values()}
    for site in lab.sites.values():
        site_tree.build(site, contents, client_setup, systems)
    files = client_tree.files_of(contents)
    for name in records:
        client_tree.build(lab, name, files, contents.language)
    for program in contents.payload:
        write(root / "hotfix" / program.cpu / program.name, program.content(), program.stamp)
    _inventory(lab)
    write(root / "plan.yaml", plan_text.compose(lab, contents, plan))
    for site in lab.sites.values():
        MaintenanceManager(lab, site).remember_system_map()
    for site in lab.sites.values():
        if site.parent:
            Sender(lab, site).remember_sent()
    for machine, text in behaviours.items():
        lab.behaviours.put(machine, text)
    Power(lab).apply(0)
    return lab


def _inventory(lab):
    rows = ["name,address,site,platform,os,ring"]
    for name, record in lab.clients.items():
        site = record["site"]
        address = f"{name}.{site.lower()}.example"
        rows.append(",".join((name, address, site, record["platform"], record["os"], record["ring"])))
    write(lab.root / "clients.csv", "\n".join(rows) + "\n")
