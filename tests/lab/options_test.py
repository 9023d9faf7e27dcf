"""make-lab's options, and what it says to wrong ones."""

import re

from lab_case import LabCase


class Options(LabCase):
    def make(self, *options):
        made = self.root.parent / "made"
        code, said = self.run_tool("make-lab", made, "--no-wine", *options)
        table = (made / "clients.csv").read_text().splitlines()[1:] if code == 0 else []
        return code, said, made, [row.split(",") for row in table]

    def test_the_lab_of_an_article_has_clients_of_the_systems_it_has_files_for(self):
        code, said, made, rows = self.make("--article", "Q193015")
        self.assertEqual((code, {row[4] for row in rows}), (0, {"os2"}), said)
        self.assertIn("hotfix/x86/Invos2.exe sha256", said)
        self.assertEqual((made / "hotfix/x86/Invos2.exe").stat().st_size, 151_981)
        self.assertIn("name: q193015", (made / "plan.yaml").read_text())

    def test_an_article_that_edits_system_map_is_planned_site_wide(self):
        _, _, made, _ = self.make("--article", "Q196228")
        text = (made / "plan.yaml").read_text()
        self.assertEqual(set(re.findall("method: (.*)", text)), {"site_wide"})

    def test_the_method_can_be_chosen_for_all_groups(self):
        _, _, made, _ = self.make("--article", "Q238247", "--method", "upgrade_bat")
        text = (made / "plan.yaml").read_text()
        self.assertEqual(re.findall("method: (.*)", text), ["upgrade_bat"] * 2)

    def test_several_sites_and_sms_ini_in_windows_folders(self):
        ini = "windows=pc001,pc003"
        code, said, made, rows = self.make(
            "--sites", "HQ,PLANT", "--canary", "1", "--clients", "4", "--ini", ini, "--story", "quiet"
        )
        self.assertEqual((code, [row[2] for row in rows]), (0, ["HQ", "HQ", "PLANT", "HQ"]), said)
        found = {path.parts[-3] for path in made.glob("clients/*/*/*") if path.name.lower() == "sms.ini"}
        self.assertEqual(found, {"pc001", "pc003"})

    def test_wrong_options_are_told_and_nothing_is_made(self):
        for options, said in (
            (("--article", "Q1"), "has no article 'Q1'"),
            (("--article", "Q254228", "--language", "00000407"), "comes for 00000409, 0000040C, not for 00000407"),
            (("--sites", "HQ,hq"), "names of capitals and digits"),
            (("--sites", "PLANT,PLATE"), "differ in the first three"),
            (("--os", "dos=1", "--ini", "windows=pc001"), "of clients that have Windows"),
            (("--os", "nt=2", "--canary", "3"), "0 to 999 clients"),
            (("--behaviour", "maintenance-manager@PLANT=dead"), "has no machine 'maintenance-manager@PLANT'"),
            (("--behaviour", "site-config-manager=dead"), "known here: locked"),
        ):
            code, told, made, _ = self.make(*options)
            self.assertEqual((code, made.exists()), (1, False), options)
            self.assertIn(said, told)
