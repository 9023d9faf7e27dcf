"""The articles' file tables, and the hotfixes that labs are made of."""

import unittest
from datetime import datetime, timezone

import lab_case  # noqa: F401  (puts the lab on the path)

import binary
import hotfix
import hotfix_table


class HotfixTable(unittest.TestCase):
    def test_sizes_are_read_in_every_notation_of_the_articles(self):
        sizes = {"454,032": 454_032, "800528": 800_528, "16,256b": 16_256, "524KB": 536_576}
        sizes.update({"1,142 KB": 1_169_408, "4.19 KB": 4_291, "87.1 KB": 89_190})
        for text, size in sizes.items():
            self.assertEqual(hotfix_table.size(text), size, text)

    def test_rounded_sizes_give_bytes_that_round_to_them(self):
        for text, digits in (("4.19 KB", 2), ("87.1 KB", 1), ("14.5 KB", 1), ("442 KB", 0)):
            kilobytes = hotfix_table.size(text) / 1024
            self.assertEqual(round(kilobytes, digits), float(text.split()[0]), text)

    def test_dates_and_times_are_read_in_every_notation_of_the_articles(self):
        for date, time, expected in (
            ("5/4/99", "4:49pm", (1999, 5, 4, 16, 49)),
            ("04/22/2000", "11:01a", (2000, 4, 22, 11, 1)),
            ("14-Dec-2001", "", (2001, 12, 14, 12, 0)),
            ("04/19/2000", "00:21a", (2000, 4, 19, 0, 21)),
            ("04/19/2000", "12:20a", (2000, 4, 19, 0, 20)),
            ("08/12/98", "7:19 PM", (1998, 8, 12, 19, 19)),
            ("4/10/2001", "5:39:46", (2001, 4, 10, 5, 39)),
        ):
            found = datetime.fromtimestamp(hotfix_table.stamp(date, time), timezone.utc)
            self.assertEqual((found.year, found.month, found.day, found.hour, found.minute), expected)

    def test_a_name_has_one_spelling_however_an_article_writes_it(self):
        names = {row.name for row in hotfix_table.rows()}
        self.assertEqual(len(names), len({name.lower() for name in names}))
        self.assertLessEqual({"Getdisk.exe", "95Getdsk.exe", "Cl_w95.mod", "_wuser9x.dll"}, names)

    def test_no_article_lists_one_file_of_one_edition_twice(self):
        keys = [(row.article, row.name.lower(), row.cpu, row.edition) for row in hotfix_table.rows()]
        self.assertEqual(len(keys), len(set(keys)))


class Hotfixes(unittest.TestCase):
    def test_every_payload_of_every_article_has_its_size_and_a_program_its_cpu(self):
        for article in hotfix_table.articles():
            for program in hotfix.read(article).payload:
                content = program.content()
                self.assertEqual(len(content), program.size, program)
                at = int.from_bytes(content[0x3C:0x40], "little")
                if content[:2] == b"MZ" and content[at : at + 2] == b"PE":
                    machine = int.from_bytes(content[at + 4 : at + 6], "little")
                    self.assertEqual(machine, binary.MACHINE[program.cpu], program)
                    self.assertEqual(binary.time_stamp(content), program.stamp)
                elif program.name.lower().endswith((".exe", ".dll")):
                    self.assertEqual((content[:2], program.cpu), (b"MZ", "x86"), program)

    def test_what_a_site_has_is_older_and_of_another_size_or_not_there_at_all(self):
        for article in hotfix_table.articles():
            found = hotfix.read(article)
            staged = {(one.name.lower(), one.cpu): one for one in found.staged}
            for program in found.payload:
                old = staged.get((program.name.lower(), program.cpu))
                if old is not None:
                    self.assertLess(old.stamp, program.stamp, program)
                    self.assertNotEqual(old.size, program.size, program)
                    self.assertLessEqual(set(program.places), set(old.places), program)

    def test_folders_follow_the_target_column(self):
        def places_of(article, name, cpu="x86"):
            payload = hotfix.read(article).payload
            return next(one.places for one in payload if (one.name, one.cpu) == (name, cpu))

        source = "Site.srv/Maincfg.box/Client.src"
        self.assertEqual(places_of("Q237690", "Pcmwin32.exe", "alpha"), (f"{source}/Alpha.bin",))
        self.assertEqual(places_of("Q230242", "Pcmsvc32.exe"), ("Site.srv/X86.bin",))
        self.assertEqual(places_of("Q236913", "Invwin32.exe"), (f"{source}/X86.bin", "Site.srv/X86.bin"))
        self.assertEqual(places_of("Q193269", "Cl_w95.mod"), (f"{source}/X86.bin/00000409",))
        self.assertEqual(places_of("Q314434", "Clicfg.exe", "alpha"), ("Helper.srv/Alpha.bin",))
        self.assertEqual(places_of("Q195702", "Check20.exe"), (source,))
        self.assertEqual(places_of("Q254532", "W9xtow2k.exe"), ("Site.srv/Maincfg.box/Mstest",))
        self.assertEqual(places_of("Q245816", "Mergemap.exe"), ())

    def test_an_edition_is_chosen_by_language(self):
        sizes = {
            language: next(
                one.size
                for one in hotfix.read("Q254228", language).payload
                if (one.name, one.cpu) == ("Sightnt.dll", "x86")
            )
            for language in ("00000409", "0000040C")
        }
        self.assertEqual(sizes, {"00000409": 333_008, "0000040C": 338_640})
        with self.assertRaisesRegex(ValueError, "comes for 00000407, 00000409, not for 0000040C"):
            hotfix.read("Q229097", "0000040C")

    def test_an_unknown_article_is_told_with_those_there_are(self):
        with self.assertRaisesRegex(ValueError, "has no article 'Q1'; it has .*Q237690"):
            hotfix.read("Q1")

    def test_the_original_of_q193031_stands_on_the_site_only_when_asked_for(self):
        self.assertNotIn("95Getdsk.exe", [one.name for one in hotfix.read("Q193031").staged])
        found = {one.name: one.size for one in hotfix.read("Q193031", original=True).staged}
        self.assertEqual((found["95Getdsk.exe"], found["Getdisk.exe"]), (117_920, 22_884))
        with self.assertRaisesRegex(ValueError, "no original build"):
            hotfix.read("Q196228", original=True)

    def test_q237690_is_the_hotfix_of_the_standing_lab(self):
        standing = {(one.name, one.cpu): one.content() for one in hotfix.read("Q237690").payload}
        self.assertEqual(standing, lab_case.HOTFIX)
