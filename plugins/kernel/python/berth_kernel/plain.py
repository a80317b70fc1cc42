"""Cells that are Python as they stand, as most are. IPython looks for its own words (`%magic`, `!command`, `name?`) among the tokens of each,
which its tokenizer, written in Python, takes longer to make than most cells take to run. None of them stands in a text that Python parses."""
from IPython.core.inputtransformer2 import TransformerManager


class Words(TransformerManager):
    def __init__(self, sources):
        super().__init__()
        self._sources = sources
        self._own = list(self.token_transformers)

    def do_token_transforms(self, lines):
        if self.token_transformers == self._own and self._sources.parses("".join(lines)):
            return lines
        return super().do_token_transforms(lines)
