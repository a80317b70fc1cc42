"""What IPython sets anew with each cell is put where traitlets would put it, unless somebody wants to hear of it or to judge it."""
import os
import sys
import unittest

from case import KernelCase

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../plugins/kernel/python"))
from berth_kernel import quick  # noqa: E402
from traitlets import HasTraits, Integer, TraitError, observe, validate  # noqa: E402


class Plain(HasTraits):
    number = Integer(1)


class Short(HasTraits):
    number = quick.Number(1)


def both(body):
    """What `body` finds with IPython's kind of trait, and with ours."""
    return [body(kind) for kind in (Integer, quick.Number)]


class Quick(unittest.TestCase):
    def same(self, body, expected):
        self.assertEqual(both(body), [expected, expected])

    def test_what_nobody_watches_is_put_where_traitlets_puts_it(self):
        one = Short()
        one.set_trait = one._notify_trait = None  # neither is asked
        one.number = 5
        self.assertEqual((one.number, one._trait_values["number"]), (5, 5))

    def test_who_watches_hears_of_it(self):
        for names in ("number", None):
            heard = []
            for one in (Plain(), Short()):
                one.observe(lambda change: heard.append((change.name, change.old, change.new)), *([names] if names else []))
                one.number = 2
                one.unobserve_all()
                one.number = 3
            self.assertEqual(heard, [("number", 1, 2)] * 2)

    def test_who_watches_by_a_method_hears_of_it(self):
        def by_decorator(kind):
            class One(HasTraits):
                number = kind(1)

                @observe("number")
                def hear(self, change):
                    self.heard = change.new

            one = One()
            one.number = 7
            return one.heard

        def by_name(kind):
            class One(HasTraits):
                number = kind(1)

                def _number_changed(self, _name, _old, new):
                    self.heard = new

            one = One()
            one.number = 7
            return one.heard

        self.same(by_decorator, 7)
        self.same(by_name, 7)

    def test_who_judges_is_asked(self):
        def judged(kind):
            class One(HasTraits):
                number = kind(1)

                @validate("number")
                def judge(self, proposal):
                    return proposal.value * 10

            one = One()
            one.number = 7
            return one.number

        def judged_by_name(kind):
            class One(HasTraits):
                number = kind(1)

                def _number_validate(self, value, _trait):
                    return value * 10

            one = One()
            one.number = 7
            return one.number

        self.same(judged, 70)
        self.same(judged_by_name, 70)

    def test_what_does_not_fit_is_refused(self):
        for wrong in ("5", None, 1.5):
            with self.assertRaises(TraitError):
                Short().number = wrong

    def test_what_is_held_back_comes_later_and_what_hears_all_hears_it(self):
        def held(kind):
            class One(HasTraits):
                number = kind(1)

            one, heard = One(), []
            one.observe(lambda change: heard.append(change.new), "number")
            with one.hold_trait_notifications():
                one.number = 2
                heard.append("held")
            return heard

        def all_of_it(kind):
            class One(HasTraits):
                number = kind(1)

                def notify_change(self, change):
                    self.heard = change.new

            one = One()
            one.number = 4
            return one.heard

        self.same(held, ["held", 2])
        self.same(all_of_it, 4)


class QuickCells(KernelCase):
    def test_the_shell_s_own_tell_who_watches_them(self):
        self.run_cell("heard = []\nip = get_ipython()\nfor owner, name in ((ip, 'execution_count'), (ip, 'last_execution_succeeded'), (ip, 'last_execution_result'),"
                      " (ip.displayhook, 'exec_result'), (ip.history_manager, '_i00')):\n    owner.observe(lambda change: heard.append(change.name), name)")
        self.run_cell("1/0")
        self.run_cell("2")
        self.assertEqual(self.run_cell("print(sorted(set(heard)))").stdout,
                         "['_i00', 'exec_result', 'execution_count', 'last_execution_result', 'last_execution_succeeded']\n")

    def test_in_and_out_are_ipython_s(self):
        for code in ("10", "20", "_ + __", "a = 5"):
            self.run_cell(code)
        found = self.run_cell("print(In[1:5], sorted(Out.items()), _, __, ___, [_i, _ii, _iii], _i1, _3)").stdout
        self.assertEqual(found, "['10', '20', '_ + __', 'a = 5'] [(1, 10), (2, 20), (3, 30)] 30 20 10 ['a = 5', '_ + __', '20'] 10 30\n")
        self.assertEqual(self.run_cell("ip = get_ipython(); print(ip.last_execution_succeeded, ip.last_execution_result.info.raw_cell, ip.execution_count)").stdout[:7], "True pr")

    def test_settings_have_ipython_s_names(self):
        for name, said in (("HistoryManager.db_log_output", "False"), ("DisplayFormatter.active_types", None), ("PrefilterManager.multi_line_specials", "True")):
            done = self.run_cell(f"%config {name}")
            self.assertEqual(done.error, None, name)
            if said:
                self.assertEqual(done.result, said, name)


if __name__ == "__main__":
    unittest.main()
